import { ListTree } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { runLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { VirtualBody } from '../../ui/virtual-body.tsx';
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

function RunRow({
  run,
  index,
  measure,
}: {
  readonly run: RunSummary;
  readonly index: number;
  readonly measure: (node: Element | null) => void;
}) {
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      <td>
        <Link to={runLink(run.runId)} className="mono cut block" title={run.runId}>
          {run.runId}
        </Link>
      </td>
      <td>
        <Status status={run.status} outcome={run.outcome} />
      </td>
      <td>
        <TimeAgo at={run.createdAt} />
      </td>
      <td className="num">
        <Took run={run} />
      </td>
      <td className="num">
        <RunMoney run={run} />
      </td>
      <td className="max-[1200px]:hidden">{run.actor}</td>
      <td className="max-[1200px]:hidden">{run.versionLabel}</td>
    </tr>
  );
}

function RunTable({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { t } = useTranslation('workflow');
  const view = useVirtualRows({ count: runs.length, rowHeight: 36 });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section ref={view.scrollRef} className="scroll virtual" tabIndex={0} aria-label={t('tab.runs')}>
      <table className="table-fixed" aria-rowcount={runs.length + 1}>
        <thead className="sticky top-0 bg-surface shadow-[inset_0_-1px_var(--border)]">
          <tr aria-rowindex={1}>
            <th scope="col">{t('runsTab.run')}</th>
            <th scope="col">{t('runsTab.result')}</th>
            <th scope="col">{t('runsTab.started')}</th>
            <th scope="col" className="num">
              {t('runsTab.took')}
            </th>
            <th scope="col" className="num">
              {t('runsTab.cost')}
            </th>
            <th scope="col" className="max-[1200px]:hidden">
              {t('runsTab.by')}
            </th>
            <th scope="col" className="max-[1200px]:hidden">
              {t('runsTab.version')}
            </th>
          </tr>
        </thead>
        <VirtualBody rows={runs} view={view} columns={7}>
          {(run, index) => <RunRow key={run.runId} run={run} index={index} measure={view.measureRef} />}
        </VirtualBody>
      </table>
    </section>
  );
}

/** The runs of this workflow, newest first. */
export function RunsTab({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const { id } = detail.entry;
  const { value: fetched, error } = useQueryOf(runPages, id);
  if (error !== null) return <ErrorNote className="m-6" error={error} onRetry={() => void runPages.refresh()} />;
  if (fetched === null) return <SkeletonRows />;
  const runs = mergeRuns(fetched.runs, detail.lastRuns);
  if (runs.length === 0)
    return <EmptyState className="px-6" icon={ListTree} title={t('runsTab.empty')} text={t('runsTab.emptyText')} />;
  const { nextCursor } = fetched;
  return (
    <>
      <RunTable runs={runs} />
      {nextCursor === null ? null : (
        <div className="flex-none border-t border-border px-6 py-2">
          <Button onClick={() => void loadMore(id, nextCursor)}>{t('runsTab.more')}</Button>
        </div>
      )}
    </>
  );
}
