import { AppError } from '../../shared/errors.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import { actorText } from '../storage/index.ts';
import { endFrame, openFrame, timeOut } from './fold-frame.ts';
import { beginRollback, doubtRollback, endRollback, endUndo } from './fold-rollback.ts';
import {
  carryStep,
  completeStep,
  failOver,
  failStep,
  interruptStep,
  repriceOnStep,
  resolveStep,
  resumeRun,
  skipStep,
  spendOnStep,
  startStep,
} from './fold-step.ts';
import { noteDecision, openWaitpoint, reopenApproval, resolveWaitpoint } from './fold-waitpoint.ts';
import { isEnded, newRunState, type RunState, type StepRecord } from './run-state.ts';
import type { EventReader } from './settled-outputs.ts';
import { recoverWork, stopWork } from './worked-time.ts';

/**
 * Folds the events of one run, in `seq` order from 1, into its state. With `read`, by which they can be read once more, the state is
 * without what the turns of its loops gave. `store.corrupt` when the first is not `run.created`.
 */
export function foldRun(events: readonly StoredEvent<RunEvent>[], read?: EventReader): RunState {
  const first = events[0];
  if (first === undefined || first.event.type !== 'run.created') {
    throw new AppError('store.corrupt', 'The journal of this run does not begin where it must.', {
      hint: 'Restore the state folder from a backup.',
    });
  }
  const state = newRunState(first.stream.slice('run:'.length), first.event, first.at, actorText(first.actor));
  if (read !== undefined) state.settled.readFrom(read);
  state.settled.written(events.at(-1)?.seq ?? 0);
  for (const stored of events) applyEvent(state, stored);
  return state;
}

/** Applies one event. Returns the step record that it changed, if any. `store.corrupt` on a gap in `seq`. */
export function applyEvent(state: RunState, stored: StoredEvent<RunEvent>): StepRecord | null {
  if (stored.seq !== state.seq + 1) {
    throw new AppError('store.corrupt', `The journal of run ${state.runId} has a gap after event ${state.seq}.`, {
      hint: 'Restore the state folder from a backup.',
    });
  }
  state.seq = stored.seq;
  const { event } = stored;
  switch (event.type) {
    case 'step.started':
      return startStep(state, stored, event);
    case 'step.completed':
      return completeStep(state, stored, event);
    case 'step.failed':
      return failStep(state, stored, event);
    case 'step.skipped':
      return skipStep(state, stored, event);
    case 'step.cancelled':
    case 'step.in_doubt':
      return interruptStep(state, stored, event);
    case 'step.resolved':
      return resolveStep(state, stored, event);
    case 'block.timed_out':
      return timeOut(state, event);
    case 'frame.opened':
      return openFrame(state, event);
    case 'frame.ended':
      return endFrame(state, stored, event);
    case 'waitpoint.opened':
      return openWaitpoint(state, event);
    case 'waitpoint.resolved':
      return resolveWaitpoint(state, stored, event);
    case 'approval.decided':
      return noteDecision(state, stored, event);
    case 'approval.reopened':
      return reopenApproval(state, event);
    case 'agent.call_ended':
      return spendOnStep(state, event);
    case 'agent.call_repriced':
      return repriceOnStep(state, event);
    case 'agent.failed_over':
      return failOver(state, stored, event);
    case 'rollback.started':
      return beginRollback(state, stored.at, event);
    case 'undo.ended':
      return endUndo(state, event);
    case 'rollback.in_doubt':
      return doubtRollback(state);
    case 'rollback.ended':
      return endRollback(state, stored.at, event);
    case 'files.copied':
    case 'files.offered':
    case 'files.declined':
    case 'files.taken':
    case 'files.undo_started':
    case 'files.undo_ended':
      return null;
    default:
      applyRunEvent(state, stored.at, event);
      return null;
  }
}

type RunLevelEvent = Exclude<
  RunEvent,
  { readonly path: string } | { readonly type: `rollback.${string}` | `files.${string}` }
>;

function applyRunEvent(state: RunState, at: number, event: RunLevelEvent): void {
  if (event.type !== 'run.cancel_requested' && event.type !== 'run.pause_requested') endWaiting(state, at);
  switch (event.type) {
    case 'run.created':
      for (const step of event.carried) carryStep(state, at, step);
      return;
    case 'run.started':
      state.status = 'running';
      state.startedAt = at;
      state.drivenSince = at;
      state.workingSince = at;
      return;
    case 'run.pause_requested':
      state.pauseRequested = true;
      return;
    case 'run.paused':
      state.status = 'paused';
      state.pauseRequested = false;
      state.error = event.reason ?? null;
      stopWork(state, at);
      return;
    case 'run.resumed':
      resumeRun(state, at);
      return;
    case 'run.recovered':
      // Of a run that had ended only its rollback goes on.
      if (!isEnded(state.status)) recoverWork(state, at);
      return;
    case 'run.stopped':
      return;
    case 'run.cancel_requested':
      state.cancelRequested = true;
      return;
    case 'run.in_doubt':
      state.status = 'in_doubt';
      state.wakeAt = event.until ?? null;
      stopWork(state, at);
      return;
    case 'run.waiting':
      state.status = 'waiting';
      state.waitsFor = event.for;
      state.wakeAt = event.until;
      state.hears = event.hears?.join(' ') ?? null;
      state.waitingSince = at;
      stopWork(state, at);
      return;
    case 'run.woken':
      state.status = 'running';
      state.error = null;
      state.workingSince = at;
      return;
    default:
      state.status =
        event.type === 'run.completed' ? 'completed' : event.type === 'run.failed' ? 'failed' : 'cancelled';
      state.outcome = event.outcome;
      state.outputs = event.outputs;
      state.error = event.error;
      state.successConditions = event.successConditions;
      state.warnings = event.warnings;
      state.completedAt = at;
      state.currentStep = null;
      stopWork(state, at);
  }
}

/** Whatever comes, it does not wait any more. The time limit does not count the time for which a person was asked (SPEC §1.1). */
function endWaiting(state: RunState, at: number): void {
  if (state.waitsFor === 'approval' && state.drivenSince !== null) state.drivenSince += at - (state.waitingSince ?? at);
  state.waitsFor = null;
  state.wakeAt = null;
  state.hears = null;
  state.waitingSince = null;
}
