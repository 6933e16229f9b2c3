import type { Rest } from '../../shared/model/run.ts';
import { type AttemptRecord, isEnded, type RunState } from './run-state.ts';

/** Attempts that work: a step that holds others works through them, one that waits does not. */
const attemptsOf = (state: RunState): readonly AttemptRecord[] =>
  [...state.steps.values()].flatMap(({ attempts, block, waitpoint }) =>
    block === null && waitpoint === null ? attempts : [],
  );
const isRunning = ({ status }: AttemptRecord): boolean => status === 'running';

/** Counts the time since the work began or went on, up to `until`; from then on the run waits. */
function countUntil(state: RunState, until: number): void {
  const { workingSince: fromAt, status } = state;
  state.workingSince = null;
  if (fromAt === null) return;
  state.workedMs += Math.max(0, until - fromAt);
  state.stretches.push({ fromAt, untilAt: Math.max(fromAt, until), stoodAs: status });
}

/** The newest end of an attempt. One that nobody saw end did not work for all that is known. */
const lastKnownEnd = (state: RunState): number =>
  attemptsOf(state).reduce(
    (latest, { status, completedAt }) => (status === 'in_doubt' ? latest : Math.max(latest, completedAt ?? 0)),
    0,
  );

/** The run stands or has ended: what follows is no work. */
export function stopWork(state: RunState, at: number): void {
  const isEndKnown = state.status !== 'in_doubt' && !attemptsOf(state).some(isRunning);
  countUntil(state, isEndKnown ? at : lastKnownEnd(state));
}

/** Nobody was there since the last step ended; one that runs may have gone on without the engine. */
export function recoverWork(state: RunState, at: number): void {
  if (attemptsOf(state).some(isRunning)) return;
  countUntil(state, lastKnownEnd(state));
  state.workingSince = at;
}

const RESTS_SHOWN = 500;

/** When nobody was at work on the run, from one stretch of work to the next. */
export function restsOf({ stretches, workingSince, completedAt }: RunState): readonly Rest[] {
  return stretches.slice(-RESTS_SHOWN).flatMap(({ untilAt: fromAt, stoodAs }, at, all) => {
    const untilAt = all[at + 1]?.fromAt ?? workingSince;
    if (untilAt === null && completedAt !== null) return [];
    const isWait = stoodAs === 'paused' || stoodAs === 'in_doubt' || stoodAs === 'waiting';
    const why = isWait ? stoodAs : isEnded(stoodAs) ? 'ended' : 'interrupted';
    return [{ fromAt, untilAt, why } as const];
  });
}
