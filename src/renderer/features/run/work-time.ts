import type { Rest, RunSummary } from '../../../shared/model/run.ts';
import { isEndUnseen as isUnseen, stepWorkedMs } from '../../../shared/step-time.ts';
import { formatDuration, wholeSeconds } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import type { StepNode } from './step-tree.ts';

/** A stretch of time, UTC ms. */
export interface Span {
  readonly fromAt: number;
  readonly untilAt: number;
}

/**
 * The clock of a run that goes on; one that stands, or ended, has none. In every place the same, bars included: each tick draws them all anew.
 * Twice a second, so that no second is skipped.
 */
const TICK_MS = 500;

/** The instant that durations are counted to: now while the run goes on, its end afterwards. One clock for header, list and pane. */
export function useRunNow({ startedAt, completedAt, status }: RunSummary): number {
  const goesOn = completedAt === null && startedAt !== null && status !== 'paused';
  const now = useNow(goesOn ? TICK_MS : 3_600_000);
  return completedAt ?? Math.max(now, startedAt ?? 0);
}

/** A person said how it ended: how long it worked nobody has seen. */
export const isEndUnseen = ({ state, completedAt }: Pick<StepNode, 'state' | 'completedAt'>): boolean =>
  isUnseen({ completedAt, attempts: state?.attempts ?? [] });

/** How long a step took, or has taken until now; null where nobody can say: not begun, not needed, taken over, in doubt. */
export function tookText(node: StepNode, nowAt: number, rests: readonly Rest[]): string | null {
  const { status, state, startedAt, completedAt } = node;
  if (status === 'pending' || status === 'skipped' || status === 'in_doubt' || isEndUnseen(node)) return null;
  if (state?.skipReason === 'carried') return null;
  const took = stepWorkedMs({ startedAt, completedAt, childRests: state?.childRests }, rests, nowAt);
  return took === null ? null : (completedAt === null ? wholeSeconds : formatDuration)(took);
}
