import { ListTree } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { getClient } from '../../client/bridge.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
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

function useRuns(workflowId: string): {
  readonly page: Loadable<Page>;
  readonly load: (cursor?: string) => Promise<void>;
} {
  const [page, setPage] = useState<Loadable<Page>>(loading());
  const load = useCallback(
    async (cursor?: string) => {
      try {
        const answer = await getClient().call('runs.list', {
          workflow: workflowId,
          limit: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        setPage((before) =>
          ready({
            runs: [...(cursor === undefined ? [] : (before.value?.runs ?? [])), ...answer.runs],
            nextCursor: answer.nextCursor,
          }),
        );
      } catch (thrown) {
        setPage((before) => failed(thrown, before.value));
      }
    },
    [workflowId],
  );
  useEffect(() => void load(), [load]);
  return { page, load };
}

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
  const { page, load } = useRuns(detail.entry.id);
  const fetched = page.value;
  if (page.status === 'error') return <ErrorNote className="m-6" error={page.error} onRetry={() => void load()} />;
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
          <Button onClick={() => void load(nextCursor)}>{t('runsTab.more')}</Button>
        </div>
      )}
    </>
  );
}
