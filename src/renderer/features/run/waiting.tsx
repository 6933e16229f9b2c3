import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { RunView } from '../../../shared/contract/index.ts';
import type { TurnWait } from '../../../shared/model/run.ts';
import type { Step, WaitDetail } from '../../../shared/model/workflow.ts';
import { formatClockSeconds, formatExact, formatMoment, formatPeriod, wholeSeconds } from '../../ui/format.ts';
import { runLink } from '../../ui/links.ts';
import { useNow } from '../../ui/use-now.ts';
import type { StepNode } from './step-tree.ts';

/** What a step of the plan waits for; null = it is no wait. */
function waitOf(plan: readonly Step[], stepId: string): WaitDetail | null {
  for (const step of plan) {
    if (step.id === stepId) return step.kind === 'wait' ? step.detail : null;
    for (const group of step.groups) {
      const found = waitOf(group.steps, stepId);
      if (found !== null) return found;
    }
  }
  return null;
}

/** Why it is not its turn. */
const turnWord = (t: TFunction<'run'>, turn: TurnWait): string =>
  t(`waiting.turn.${turn.kind}`, {
    ...('of' in turn ? { busy: turn.busy, of: turn.of } : {}),
    ...(turn.kind === 'tag' ? { tag: turn.tag } : {}),
  });

/** What a run that waits waits for, in place of the bare word; undefined while it does not. */
export function waitingWord(t: TFunction<'run'>, { run, steps, plan, turn }: RunView): string | undefined {
  if (run.status !== 'waiting') return undefined;
  if (run.waitsFor === 'approval') return t('waiting.forDecision');
  if (run.waitsFor === 'child') return t('waiting.forRun');
  if (run.waitsFor === 'queue') return turn === undefined ? t('waiting.forTurn') : turnWord(t, turn);
  if (run.waitsFor === 'event') return t('waiting.forEvent');
  if (run.waitsFor !== 'time' || run.wakeAt === null) return undefined;
  const looks = steps.some(({ status, stepId }) => status === 'waiting' && waitOf(plan, stepId)?.mode === 'condition');
  return looks
    ? t('waiting.looksAt', { time: formatClockSeconds(run.wakeAt) })
    : t('waiting.until', { time: formatMoment(run.wakeAt, Date.now()) });
}

/** The run that a step is, to go to. */
export function ChildRunFact({ node }: { readonly node: StepNode }) {
  const { t } = useTranslation('run');
  const childRunId = node.state?.childRunId ?? null;
  if (childRunId === null) return null;
  return (
    <>
      <dt>{t('step.ownRun')}</dt>
      <dd>
        <Link className="mono" to={runLink(childRunId)} title={childRunId}>
          {childRunId.slice(-8)}
        </Link>
      </dd>
    </>
  );
}

/** Until when a step waits, counted down; of one that waits for a condition or an event what it takes, and when it gives up. */
export function WaitFacts({ view, node }: { readonly view: RunView; readonly node: StepNode }) {
  const { t } = useTranslation('run');
  const dueAt = node.state?.dueAt ?? null;
  const now = useNow(1000);
  if (node.kind !== 'wait' || node.status !== 'waiting' || node.state === null) return null;
  const wait = waitOf(view.plan, node.state.stepId);
  const moment = dueAt === null ? null : formatMoment(dueAt, now);
  return (
    <>
      {wait?.mode === 'condition' ? (
        <>
          <dt>{t('waiting.condition')}</dt>
          <dd>{t('waiting.every', { duration: formatPeriod(wait.every_ms) })}</dd>
        </>
      ) : null}
      {wait?.mode === 'event' ? (
        <>
          <dt>{t('waiting.condition')}</dt>
          <dd>
            {t('waiting.event')} <span className="mono">{node.state.awaits}</span>
          </dd>
          {wait.match === undefined ? null : (
            <>
              <dt>{t('waiting.match')}</dt>
              <dd className="mono">{String(wait.match)}</dd>
            </>
          )}
        </>
      ) : null}
      {dueAt === null ? null : (
        <>
          <dt>{t(wait?.mode === 'condition' || wait?.mode === 'event' ? 'waiting.givesUp' : 'waiting.name')}</dt>
          <dd className="st-waiting strong" title={formatExact(dueAt)}>
            {dueAt <= now ? t('waiting.now') : t('waiting.at', { time: moment, duration: wholeSeconds(dueAt - now) })}
          </dd>
        </>
      )}
    </>
  );
}
