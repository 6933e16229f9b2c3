import { ChevronDown, ChevronUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { workflowLink } from '../../ui/links.ts';
import { RunBars } from '../../ui/run-bars.tsx';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { VirtualBody } from '../../ui/virtual-body.tsx';
import type { Sort, SortKey } from './library-rows.ts';
import { toggleSort } from './library-store.ts';
import { Description, EntryActions, LastResult } from './workflow-cells.tsx';

const ROW_HEIGHT = 46;
/** The least needed columns go first; what they say stands on the workflow's own screen. */
const HIDE_AVERAGE = 'max-[900px]:hidden';
const HIDE_BARS = 'max-[760px]:hidden';

interface SortHeadProps {
  readonly sortKey: SortKey;
  readonly sort: Sort;
  readonly className?: string;
}

function SortHead({ sortKey, sort, className = '' }: SortHeadProps) {
  const { t } = useTranslation('workflows');
  const isSorted = sort.key === sortKey;
  const direction = !isSorted ? 'none' : sort.isDescending ? 'descending' : 'ascending';
  const name = t(`column.${sortKey}`);
  return (
    <th scope="col" aria-sort={direction} className={className}>
      <button
        type="button"
        className="inline-flex min-h-6 items-center gap-1 font-medium"
        title={t('sortBy', { name })}
        onClick={() => toggleSort(sortKey)}
      >
        {name}
        {isSorted ? <Icon of={sort.isDescending ? ChevronDown : ChevronUp} small /> : null}
      </button>
    </th>
  );
}

function Row({
  entry,
  index,
  measure,
}: {
  readonly entry: LibraryEntry;
  readonly index: number;
  readonly measure: (node: Element | null) => void;
}) {
  const { t } = useTranslation('workflows');
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      <td className="h-[calc(var(--row)+0.625rem)]">
        <Link className="plain strong cut block" to={workflowLink(entry.ref)} title={entry.name}>
          {entry.name}
        </Link>
        <Description entry={entry} />
      </td>
      <td className="max-[1200px]:hidden">
        <span className="flex gap-1 overflow-hidden">
          {entry.tags.slice(0, 3).map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
        </span>
      </td>
      <td>
        <LastResult entry={entry} />
      </td>
      <td className={HIDE_BARS}>
        {entry.recentStatuses.length === 0 ? (
          <span className="sm muted">{t('noRun')}</span>
        ) : (
          <RunBars runs={entry.recentStatuses} />
        )}
      </td>
      <td className={`num ${HIDE_AVERAGE}`}>
        {entry.averageMs === null ? <span className="muted">–</span> : formatDuration(entry.averageMs)}
      </td>
      <td className="num">
        <EntryActions entry={entry} />
      </td>
    </tr>
  );
}

/** The library as a table; only the rows on screen exist. */
export function WorkflowTable({ entries, sort }: { readonly entries: readonly LibraryEntry[]; readonly sort: Sort }) {
  const { t } = useTranslation('workflows');
  const view = useVirtualRows({
    count: entries.length,
    rowHeight: ROW_HEIGHT,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section ref={view.scrollRef} className="scroll virtual" tabIndex={0} aria-label={t('title')}>
      <table className="table-fixed" aria-rowcount={entries.length + 1}>
        <colgroup>
          <col />
          <col className="w-56 max-[1200px]:hidden" />
          <col className="w-36" />
          <col className={`w-32 ${HIDE_BARS}`} />
          <col className={`w-24 ${HIDE_AVERAGE}`} />
          <col className="w-36" />
        </colgroup>
        <thead className="sticky top-0 z-[1] bg-surface shadow-[inset_0_1px_var(--border),inset_0_-1px_var(--border)]">
          <tr aria-rowindex={1}>
            <SortHead sortKey="name" sort={sort} />
            <th scope="col" className="max-[1200px]:hidden">
              {t('column.tags')}
            </th>
            <SortHead sortKey="result" sort={sort} />
            <th scope="col" className={HIDE_BARS}>
              {t('column.runs')}
            </th>
            <SortHead sortKey="average" sort={sort} className={`num ${HIDE_AVERAGE}`} />
            <th scope="col">
              <span className="sr">{t('column.actions')}</span>
            </th>
          </tr>
        </thead>
        <VirtualBody rows={entries} view={view} columns={6}>
          {(entry, index) => <Row key={entry.ref} entry={entry} index={index} measure={view.measureRef} />}
        </VirtualBody>
      </table>
    </section>
  );
}
