import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type RunSummary, workedMs } from '../../../shared/model/run.ts';
import { runningNow } from '../../client/app-state.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { formatCount, formatExact, formatMoment, formatRelative, wholeSeconds } from '../../ui/format.ts';
import { runLink, triggerLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { PaneHead } from '../../ui/page.tsx';
import { Status } from '../../ui/status.tsx';
import { FailingMark } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';
import { runningRuns } from './today-store.ts';

const SHOWN_RUNS = 4;
const SHOWN_NEXT = 5;

/** What runs now, and what starts next by itself. */
export function TodaySide() {
  const { t } = useTranslation('today');
  const running = useQuery(runningRuns);
  const count = useQuery(runningNow).value?.count ?? 0;
  return (
    <div className="today-side">
      <section aria-labelledby="running-title">
        <PaneHead id="running-title" title={t('running.title')} {...(count === 0 ? {} : { count: formatCount(count) })}>
          <Link className="sm" to="/runs">
            {t('running.all')}
          </Link>
        </PaneHead>
        {running.status === 'error' ? (
          <ErrorNote error={running.error} onRetry={() => void runningRuns.refresh()} />
        ) : null}
        {running.value !== null && running.value.length === 0 ? <p className="muted">{t('running.none')}</p> : null}
        <ul>
          {(running.value ?? []).slice(0, SHOWN_RUNS).map((run) => (
            <RunningRun key={run.runId} run={run} />
          ))}
        </ul>
      </section>
      <NextStarts />
    </div>
  );
}

function RunningRun({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslation('today');
  const now = useNow(1000);
  const ended = run.stepsSucceeded + run.stepsFailed + run.stepsSkipped;
  const at = Math.min(run.stepsTotal, ended + 1);
  return (
    <li className="rn">
      <Link className="plain" to={runLink(run.runId)}>
        <span className="row">
          <Status status="running" iconOnly />
          <span className="strong grow cut">{run.workflowName}</span>
          <span className="sm muted">{wholeSeconds(workedMs(run, now))}</span>
        </span>
        <span className="sm muted cut in2 block">
          {t('running.step', { at, all: run.stepsTotal })}
          {run.agent === null ? '' : ` · ${run.agent}`}
        </span>
      </Link>
      <div
        className="meter in2"
        role="progressbar"
        aria-label={t('running.progress', { name: run.workflowName, at: ended, all: run.stepsTotal })}
        aria-valuemin={0}
        aria-valuemax={run.stepsTotal}
        aria-valuenow={ended}
      >
        <i className="f-running" style={{ width: `${(ended / Math.max(1, run.stepsTotal)) * 100}%` }} />
      </div>
    </li>
  );
}

function NextStarts() {
  const { t } = useTranslation('today');
  const now = useNow(15_000);
  const list = useQuery(triggerList).value;
  const next = (list?.triggers ?? [])
    .filter(({ status, nextAt }) => status === 'armed' && nextAt !== null)
    .toSorted((a, b) => (a.nextAt ?? 0) - (b.nextAt ?? 0))
    .slice(0, SHOWN_NEXT);
  return (
    <section aria-labelledby="next-title">
      <PaneHead id="next-title" title={t('next.title')}>
        <Link className="sm" to="/triggers">
          {t('next.all')}
        </Link>
      </PaneHead>
      {list !== null && next.length === 0 ? <p className="muted">{t('next.none')}</p> : null}
      <ul>
        {next.map(({ key, workflowName, nextAt, isFailing }) => {
          const at = nextAt ?? 0;
          const moment = formatMoment(at, now);
          const relative = formatRelative(at, now);
          return (
            <li key={key} className="next-up">
              <time className="t" title={formatExact(at)}>
                {moment}
              </time>
              <Link className="plain cut grow" to={triggerLink(key)}>
                {workflowName}
              </Link>
              {isFailing ? <FailingMark /> : null}
              <span className="sm muted nowrap">{relative === moment ? null : relative}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
