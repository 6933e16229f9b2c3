import { ListTree } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { runLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { RunMoney, Took } from './history-pane.tsx';
import { mergeRuns } from './merge-runs.ts';

interface Page {
  readonly runs: readonly RunSummary[];
  readonly nextCursor: string | null;
}
const PAGE = 200;
const MAX_PAGE = 1000;

/** The runs of a workflow, by its id; asked again it brings as many as are shown. */
const runPages = createLiveQuery<Page, string>({
  ask: (workflow, before) =>
    call('runs.list', { workflow, limit: Math.min(MAX_PAGE, Math.max(PAGE, before?.runs.length ?? 0)) }),
});

const loadMore = (workflow: string, cursor: string): Promise<void> =>
  act(async () => {
    const next = await call('runs.list', { workflow, limit: PAGE, cursor });
    if (runPages.store.getState().key === workflow)
      runPages.change(({ runs }) => ({ runs: [...runs, ...next.runs], nextCursor: next.nextCursor }));
  });

const COLUMNS: readonly Column<RunSummary>[] = [
  {
    key: 'run',
    title: 'workflow:runsTab.run',
    cell: ({ runId }) => (
      <Link to={runLink(runId)} className="mono cut block" title={runId}>
        {runId}
      </Link>
    ),
  },
  {
    key: 'result',
    title: 'workflow:runsTab.result',
    cell: (run) => <Status status={run.status} outcome={run.outcome} />,
  },
  { key: 'started', title: 'workflow:runsTab.started', cell: (run) => <TimeAgo at={run.createdAt} /> },
  { key: 'took', title: 'workflow:runsTab.took', className: 'num', cell: (run) => <Took run={run} /> },
  { key: 'cost', title: 'workflow:runsTab.cost', className: 'num', cell: (run) => <RunMoney run={run} /> },
  { key: 'by', title: 'workflow:runsTab.by', className: 'max-[1200px]:hidden', cell: (run) => run.actor },
  {
    key: 'version',
    title: 'workflow:runsTab.version',
    className: 'max-[1200px]:hidden',
    cell: (run) => run.versionLabel,
  },
];
const NEWEST_FIRST = { key: 'started', isDescending: true };

/** The runs of this workflow, newest first. */
export function RunsTab({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const { id } = detail.entry;
  const { value: fetched, error } = useQueryOf(runPages, id);
  const navigate = useNavigate();
  const open = useCallback((run: RunSummary): void => void navigate(runLink(run.runId)), [navigate]);
  const nextCursor = fetched?.nextCursor ?? null;
  return (
    <>
      <DataTable
        label={t('tab.runs')}
        columns={COLUMNS}
        rows={fetched === null ? null : mergeRuns(fetched.runs, detail.lastRuns)}
        keyOf={(run) => run.runId}
        onOpen={open}
        empty={<EmptyState className="px-6" icon={ListTree} title={t('runsTab.empty')} text={t('runsTab.emptyText')} />}
        error={error}
        onRetry={() => void runPages.refresh()}
        sort={NEWEST_FIRST}
        isWhole={nextCursor === null}
      />
      {nextCursor === null ? null : (
        <div className="flex-none border-t border-border px-6 py-2">
          <Button onClick={() => void loadMore(id, nextCursor)}>{t('runsTab.more')}</Button>
        </div>
      )}
    </>
  );
}
