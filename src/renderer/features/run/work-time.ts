import type { RunSummary } from '../../../shared/model/run.ts';
import { formatDuration, wholeSeconds } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import type { StepNode } from './step-tree.ts';

/** A stretch of time, UTC ms. */
export interface Span {
  readonly fromAt: number;
  readonly untilAt: number;
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
