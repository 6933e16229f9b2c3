import { AppError } from '../../shared/errors.ts';
import type {
  RunEvent,
  StepCompleted,
  StepFailed,
  StepResolved,
  StepSkipped,
  StepStarted,
  StoredEvent,
} from '../../shared/model/events.ts';
import { actorText } from '../storage/index.ts';
import { type AttemptRecord, newRunState, type RunState, type StepRecord } from './run-state.ts';

/** Folds the events of one run, in `seq` order from 1, into its state. `store.corrupt` when the first is not `run.created`. */
export function foldRun(events: readonly StoredEvent<RunEvent>[]): RunState {
  const first = events[0];
  if (first === undefined || first.event.type !== 'run.created') {
    throw new AppError('store.corrupt', 'The journal of this run does not begin where it must.', {
      hint: 'Restore the state folder from a backup.',
    });
  }
  const state = newRunState(first.stream.slice('run:'.length), first.event, first.at, actorText(first.actor));
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
      return interruptStep(state, stored, event.path, event.type === 'step.cancelled' ? 'cancelled' : 'in_doubt');
    case 'step.resolved':
      return resolveStep(state, stored, event);
    default:
      applyRunEvent(state, stored.at, event);
      return null;
  }
}

type RunLevelEvent = Exclude<RunEvent, { readonly path: string }>;

function applyRunEvent(state: RunState, at: number, event: RunLevelEvent): void {
  switch (event.type) {
    case 'run.created':
      for (const step of event.carried) carryStep(state, at, step);
      return;
    case 'run.started':
      state.status = 'running';
      state.startedAt = at;
      return;
    case 'run.pause_requested':
      state.pauseRequested = true;
      return;
    case 'run.paused':
      state.status = 'paused';
      state.pauseRequested = false;
      return;
    case 'run.resumed':
      resumeRun(state);
      return;
    case 'run.recovered':
      return;
    case 'run.cancel_requested':
      state.cancelRequested = true;
      return;
    case 'run.in_doubt':
      state.status = 'in_doubt';
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
  }
}

function resumeRun(state: RunState): void {
  state.status = 'running';
  state.outcome = null;
  state.error = null;
  state.completedAt = null;
  state.pauseRequested = false;
  state.cancelRequested = false;
  state.stoppedBy = null;
  for (const record of state.steps.values()) {
    const isOpen =
      (record.status === 'failed' && !record.fallbackUsed) ||
      record.status === 'cancelled' ||
      (record.status === 'skipped' && record.skipReason === 'upstream_failed');
    if (!isOpen) continue;
    if (record.status === 'failed') state.failed -= 1;
    if (record.status === 'skipped') state.skipped -= 1;
    record.status = 'pending';
    record.failures = 0;
    record.error = null;
    record.retryAt = null;
    record.skipReason = null;
    record.fallbackPending = false;
    record.completedAt = null;
  }
}

function newRecord(path: string, index: number, name: string): StepRecord {
  return {
    path,
    index,
    name,
    variable: null,
    status: 'pending',
    attempt: 0,
    failures: 0,
    attempts: [],
    endedWithoutAttempt: null,
    now: null,
    output: null,
    error: null,
    retryAt: null,
    fallbackUsed: false,
    fallbackPending: false,
    skipReason: null,
    warnings: [],
    startedAt: null,
    completedAt: null,
  };
}

function startStep(state: RunState, stored: StoredEvent, event: StepStarted): StepRecord {
  let record = state.steps.get(event.path);
  if (record === undefined) {
    record = newRecord(event.path, event.index, event.name);
    state.steps.set(event.path, record);
  }
  const previous = record.attempts.at(-1);
  if (previous?.status === 'running') endAttempt(previous, stored, 'cancelled');
  record.variable = event.variable;
  record.status = 'running';
  record.attempt = event.attempt;
  record.now = event.now;
  record.retryAt = null;
  record.startedAt ??= stored.at;
  record.attempts.push({
    attempt: event.attempt,
    role: event.role,
    startedAt: stored.at,
    startPosition: stored.position,
    completedAt: null,
    endPosition: null,
    status: 'running',
    error: null,
  });
  state.currentStep = event.path;
  return record;
}

function endAttempt(attempt: AttemptRecord, stored: StoredEvent, status: AttemptRecord['status']): void {
  attempt.status = status;
  attempt.completedAt = stored.at;
  attempt.endPosition = stored.position;
}

/** The record that an event ends; a journal that ends what never began is damaged. */
function recordOf(state: RunState, path: string): StepRecord {
  const record = state.steps.get(path);
  if (record === undefined)
    throw new AppError('store.corrupt', `The journal of run ${state.runId} ends step ${path}, which never began.`);
  return record;
}

