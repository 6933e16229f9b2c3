import type { LiveEvent } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import { EVENT_VERSION, type EventTrace, type Store } from '../storage/index.ts';
import { runNotFound } from './refusals.ts';
import { ENGINE_ACTOR } from './run-recorder.ts';
import { isEnded } from './run-state.ts';

/** After these nothing from before counts: a person's word, or an engine that was closed properly. */
const CLEARS: ReadonlySet<RunEvent['type']> = new Set(['run.stopped', 'run.resumed', 'step.resolved']);

/**
 * Whether an earlier engine died over this run too (SPEC §3.8 "twice in a row"): its events, newest first, hold a recovery under
 * suspicion since which the run has come no further. Further = another step of the workflow has begun; the end of the step that was
 * running is none, for it may have come while no engine lived.
 */
export function hasDiedBefore(newestFirst: Iterable<EventTrace>): boolean {
  const begunSince = new Set<string>();
  let isSuspect = false;
  for (const row of newestFirst) {
    const isStart = row.type === 'step.started' && !row.isCall;
    if (isSuspect && isStart) return [...begunSince].every((path) => path === row.path);
    if (isStart && row.path !== null) begunSince.add(row.path);
    if (row.type === 'run.recovered' && row.isByPerson && !isSuspect) return false;
    if (row.type === 'run.recovered' && row.isSuspect) isSuspect = true;
    if (CLEARS.has(row.type) && !isSuspect) return false;
  }
  return isSuspect && begunSince.size === 0;
}

/** Of events that are read already, newest first. */
export const tracesOf = (events: readonly StoredEvent<RunEvent>[]): readonly EventTrace[] =>
  events.toReversed().map(({ event, actor }) => ({
    type: event.type,
    isByPerson: actor.kind === 'user',
    path: event.type === 'step.started' ? event.path : null,
    isCall: event.type === 'step.started' && event.role === 'call',
    isSuspect: event.type === 'run.recovered' && event.suspect === true,
  }));

/** Why a run stands paused that nobody paused. `step` = where it stood. */
export const diedTwice = (runId: string, step: string | null): AppError =>
  new AppError(
    'run.engine_died_twice',
    'The app died twice in a row while it worked on this run, so it does not go on by itself.',
    {
      hint: `Look at ${step === null ? 'its first step' : `step '${step}' and what comes after it`}, then go on with 'aiworkflow runs resume ${runId}', or cancel the run.`,
      details: { run_id: runId, step },
    },
  );

/** Whether the last engine that drove the run was closed properly. */
export const wasStopped = (events: readonly StoredEvent<RunEvent>[]): boolean =>
  events.at(-1)?.event.type === 'run.stopped';

/**
 * Writes down, without reading the run, that the engine died over it: as a recovery under suspicion, or, `isSecond`, as a pause with its
 * reason, unless it has ended and only its rollback was left. Durable when it resolves; gives what screens are to hear. Errors: `run.not_found`, `store.*`.
 */
export async function noteDeath(
  { runs, journal }: Store,
  runId: string,
  { isSecond, at }: { readonly isSecond: boolean; readonly at: number },
): Promise<LiveEvent> {
  const [row, runNo] = [runs.find(runId), runs.runNo(runId)];
  if (row === null || runNo === null) throw runNotFound(runId);
  const reason = diedTwice(runId, row.currentStep).toRecord();
  const isPaused = isSecond && !isEnded(row.status);
  const event: RunEvent = isPaused ? { type: 'run.paused', reason } : { type: 'run.recovered', suspect: true };
  const run = isPaused
    ? { ...row, status: 'paused' as const, workingSince: null, pauseRequested: false, error: reason }
    : row;
  const position = journal.takePosition();
  const seq = journal.countRun(runId) + 1;
  const stored = { position, stream: `run:${runId}`, seq, v: EVENT_VERSION, at, actor: ENGINE_ACTOR, event };
  await journal.append({
    runNo,
    isNew: false,
    isProgressOnly: false,
    startKey: null,
    events: [stored],
    run,
    steps: [],
  });
  return { kind: 'run', position, run, steps: [], loops: [] };
}
