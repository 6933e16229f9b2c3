import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { Chip } from '../../ui/chip.tsx';
import { classNames } from '../../ui/class-names.ts';
import { costLine, costWords } from '../../ui/cost-words.ts';
import { formatDuration } from '../../ui/format.ts';
import { runLink, workflowLink } from '../../ui/links.ts';
import { PaneHead } from '../../ui/page.tsx';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';

/** How long a run took, or takes until now. */
export function Took({ run }: { readonly run: RunSummary }) {
  const isOpen = run.completedAt === null && run.status === 'running';
  const now = useNow(isOpen ? 1000 : 3_600_000);
  if (run.startedAt === null) return <>–</>;
  if (run.completedAt === null && !isOpen) return <>–</>;
  return <>{formatDuration((run.completedAt ?? Math.max(now, run.startedAt)) - run.startedAt)}</>;
}

/** What a run cost; a dash where no model was called, a plus where the amount leaves calls out. */
export function RunMoney({ run: { cost } }: { readonly run: RunSummary }) {
  const { amount, besides } = costWords(cost);
  const isTooLow = cost.unpricedCalls > 0 && cost.unpricedCalls < cost.calls;
  return (
    <span
      className={classNames('nowrap', cost.calls === 0 && 'muted')}
      title={besides === null ? undefined : costLine(cost)}
    >
      {isTooLow ? `${amount} +` : amount}
    </span>
  );
}

function LastRuns({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const { lastRuns, entry } = detail;
  const hasCost = lastRuns.some((run) => run.cost.calls > 0);
  return (
    <>
      <PaneHead title={t('history.runs')}>
        {entry.runsTotal === 0 ? null : (
          <Link className="sm" to={workflowLink(entry.ref, 'runs')}>
            {t('history.all', { count: entry.runsTotal })}
          </Link>
        )}
      </PaneHead>
      {lastRuns.length === 0 ? <p className="muted sm">{t('history.noRuns')}</p> : null}
      <ul className={lastRuns.length === 0 ? 'hidden' : 'border-t border-border'}>
        {lastRuns.slice(0, 8).map((run) => (
          <li key={run.runId} className="border-b border-border">
            <Link
              to={runLink(run.runId)}
              className="plain flex min-h-7 items-center gap-2 text-sm hover:bg-hover hover:no-underline"
            >
              <Status status={run.status} outcome={run.outcome} className="grow" />
              <TimeAgo at={run.createdAt} className="muted" />
              <span className="w-16 text-right">
                <Took run={run} />
              </span>
              {hasCost ? (
                <span className="w-16 text-right">
                  <RunMoney run={run} />
                </span>
              ) : null}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function Versions({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const { versions, entry } = detail;
  return (
    <>
      <PaneHead title={t('history.versions')}>
        {versions.length === 0 ? null : (
          <Link className="sm" to={workflowLink(entry.ref, 'versions')}>
            {t('history.all', { count: versions.length })}
          </Link>
        )}
      </PaneHead>
      {versions.length === 0 ? <p className="muted sm">{t('history.noVersions')}</p> : null}
      <ul className={versions.length === 0 ? 'hidden' : 'border-t border-border'}>
        {versions.slice(0, 5).map((version, index) => (
          <li key={version.hash} className="border-b border-border">
            <Link
              to={`${workflowLink(entry.ref, 'versions')}&version=${version.hash}`}
              className="plain flex min-h-9 flex-wrap items-center gap-x-2 py-1 hover:bg-hover hover:no-underline"
            >
              <span className="strong">{version.label}</span>
              <span className="mono muted">{version.hash.slice(0, 7)}</span>
              {index === 0 ? <Chip>{t('history.current')}</Chip> : null}
              <span className="grow" />
              <TimeAgo at={version.firstSeenAt} className="sm muted" />
              <span className="sm muted w-full">{t('history.runsOf', { count: version.runs })}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The newest runs and versions. */
export function HistoryPane({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  return (
    <section className="pane-history" aria-label={t('history.label')}>
      <LastRuns detail={detail} />
      <div className="mt-2" />
      <Versions detail={detail} />
    </section>
  );
}
