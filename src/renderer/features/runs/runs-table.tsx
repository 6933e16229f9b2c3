import { ArrowUp } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ErrorRecord } from '../../../shared/errors.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { runLink } from '../../ui/links.ts';
import { RUN_COLUMNS } from './run-columns.tsx';
import type { RunList } from './run-list.ts';
import { loadMoreRuns, runList, selectAllRuns, selectRun, setMayGrow, showNewRuns, useRuns } from './runs-store.ts';

/** So many rows before the end the next page is fetched. */
const AHEAD = 150;
const NEWEST_FIRST = { key: 'started', isDescending: true };

interface RunsTableProps {
  readonly list: RunList | null;
  readonly error: ErrorRecord | null;
  readonly empty: ReactNode;
}

/** Runs, newest first; any number of them. */
export function RunsTable({ list, error, empty }: RunsTableProps) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const { selected, isLoadingMore } = useRuns();
  const scroller = useRef<HTMLDivElement>(null);
  const isOver = useGrowth(scroller);
  const open = useCallback((run: RunSummary): void => void navigate(runLink(run.runId)), [navigate]);
  const count = list?.rows.length ?? 0;
  const onReach = useCallback(
    (last: number): void => {
      if (last >= count - AHEAD) void loadMoreRuns();
    },
    [count],
  );
  const onKey = (key: string, run: RunSummary | null): boolean => {
    if ((key === 'x' || key === ' ') && run !== null) selectRun(run.runId, !selected.has(run.runId));
    else if (key === 'Escape' && selected.size > 0) selectAllRuns(false);
    else return false;
    return true;
  };
  return (
    <div className="runs-box" onPointerEnter={() => isOver(true)} onPointerLeave={() => isOver(false)}>
      <NewRuns count={list?.fresh.length ?? 0} onShow={() => scroller.current?.scrollTo({ top: 0 })} />
      <DataTable
        className="runs"
        label={t('title')}
        columns={RUN_COLUMNS}
        rows={list?.rows ?? null}
        keyOf={(run) => run.runId}
        onOpen={open}
        empty={empty}
        error={error}
        onRetry={() => void runList.refresh()}
        sort={NEWEST_FIRST}
        selected={selected}
        onKey={onKey}
        isWhole={list?.nextCursor === null}
        onReach={onReach}
        scroller={scroller}
      >
        {isLoadingMore ? (
          <p className="muted sm px-6 py-2" role="status">
            {t('loadingMore')}
          </p>
        ) : null}
      </DataTable>
      {count === 0 ? null : <KeyLine />}
    </div>
  );
}

/** New runs go on top only at the top of the list and with no pointer over it: a row never slips away under a finger. */
function useGrowth(scroller: React.RefObject<HTMLDivElement | null>): (isOver: boolean) => void {
  const over = useRef(false);
  useEffect(() => {
    setMayGrow(() => (scroller.current?.scrollTop ?? 0) < 4 && !over.current);
    return () => setMayGrow(() => true);
  }, [scroller]);
  return (isOver) => {
    over.current = isOver;
  };
}

function NewRuns({ count, onShow }: { readonly count: number; readonly onShow: () => void }) {
  const { t } = useTranslation('runs');
  if (count === 0) return null;
  const show = (): void => {
    showNewRuns();
    onShow();
  };
  return (
    <Button icon={ArrowUp} className="runs-fresh" onClick={show}>
      {t('newRuns', { count })}
    </Button>
  );
}

function KeyLine() {
  const { t } = useTranslation('runs');
  return (
    <p className="runs-foot sm muted" aria-hidden="true">
      <span>
        <kbd>j</kbd> <kbd>k</kbd> {t('keys.move')}
      </span>
      <span>
        <kbd>⏎</kbd> {t('keys.open')}
      </span>
      <span>
        <kbd>x</kbd> {t('keys.select')}
      </span>
    </p>
  );
}