function completeStep(state: RunState, stored: StoredEvent, event: StepCompleted): StepRecord {
  const record = recordOf(state, event.path);
  const attempt = record.attempts.at(-1);
  if (attempt !== undefined) {
    endAttempt(attempt, stored, 'completed');
    if (attempt.role === 'fallback') record.fallbackUsed = true;
  }
  record.status = 'completed';
  record.output = event.output;
  record.error = null;
  record.fallbackPending = false;
  record.warnings = event.warnings;
  record.completedAt = stored.at;
  state.succeeded += 1;
  if (record.variable !== null) state.variables.set(record.variable, event.output);
  publishValues(state, event);
  return record;
}

function publishValues(state: RunState, event: Pick<StepCompleted, 'outputs' | 'variables'>): void {
  for (const [name, value] of Object.entries(event.variables ?? {})) state.variables.set(name, value);
  if (event.outputs === null) return;
  state.setOutputs ??= new Map();
  for (const [name, value] of Object.entries(event.outputs)) state.setOutputs.set(name, value);
}

function failStep(state: RunState, stored: StoredEvent, event: StepFailed): StepRecord {
  const record = recordOf(state, event.path);
  const attempt = record.attempts.at(-1);
  if (attempt !== undefined) {
    if (attempt.status === 'running') endAttempt(attempt, stored, 'failed');
    attempt.error = event.error;
  }
  record.error = event.error;
  record.warnings = event.warnings;
  record.failures += 1;
  record.retryAt = event.retryAt;
  if (event.retryAt !== null) {
    record.status = 'pending';
    return record;
  }
  record.fallbackPending = event.policy === 'fallback_action';
  if (record.fallbackPending) return record;
  record.status = 'failed';
  record.completedAt = stored.at;
  state.failed += 1;
  if (event.fallback !== null) {
    record.fallbackUsed = true;
    record.output = event.fallback.value;
    if (record.variable !== null) state.variables.set(record.variable, event.fallback.value);
  } else if (event.policy !== 'continue') {
    state.stoppedBy = event.path;
  }
  return record;
}

function skipStep(state: RunState, stored: StoredEvent, event: StepSkipped): StepRecord {
  const record = state.steps.get(event.path) ?? newRecord(event.path, event.index, event.name);
  state.steps.set(event.path, record);
  record.status = 'skipped';
  record.endedWithoutAttempt = { status: 'skipped', at: stored.at };
  record.skipReason = event.reason;
  record.warnings = event.warnings;
  record.startedAt = stored.at;
  record.completedAt = stored.at;
  state.skipped += 1;
  return record;
}

function interruptStep(
  state: RunState,
  stored: StoredEvent,
  path: string,
  status: 'cancelled' | 'in_doubt',
): StepRecord {
  const record = recordOf(state, path);
  const attempt = record.attempts.at(-1);
  if (attempt !== undefined) endAttempt(attempt, stored, status);
  record.status = status;
  record.retryAt = null;
  record.completedAt = status === 'cancelled' ? stored.at : null;
  return record;
}

/** A person's word on a step in doubt: the run goes on from it. */
function resolveStep(state: RunState, stored: StoredEvent, event: StepResolved): StepRecord {
  const record = recordOf(state, event.path);
  if (event.as === 'completed') {
    record.status = 'completed';
    record.output = event.output;
    record.completedAt = stored.at;
    state.succeeded += 1;
    if (record.variable !== null) state.variables.set(record.variable, event.output);
  } else {
    record.status = 'pending';
    record.failures = 0;
  }
  if (state.status === 'in_doubt') state.status = 'running';
  return record;
}

function carryStep(
  state: RunState,
  at: number,
  step: Extract<RunEvent, { type: 'run.created' }>['carried'][number],
): void {
  const record = newRecord(step.path, step.index, step.name);
  record.variable = step.variable;
  record.status = step.status;
  record.endedWithoutAttempt = { status: step.status, at };
  record.output = step.output;
  record.skipReason = 'carried';
  record.fallbackUsed = step.fallbackUsed;
  record.startedAt = at;
  record.completedAt = at;
  state.steps.set(step.path, record);
  if (step.status === 'completed') state.succeeded += 1;
  else if (step.status === 'failed') state.failed += 1;
  else state.skipped += 1;
  if (step.variable !== null && (step.status === 'completed' || step.fallbackUsed))
    state.variables.set(step.variable, step.output);
  publishValues(state, step);
}
