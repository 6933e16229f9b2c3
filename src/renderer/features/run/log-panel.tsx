import { ArrowDown, ScrollText } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { act } from '../../client/act.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { LogBar } from './log-bar.tsx';
import { isFiltering, type LogFilter, NO_FILTER } from './log-filter.ts';
import { hasMore, rowCountOf, rowOfLine } from './log-pages.ts';
import { LogView } from './log-view.tsx';
import { showFirstError, showLine, useRunChoices } from './run-store.ts';
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
  const { line: markedLine, lineAsk } = useRunChoices();
  // A log opens at its end and stays there: lines of a run that has just ended may still be on their way.
  const [isFollowing, setIsFollowing] = useState(markedLine === null);
  const [isWrapped, setIsWrapped] = useState(false);
  const [target, setTarget] = useState<LogTarget | null>(null);
  const [seen, setSeen] = useState(total);
  const { pages, error, show, findMore, retry } = useLog({ runId, total, revision, filter, isFollowing });
  const search = useLogSearch(runId, text);
  const rows = rowCountOf(pages);
  const foundLine = search.lines[search.current] ?? null;

  useEffect(() => {
    if (foundLine !== null) showLine(foundLine);
  }, [foundLine]);
  useEffect(() => {
    if (isFollowing) setSeen(total);
    if (isFollowing && isLive && isFiltering(filter)) findMore(true);
  }, [isFollowing, isLive, filter, total, findMore]);
  const shownAsk = useRef(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a line comes into view when it is asked for and known, never because the log grew
  useEffect(() => {
    if (markedLine === null || shownAsk.current === lineAsk || isFiltering(filter) !== pages.isFiltered) return;
    if (isFiltering(filter) && markedLine !== foundLine) return setFilter(NO_FILTER);
    const row = rowOfLine(pages, markedLine);
    if (row === null) return hasMore(pages) ? findMore(true) : undefined;
    shownAsk.current = lineAsk;
    setTarget((before) => ({ row, ask: (before?.ask ?? 0) + 1 }));
  }, [markedLine, lineAsk, filter, pages]);

  const onShow = useCallback(
    (first: number, last: number): void => {
      show(first, last);
      if (last >= rows - 1 && hasMore(pages)) findMore(false);
    },
    [show, findMore, rows, pages],
  );
  const toFirstError = async (): Promise<void> => {
    if ((await act(() => showFirstError(runId))) === false) showToast(t('log.noError'));
  };
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
        onFirstError={() => void toFirstError()}
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
            runId={runId}
            markedLine={markedLine}
            target={target}
            isFollowing={isFollowing}
            isWrapped={isWrapped}
            onFollow={setIsFollowing}
            onShow={onShow}
            onFirstError={() => void toFirstError()}
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
