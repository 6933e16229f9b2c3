import { useEffect, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import { formatDuration } from '../../ui/format.ts';
import { workflowLink } from '../../ui/links.ts';
import { RunBars } from '../../ui/run-bars.tsx';
import { Status } from '../../ui/status.tsx';
import { useListPlace } from '../../ui/use-list-place.ts';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { Description, DraftOf, EntryActions } from './workflow-cells.tsx';

const CARD_ROW_HEIGHT = 120;
const CARD_WIDTH = 300;

/** How many cards stand side by side in an element. */
function useColumns(element: React.RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(3);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setColumns(Math.max(1, Math.floor(entry.contentRect.width / CARD_WIDTH)));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return columns;
}

function Card({ entry }: { readonly entry: LibraryEntry }) {
  const { t } = useTranslation('workflows');
  const last = entry.lastRun;
  return (
    <li className="flex min-w-0 flex-col gap-1 rounded-r3 border border-border p-3">
      <div className="row">
        <Link className="plain strong grow cut" to={workflowLink(entry.ref)} title={entry.name}>
          {entry.name}
        </Link>
        <DraftOf path={entry.path} />
        {last === null ? (
          <span className="sm muted">{t('noRun')}</span>
        ) : (
          <Status status={last.status} outcome={last.outcome} className="sm" />
        )}
      </div>
      <Description entry={entry} />
      <div className="row mt-1">
        <span className="grow row sm muted">
          {entry.recentStatuses.length === 0 ? null : <RunBars runs={entry.recentStatuses} />}
          {entry.averageMs === null ? null : (
            <span className="cut" title={t('column.average')}>
              {formatDuration(entry.averageMs)}
            </span>
          )}
        </span>
        <EntryActions entry={entry} />
      </div>
    </li>
  );
}

/** The library as cards; rows of cards are virtual. */
export function WorkflowCards({ entries }: { readonly entries: readonly LibraryEntry[] }) {
  const { t } = useTranslation('workflows');
  const [width, setWidth] = useState(3);
  const rows = Math.ceil(entries.length / width);
  const { scrollRef, items, totalHeight, measureRef } = useVirtualRows({
    count: rows,
    rowHeight: CARD_ROW_HEIGHT,
    overscan: 4,
  });
  const place = useListPlace(t('title'), () => ({ top: scrollRef.current?.scrollTop ?? 0, marked: null }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when somebody comes back
  useLayoutEffect(() => void (place !== null && scrollRef.current?.scrollTo({ top: place.top })), []);
  const columns = useColumns(scrollRef);
  useEffect(() => setWidth(columns), [columns]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section ref={scrollRef} className="scroll virtual" tabIndex={0} aria-label={t('title')}>
      <div className="relative" style={{ height: totalHeight }}>
        {items.map((item) => (
          <ul
            key={item.key}
            ref={measureRef}
            data-index={item.index}
            className="absolute inset-x-0 grid gap-3 px-6 pb-3 max-[1200px]:px-4"
            style={{
              transform: `translateY(${item.start}px)`,
              gridTemplateColumns: `repeat(${width}, minmax(0, 1fr))`,
            }}
          >
            {entries.slice(item.index * width, (item.index + 1) * width).map((entry) => (
              <Card key={entry.ref} entry={entry} />
            ))}
          </ul>
        ))}
      </div>
    </section>
  );
}
