import type { RunView } from '../../../shared/contract/index.ts';
import type { RunSummary, StepState } from '../../../shared/model/run.ts';
import { formatDuration, wholeSeconds } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import type { StepNode } from './step-tree.ts';

/** A stretch of time, UTC ms. */
export interface Span {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** Shorter gaps between steps are the engine's own work. */
const LEAST_WAIT_MS = 1000;
const STANDS = new Set(['paused', 'waiting', 'in_doubt']);

/**
 * When nothing of a run was at work though it had begun and had not ended: paused, in doubt, waiting for a person, or the app was not
 * there. Ordered; `nowAt` is the end of what still runs. The pause before another try of a step is work: it belongs to it.
 */
export function waitsOf({ run, steps }: Pick<RunView, 'run' | 'steps'>, nowAt: number): readonly Span[] {
  if (run.startedAt === null) return [];
  const work = steps.flatMap((step) => workOf(step, nowAt)).sort((left, right) => left.fromAt - right.fromAt);
  // A run that says it goes on is between two steps now.
  const isStanding = run.completedAt === null && STANDS.has(run.status);
  const endAt =
    run.completedAt ?? (isStanding ? nowAt : Math.max(run.startedAt, ...work.map(({ untilAt }) => untilAt)));
  const waits: Span[] = [];
  let workedUntil = run.startedAt;
  for (const span of [...work, { fromAt: endAt, untilAt: endAt }]) {
    if (span.fromAt - workedUntil >= LEAST_WAIT_MS) waits.push({ fromAt: workedUntil, untilAt: span.fromAt });
    workedUntil = Math.max(workedUntil, span.untilAt);
  }
  return waits;
}

/** Of an attempt whose end nobody knows, nobody knows whether it worked either. */
function workOf({ attempts, retryAt }: StepState, nowAt: number): readonly Span[] {
  return attempts.flatMap((attempt, at) => {
    if (attempt.status === 'in_doubt') return [];
    const untilAt = attempt.completedAt ?? nowAt;
    const triedAgainAt = attempts[at + 1]?.startedAt ?? (retryAt === null ? untilAt : Math.min(retryAt, nowAt));
    return [
      { fromAt: attempt.startedAt, untilAt: attempt.status === 'failed' ? Math.max(untilAt, triedAgainAt) : untilAt },
    ];
  });
}

/** The clock of a run that goes on; one that stands, or ended, has none. In every place the same. */
const TICK_MS = 250;

/** The instant that durations are counted to: now while the run goes on, its end afterwards. One clock for header, list and pane. */
export function useRunNow({ startedAt, completedAt, status }: RunSummary): number {
  const goesOn = completedAt === null && startedAt !== null && status !== 'paused';
  const now = useNow(goesOn ? TICK_MS : 3_600_000);
  return completedAt ?? Math.max(now, startedAt ?? 0);
}

/** How long a step took, or has taken until now; null where nobody can say: not begun, not needed, taken over, in doubt. */
export function tookText({ status, state, startedAt, completedAt }: StepNode, nowAt: number): string | null {
  if (status === 'pending' || status === 'skipped' || status === 'in_doubt') return null;
  if (state?.skipReason === 'carried' || startedAt === null) return null;
  return completedAt === null ? wholeSeconds(nowAt - startedAt) : formatDuration(completedAt - startedAt);
}
