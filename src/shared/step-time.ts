import type { Rest, StepState } from './model/run.ts';

/** What is known of when a step worked. */
export interface StepTimes {
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly childRests?: readonly Rest[] | undefined;
}

/** What a step waits for is its own time; when nobody drove the run, or it stood in doubt, no step worked. */
const isNobodysTime = ({ why }: Rest): boolean => why !== 'waiting';

/**
 * How long a step has worked, until `nowAt` where it has not ended; null = it never began. A step that is a run of its own works as long as
 * that run did.
 */
export function stepWorkedMs(
  { startedAt, completedAt, childRests }: StepTimes,
  rests: readonly Rest[],
  nowAt: number,
): number | null {
  if (startedAt === null) return null;
  const end = completedAt ?? nowAt;
  const idle = (childRests ?? rests.filter(isNobodysTime))
    .map(({ fromAt, untilAt }) => Math.min(untilAt ?? end, end) - Math.max(fromAt, startedAt))
    .reduce((sum, part) => sum + Math.max(0, part), 0);
  return end - startedAt - idle;
}

/** A person said how it ended: how long it worked nobody has seen. */
export const isEndUnseen = ({ completedAt, attempts }: Pick<StepState, 'completedAt' | 'attempts'>): boolean =>
  completedAt !== null && attempts.at(-1)?.status === 'in_doubt';
