import type { ChildWork, Rest } from '../../shared/model/run.ts';
import { type AttemptRecord, isEnded, type RunState, type Stretch } from './run-state.ts';

/** Attempts that work: a step that holds others works through them, one that waits does not. */
const attemptsOf = (state: RunState): readonly AttemptRecord[] =>
  [...state.steps.values()].flatMap(({ attempts, block, waitpoint }) =>
    block === null && waitpoint === null ? attempts : [],
  );
const isRunning = ({ status }: AttemptRecord): boolean => status === 'running';

/** Why nobody is at work on a run that stands like this. */
function whyOf({ status }: RunState): Rest['why'] {
  if (status === 'paused' || status === 'in_doubt' || status === 'waiting') return status;
  return isEnded(status) ? 'ended' : 'interrupted';
}

/** Counts the time since the work began or went on, up to `until`; from then on the run waits. */
function countUntil(state: RunState, until: number): void {
  const { workingSince: fromAt } = state;
  state.workingSince = null;
  if (fromAt === null) return;
  state.workedMs += Math.max(0, until - fromAt);
  state.stretches.push({ fromAt, untilAt: Math.max(fromAt, until), why: whyOf(state) });
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

/** A child is handed its work, and hands back its end, within this time: that belongs to the work. */
const HAND_OVER_MS = 1000;

/** When nobody was at work for a step that waited for a run of its own, from `fromAt` to `untilAt`. */
export function restsOfChild(work: ChildWork, fromAt: number, untilAt: number): readonly Rest[] {
  const before = { fromAt, untilAt: work.startedAt, why: 'waiting' } as const;
  const after = { fromAt: work.completedAt, untilAt, why: 'interrupted' } as const;
  return [
    ...(before.untilAt - before.fromAt > HAND_OVER_MS ? [before] : []),
    ...work.rests.filter((rest) => rest.fromAt < untilAt && (rest.untilAt ?? untilAt) > fromAt),
    ...(after.untilAt - after.fromAt > HAND_OVER_MS ? [after] : []),
  ];
}

/** The work of a run that a step waited for is work of its parent as well, wherever the parent itself only waited for it. */
export function countChildWork(state: RunState, work: ChildWork, fromAt: number, untilAt: number): void {
  const { stretches } = state;
  const rests = restsOfChild(work, fromAt, untilAt);
  for (let at = stretches.length - 1; at >= 0; at -= 1) {
    const before = stretches[at] as Stretch;
    if (before.untilAt < fromAt - HAND_OVER_MS) return;
    const nextAt = stretches[at + 1]?.fromAt ?? state.workingSince ?? untilAt;
    const worked = workIn(before, { fromAt, untilAt, nextAt }, rests);
    for (const stretch of worked) state.workedMs += stretch.untilAt - stretch.fromAt;
    stretches.splice(at + 1, 0, ...worked);
  }
}

interface Wait {
  readonly fromAt: number;
  readonly untilAt: number;
  /** When the parent was at work again. */
  readonly nextAt: number;
}

/** What lies between a stretch and the next one, within the wait and without its rests. */
function workIn({ untilAt: endAt, why }: Stretch, wait: Wait, rests: readonly Rest[]): readonly Stretch[] {
  const begin = wait.fromAt - endAt <= HAND_OVER_MS ? endAt : wait.fromAt;
  const end = wait.nextAt - wait.untilAt <= HAND_OVER_MS ? wait.nextAt : wait.untilAt;
  const worked: Stretch[] = [];
  let fromAt = begin;
  for (const rest of rests) {
    const untilAt = Math.min(rest.fromAt, end);
    if (untilAt > fromAt) worked.push({ fromAt, untilAt, why: rest.why });
    fromAt = Math.max(fromAt, rest.untilAt ?? end);
  }
  if (end > fromAt) worked.push({ fromAt, untilAt: end, why });
  return worked;
}

const RESTS_SHOWN = 500;

/** When nobody was at work on the run, from one stretch of work to the next. */
export function restsOf({ stretches, workingSince, completedAt }: RunState): readonly Rest[] {
  return stretches.slice(-RESTS_SHOWN).flatMap(({ untilAt: fromAt, why }, at, all) => {
    const untilAt = all[at + 1]?.fromAt ?? workingSince;
    if (untilAt === null && completedAt !== null) return [];
    return untilAt === fromAt ? [] : [{ fromAt, untilAt, why }];
  });
}

const RESTS_TOLD = 100;

/** When a run that has ended was at work, as its parent writes it down: of very many rests the longest. */
export function workOf(child: RunState): { readonly work?: ChildWork } {
  const { startedAt, completedAt } = child;
  if (startedAt === null || completedAt === null) return {};
  const rests = restsOf(child);
  const lengthOf = ({ fromAt, untilAt }: Rest): number => (untilAt ?? completedAt) - fromAt;
  const least = rests.map(lengthOf).sort((a, b) => b - a)[RESTS_TOLD - 1] ?? 0;
  return {
    work: { startedAt, completedAt, rests: rests.filter((rest) => lengthOf(rest) >= least).slice(0, RESTS_TOLD) },
  };
}

/** A run that a step waits for since an instant (UTC ms). */
export interface AwaitedWork {
  readonly run: RunState;
  readonly since: number;
}

/** How long a run was at work, and since when it is again; see `RunSummary`. */
export type WorkClock = Pick<RunState, 'workedMs' | 'workingSince'>;

/**
 * The clock of a run at `now`, with the work so far of the runs that it waits for: it is the parent's as well, and counted for good when
 * they have ended.
 */
export function clockWithChildren(
  state: RunState,
  awaitedBy: (state: RunState) => readonly AwaitedWork[],
  now: number,
): WorkClock {
  const { workedMs, workingSince } = withChildren(state, awaitedBy, now);
  return { workedMs, workingSince };
}

function withChildren(state: RunState, awaitedBy: (state: RunState) => readonly AwaitedWork[], now: number): RunState {
  const counted: RunState = { ...state, stretches: [...state.stretches] };
  let isAtWork = false;
  for (const { run, since } of awaitedBy(state)) {
    if (run.startedAt === null) continue;
    const child = withChildren(run, awaitedBy, now);
    const completedAt = child.completedAt ?? now;
    countChildWork(counted, { startedAt: run.startedAt, completedAt, rests: restsOf(child) }, since, now);
    isAtWork ||= child.workingSince !== null;
  }
  // Counted until now: from here on it goes on.
  if (isAtWork && counted.workingSince === null) counted.workingSince = now;
  return counted;
}
