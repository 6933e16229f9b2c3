import { Copy, FileInput, Server, Unplug } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { RunView } from '../../../shared/contract/index.ts';
import { SILENT_MS } from '../../../shared/model/queue.ts';
import { needsPerson, workedMs } from '../../../shared/model/run.ts';
import { copyRunId } from '../../client/run-actions.ts';
import { Button } from '../../ui/button.tsx';
import { costWords } from '../../ui/cost-words.ts';
import {
  formatClockSeconds,
  formatCount,
  formatDate,
  formatDuration,
  formatExact,
  formatMoment,
  wholeSeconds,
} from '../../ui/format.ts';
import { compareLink, runLink, workflowLink } from '../../ui/links.ts';
import { Note } from '../../ui/notes.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { saidPlainly } from '../../ui/said.tsx';
import { Status, statusKey, statusTone } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';
import { RunActions } from './run-actions.tsx';
import { agentsAtWork, hasAgentPart, hasDemoAnswers } from './run-agents.ts';
import { waitingWord } from './waiting.tsx';
import { useRunNow } from './work-time.ts';

/** What runs, how it stands, what can be done about it. */
export function RunHeader({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const { run } = view;
  const shortId = run.runId.slice(run.runId.lastIndexOf('-') + 1);
  const parents = useMemo(
    () => [{ label: run.workflowName, to: workflowLink(run.workflowId) }],
    [run.workflowName, run.workflowId],
  );
  // How it stands comes first, then the workflow: an id alone says nothing in a list of windows.
  const word = t(needsPerson(run) ? 'header.needsYou' : statusKey(run.status, run.outcome));
  usePageTitle(shortId, parents, `${word} · ${run.workflowName} ${shortId}`);
  return (
    <header className="run-head">
      <div className="r1">
        <h1 className="cut" title={run.workflowName}>
          <Link className="plain" to={workflowLink(run.workflowId)}>
            {run.workflowName}
          </Link>
        </h1>
        <Status status={run.status} outcome={run.outcome} label={waitingWord(t, view)} pill />
        {hasDemoAnswers(view) ? <Status status="demo" pill /> : null}
        <span className="mono muted sm id" title={run.runId}>
          <span className="cut">{run.runId.slice(0, -shortId.length)}</span>
          <span>{shortId}</span>
        </span>
        <Button
          variant="ghost"
          icon={Copy}
          label={t('header.copyId', { id: run.runId })}
          onClick={() => void copyRunId(run.runId)}
        />
        {view.foreign === undefined ? <RunActions view={view} /> : null}
      </div>
      {view.foreign === undefined ? null : <ForeignNote foreign={view.foreign} />}
      {view.elsewhere === undefined ? null : <ElsewhereNote elsewhere={view.elsewhere} status={run.status} />}
      {view.isVersionAway === true ? (
        <Note tone="waiting" icon={Unplug} className="my-2">
          {t('elsewhere.versionAway')}
        </Note>
      ) : null}
      <RunFacts view={view} />
      <p className="sr" aria-live="polite" role="status">
        {t('header.announce', {
          status: waitingWord(t, view) ?? t(statusKey(run.status, run.outcome)),
          failed: run.stepsFailed > 0 ? t('header.failed', { count: run.stepsFailed }) : '',
        })}
      </p>
    </header>
  );
}

/** Where a run comes from that did not run here, and why there is nothing to press. */
function ForeignNote({ foreign }: { readonly foreign: NonNullable<RunView['foreign']> }) {
  const { t } = useTranslation('run');
  const now = useNow(60_000);
  const { madeBy: who, appVersion: version } = foreign;
  return (
    <Note tone="plain" icon={FileInput} className="my-2">
      <b>{t('foreign.label')}</b>{' '}
      {t('foreign.text', { who, version, when: formatMoment(Date.parse(foreign.madeAt), now) })}
    </Note>
  );
}

/** Who works on it, and what to do where that one is lost. */
function ElsewhereNote({
  elsewhere,
  status,
}: {
  readonly elsewhere: NonNullable<RunView['elsewhere']>;
  readonly status: RunView['run']['status'];
}) {
  const { t } = useTranslation('run');
  const { role, state, worker, silentMs, note } = elsewhere;
  const isLost = role === 'home' && state === 'open' && (silentMs === null || silentMs > SILENT_MS);
  const key = isLost ? 'lost' : (`${role}.${state === 'sent' ? 'open' : state}` as const);
  return (
    <Note tone={isLost ? 'waiting' : 'plain'} icon={Server} className="my-2">
      {t(`elsewhere.${key}`, { worker })}
      {isLost && status !== 'paused' ? ` ${t('elsewhere.resume')}` : ''}
      {note === null ? '' : ` ${saidPlainly(note)}`}
    </Note>
  );
}

function RunFacts({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const { run } = view;
  const startedAt = run.startedAt ?? run.createdAt;
  const asides = [
    run.stepsFailed > 0 ? t('header.failed', { count: run.stepsFailed }) : null,
    run.stepsSkipped > 0 ? t('header.skipped', { count: run.stepsSkipped }) : null,
  ].filter((text) => text !== null);
  const isToday = new Date(startedAt).toDateString() === new Date().toDateString();
  return (
    <dl className="facts">
      <Progress view={view} />
      <div>
        <dt>{t('header.steps')}</dt>
        <dd>
          {t('header.stepsOf', { done: formatCount(run.stepsSucceeded), total: formatCount(run.stepsTotal) })}{' '}
          <small>{asides.join(', ')}</small>
        </dd>
      </div>
      <CostFacts view={view} />
      <div>
        <dt>{t(run.startedAt === null ? 'header.created' : 'header.started')}</dt>
        <dd>
          <time dateTime={new Date(startedAt).toISOString()} title={formatExact(startedAt)}>
            {isToday ? '' : `${formatDate(startedAt, Date.now())} `}
            {formatClockSeconds(startedAt)}
          </time>{' '}
          <small>{t('header.by', { trigger: t(`trigger.${run.trigger}`), actor: run.actor })}</small>
        </dd>
      </div>
      <div>
        <dt>{t('header.version')}</dt>
        <dd>
          {run.versionLabel}{' '}
          <small className="mono" title={run.versionHash}>
            {run.versionHash.slice(0, 7)}
          </small>
        </dd>
      </div>
      {run.parentRunId === null ? null : (
        <div>
          <dt>{t('header.partOf')}</dt>
          <dd>
            <Link className="mono" to={runLink(run.parentRunId)} title={run.parentRunId}>
              {run.parentRunId.slice(-8)}
            </Link>
          </dd>
        </div>
      )}
      {run.status === 'failed' && view.foreign === undefined ? (
        <div>
          <dt>{t('header.sinceWorked')}</dt>
          <dd>
            <Link to={compareLink(run.runId)}>{t('header.whatChanged')}</Link>
          </dd>
        </div>
      ) : null}
      {run.linkedRunId === null ? null : (
        <div>
          <dt>{t('header.repeats')}</dt>
          <dd>
            <Link className="mono" to={runLink(run.linkedRunId)} title={run.linkedRunId}>
              {run.linkedRunId.slice(-8)}
            </Link>
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What it cost so far and who was paid; not there where no agent takes part. */
function CostFacts({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const { cost, completedAt } = view.run;
  const agents = agentsAtWork(view);
  if (cost.calls === 0 && !hasAgentPart(view)) return null;
  const { amount, besides } = costWords(cost);
  return (
    <>
      <div>
        <dt>{t(completedAt === null ? 'header.costSoFar' : 'header.cost')}</dt>
        <dd>
          {amount} {besides === null ? null : <small>{besides}</small>}
        </dd>
      </div>
      {agents.length === 0 ? null : (
        <div>
          <dt>{t(agents.length === 1 ? 'header.agent' : 'header.agents')}</dt>
          <dd title={agents.join(', ')}>{agents.join(', ')}</dd>
        </div>
      )}
    </>
  );
}

/** Time against the average where there is one, else steps done. The bar's end is a fifth beyond the average. */
function Progress({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const { run, average } = view;
  const isOpen = run.completedAt === null && run.startedAt !== null;
  const now = useRunNow(run);
  const elapsed = workedMs(run, now);
  const waited =
    run.startedAt === null ? 0 : (run.completedAt ?? Math.max(now, run.startedAt)) - run.startedAt - elapsed;
  const end = average === null ? 0 : Math.max(average.durationMs * 1.2, elapsed * 1.02);
  const ended = run.stepsSucceeded + run.stepsFailed + run.stepsSkipped;
  const byTime = average !== null && isOpen;
  const share = end > 0 ? elapsed / end : run.stepsTotal === 0 ? 0 : ended / run.stepsTotal;
  const value =
    byTime && average.durationMs > 0
      ? Math.min(99, Math.round((elapsed / average.durationMs) * 100))
      : Math.round((ended / Math.max(1, run.stepsTotal)) * 100);
  const usual =
    average === null
      ? t('header.noAverage')
      : t(isOpen ? 'header.ofAbout' : 'header.average', {
          duration: formatDuration(average.durationMs),
          count: average.runs,
        });
  const tone = statusTone(run.status, run.outcome);
  const fill = tone === 'paused' || tone === 'pending' ? 'skipped' : tone;
  return (
    <div className="prog">
      <dt>{t(run.completedAt === null ? 'header.progress' : 'header.took')}</dt>
      <dd title={usual}>
        {run.startedAt === null
          ? t('header.notStarted')
          : (run.workingSince === null ? formatDuration : wholeSeconds)(elapsed)}{' '}
        <small>
          {waited < 1000 ? '' : `${t('header.waited', { duration: wholeSeconds(waited) })} · `}
          {usual}
        </small>
        <div
          className="meter"
          role="progressbar"
          aria-valuenow={Math.min(100, value)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-label={t(byTime ? 'header.progressTime' : 'header.progressSteps')}
        >
          <i className={`f-${fill}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
          {waited < 1000 ? null : <i className="wait" />}
          {average === null ? null : (
            <span className="tick" style={{ left: `${Math.min(100, (average.durationMs / end) * 100)}%` }} />
          )}
        </div>
      </dd>
    </div>
  );
}
