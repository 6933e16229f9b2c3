import { ArrowDown, ScrollText } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { LogBar } from './log-bar.tsx';
import { isFiltering, type LogFilter, NO_FILTER } from './log-filter.ts';
import { hasMore, rowCountOf, rowOfLine } from './log-pages.ts';
import { LogView } from './log-view.tsx';
import { useLog } from './use-log.ts';
import type { LogTarget } from './use-log-place.ts';
import { useLogSearch } from './use-log-search.ts';

interface LogPanelProps {
  readonly runId: string;
  readonly total: number;
  /** Changes when lines that go on read otherwise. */
  readonly revision: number;
  readonly isLive: boolean;
  /** Paths and names of the steps that may have printed. */
  readonly steps: readonly { readonly path: string; readonly name: string }[];
}

/** The log of a run: live, searchable, of any length. */
export function LogPanel({ runId, total, revision, isLive, steps }: LogPanelProps) {
  const { t } = useTranslation('run');
  const [filter, setFilter] = useState<LogFilter>(NO_FILTER);
  const [text, setText] = useState('');
  // A log opens at its end and stays there: lines of a run that has just ended may still be on their way.
  const [isFollowing, setIsFollowing] = useState(true);
  const [isWrapped, setIsWrapped] = useState(false);
  const [target, setTarget] = useState<LogTarget | null>(null);
  const [seen, setSeen] = useState(total);
  const { pages, error, show, findMore, retry } = useLog({ runId, total, revision, filter, isFollowing });
  const search = useLogSearch(runId, text);
  const rows = rowCountOf(pages);
  const hitLine = search.lines[search.current] ?? null;

  useEffect(() => {
    if (isFollowing) setSeen(total);
    if (isFollowing && isLive && isFiltering(filter)) findMore(true);
  }, [isFollowing, isLive, filter, total, findMore]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new hit moves the view, not new pages
  useEffect(() => {
    if (hitLine === null) return;
    const row = rowOfLine(pages, hitLine);
    if (row === null && hasMore(pages)) findMore(true);
    setTarget((before) => ({ row: row ?? Math.max(0, rows - 1), ask: (before?.ask ?? 0) + 1 }));
  }, [hitLine, search.current]);

  const onShow = useCallback(
    (first: number, last: number): void => {
      show(first, last);
      if (last >= rows - 1 && hasMore(pages)) findMore(false);
    },
    [show, findMore, rows, pages],
  );
  const missed = isFollowing ? 0 : Math.max(0, total - seen);
  return (
    <>
      <LogBar
        runId={runId}
        steps={steps}
        filter={filter}
        onFilter={setFilter}
        text={text}
        onText={setText}
        search={search}
        total={total}
        isFollowing={isFollowing}
        onFollow={setIsFollowing}
        isWrapped={isWrapped}
        onWrap={setIsWrapped}
      />
      {error === null ? null : <ErrorNote error={error} onRetry={retry} className="mx-4 my-2" />}
      <div className="log-box">
        {rows === 0 ? (
          <div className="log-empty">
            <EmptyState icon={ScrollText} title={emptyTitle()} text={t('log.emptyText')} />
          </div>
        ) : (
          <LogView
            pages={pages}
            query={search.query}
            hitLine={hitLine}
            target={target}
            isFollowing={isFollowing}
            isWrapped={isWrapped}
            onFollow={setIsFollowing}
            onShow={onShow}
          />
        )}
        {missed > 0 && isLive ? (
          <Button icon={ArrowDown} className="log-note" onClick={() => setIsFollowing(true)}>
            {t('log.newLines', { count: missed })}
          </Button>
        ) : null}
      </div>
    </>
  );

  function emptyTitle(): string {
    if (!isFiltering(filter)) return t(isLive ? 'log.emptyLive' : 'log.empty');
    return t(hasMore(pages) ? 'log.looking' : 'log.noneMatch');
  }
}
