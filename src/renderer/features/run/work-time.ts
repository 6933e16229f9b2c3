import type { Rest, RunSummary } from '../../../shared/model/run.ts';
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

/** A person said how it ended: how long it worked nobody has seen. */
export const isEndUnseen = ({ state, completedAt }: Pick<StepNode, 'state' | 'completedAt'>): boolean =>
  completedAt !== null && state?.attempts.at(-1)?.status === 'in_doubt';

/** What a step waits for is its own time; when nobody drove the run, or it stood in doubt, no step worked. */
const isNobodysTime = ({ why }: Rest): boolean => why !== 'waiting';

/** How long a step took, or has taken until now; null where nobody can say: not begun, not needed, taken over, in doubt. */
export function tookText(node: StepNode, nowAt: number, rests: readonly Rest[]): string | null {
  const { status, state, startedAt, completedAt } = node;
  if (status === 'pending' || status === 'skipped' || status === 'in_doubt' || isEndUnseen(node)) return null;
  if (state?.skipReason === 'carried' || startedAt === null) return null;
  const end = completedAt ?? nowAt;
  const idle = rests
    .filter(isNobodysTime)
    .map(({ fromAt, untilAt }) => Math.min(untilAt ?? end, end) - Math.max(fromAt, startedAt))
    .reduce((sum, part) => sum + Math.max(0, part), 0);
  return (completedAt === null ? wholeSeconds : formatDuration)(end - startedAt - idle);
}
