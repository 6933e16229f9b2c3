import { toE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { addUsage, NO_USAGE } from '../../shared/model/agent.ts';
import type {
  AgentCallEnded,
  AgentCallRepriced,
  AgentFailedOver,
  CarriedStep,
  StepCancelled,
  StepCompleted,
  StepFailed,
  StepInDoubt,
  StepResolved,
  StepSkipped,
  StepStarted,
  StoredEvent,
} from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import { errorOfStep } from './exhausted.ts';
import { beginAnew, failFrame, reopenFrame } from './fold-frame.ts';
import { forgetRollbacks, goOnWithRollback, openRollback } from './fold-rollback.ts';
import { FrameList } from './frame-list.ts';
import { type AttemptRecord, framesFrom, ROOT, type RunState, type StepRecord } from './run-state.ts';
import { newStepRecord } from './step-table.ts';

/** Where a step stands, as its first event says. */
type Place = Pick<StepStarted, 'path' | 'frame' | 'kind' | 'index' | 'name'>;

function addRecord(state: RunState, place: Place, isCall = false): StepRecord {
  const { path, frame = ROOT, kind = 'action', index, name } = place;
  const record = newStepRecord({ path, frame, order: state.steps.size, kind, index, name, isCall });
  state.steps.add(record);
  if (!isCall && !path.includes('[')) state.outsideLoops.push(record);
  return record;
}

/** An attempt begins; one that was left open by a crash before it counts as ended. */
export function startStep(state: RunState, stored: StoredEvent, event: StepStarted): StepRecord {
  const record =
    state.steps.open(event.path) ?? addRecord(state, event, event.role === 'call' || event.role === 'undo');
  const previous = record.attempts.at(-1);
  if (previous?.status === 'running') endAttempt(previous, stored, 'cancelled');
  record.variable = event.variable;
  record.effect = event.effect;
  record.calls = event.agent === undefined && (event.kind ?? 'action') === 'action' ? event.action : null;
  record.status = 'running';
  record.attempt = event.attempt;
  record.now = event.now;
  record.retryAt = null;
  if (record.renewal === 'due') record.renewal = 'done';
  record.startedAt ??= stored.at;
  const attempt: AttemptRecord = {
    attempt: event.attempt,
    role: event.role,
    startedAt: stored.at,
    startPosition: stored.position,
    completedAt: null,
    endPosition: null,
    status: 'running',
    error: null,
    agent: event.agent?.name ?? null,
  };
  // A list of one has room for one; a push would take it for seventeen.
  record.attempts = record.attempts.length === 0 ? [attempt] : [...record.attempts, attempt];
  if (event.decision !== undefined)
    record.block = {
      decision: event.decision,
      frames: new FrameList(event.path),
      open: new Set(),
      ended: { completed: 0, failed: 0, cancelled: 0 },
      failed: null,
      timeoutMs: event.timeoutMs ?? null,
      deadlineAt: event.timeoutMs === undefined ? null : stored.at + event.timeoutMs,
      isTimedOut: false,
    };
  if (!record.isCall) state.currentStep = event.path;
  return record;
}

function endAttempt(attempt: AttemptRecord, stored: StoredEvent, status: AttemptRecord['status']): void {
  attempt.status = status;
  attempt.completedAt = stored.at;
  attempt.endPosition = stored.position;
}

/** The record that an event ends; a journal that ends what never began is damaged. */
function recordOf(state: RunState, path: string): StepRecord {
  const record = state.steps.open(path);
  if (record === undefined)
    throw new AppError('store.corrupt', `The journal of run ${state.runId} ends step ${path}, which never began.`);
  return record;
}

/** What is said of the newest attempt; that the step changed hands stays said. */
function withHandOvers(record: StepRecord, warnings: readonly StepWarning[]): readonly StepWarning[] {
  if (record.warnings.length === 0) return warnings;
  return [...record.warnings.filter((one) => one.code === 'agent.failover'), ...warnings];
}

/** The output becomes the step's and its variable's value. */
export function completeStep(state: RunState, stored: StoredEvent, event: StepCompleted): StepRecord {
  const record = recordOf(state, event.path);
  const attempt = record.attempts.at(-1);
  if (attempt !== undefined) {
    endAttempt(attempt, stored, 'completed');
  }
  // A block goes on after a resume as its own attempt, though the last one was that of its fallback.
  if (record.fallbackPending) record.fallbackUsed = true;
  record.status = 'completed';
  record.output = event.output;
  record.endedBy = stored.seq;
  record.metadata = event.metadata ?? null;
  record.undo = event.undo ?? null;
  record.undone = null;
  record.error = null;
  record.fallbackPending = false;
  record.warnings = withHandOvers(record, event.warnings);
  record.completedAt = stored.at;
  if (record.isCall) return record;
  if (record.frame === ROOT) state.succeeded += 1;
  if (record.block !== null && !record.fallbackUsed) joinFrames(state, record);
  if (record.variable !== null) variablesOf(state, record.frame).set(record.variable, event.output);
  publishValues(state, record.frame, event);
  return record;
}

/** Where a step of this frame writes its variables (SPEC §1.4 "Scope of names"). */
function variablesOf(state: RunState, frame: string): Map<string, Json> {
  for (const one of framesFrom(state, frame)) {
    if (!one.isIsolated) continue;
    one.variables ??= new Map();
    return one.variables;
  }
  return state.variables;
}

/** The branches of a `parallel` publish what they have set, in the order of their declaration; an item of a loop does not. */
function joinFrames(state: RunState, { frame: around, kind, block }: StepRecord): void {
  for (const path of block?.frames ?? []) {
    const frame = state.frames.get(path);
    if (frame?.status === 'failed' && kind !== 'try') state.isPartial = true;
    if (kind !== 'parallel') continue;
    for (const [name, value] of frame?.variables ?? []) variablesOf(state, around).set(name, value);
  }
}

function publishValues(state: RunState, frame: string, event: Pick<StepCompleted, 'outputs' | 'variables'>): void {
  for (const [name, value] of Object.entries(event.variables ?? {})) variablesOf(state, frame).set(name, value);
  if (event.outputs === null) return;
  state.setOutputs ??= new Map();
  for (const [name, value] of Object.entries(event.outputs)) state.setOutputs.set(name, value);
}

/** An attempt failed: tried again (`retryAt`), followed by the fallback action, or failed for good. The attempt keeps its own error. */
export function failStep(state: RunState, stored: StoredEvent, event: StepFailed): StepRecord {
  const record = recordOf(state, event.path);
  const attempt = record.attempts.at(-1);
  if (attempt !== undefined) {
    if (attempt.status === 'running') endAttempt(attempt, stored, 'failed');
    attempt.error = event.error;
  }
  record.error = errorOfStep(event.error, event.warnings);
  record.warnings = withHandOvers(record, event.warnings);
  record.failures += 1;
  record.retryAt = event.retryAt;
  if (event.retryAt !== null) {
    record.status = 'pending';
    if (event.renew === true) record.renewal = 'due';
    if (record.block !== null) beginAnew(state, record);
    return record;
  }
  record.fallbackPending = event.policy === 'fallback_action';
  if (record.fallbackPending) return record;
  record.status = 'failed';
  record.completedAt = stored.at;
  if (record.isCall) return record;
  const goesOn = event.fallback !== null || event.policy === 'continue';
  if (record.frame === ROOT) state.failed += 1;
  else if (goesOn) state.isPartial = true;
  if (event.fallback !== null) {
    record.fallbackUsed = true;
    record.output = event.fallback.value;
    if (record.variable !== null) variablesOf(state, record.frame).set(record.variable, event.fallback.value);
  } else if (!goesOn) failFrame(state, record, event);
  return record;
}

/** The step is settled without an attempt. */
export function skipStep(state: RunState, stored: StoredEvent, event: StepSkipped): StepRecord {
  const record = state.steps.open(event.path) ?? addRecord(state, event);
  record.status = 'skipped';
  record.endedWithoutAttempt = { status: 'skipped', at: stored.at, position: null };
  record.skipReason = event.reason;
  record.warnings = event.warnings;
  record.startedAt = stored.at;
  record.completedAt = stored.at;
  if (record.frame === ROOT) state.skipped += 1;
  return record;
}

/** The attempt was cut short, or nobody knows how it ended. */
export function interruptStep(state: RunState, stored: StoredEvent, event: StepCancelled | StepInDoubt): StepRecord {
  const record = recordOf(state, event.path);
  const status = event.type === 'step.in_doubt' ? 'in_doubt' : 'cancelled';
  const attempt = record.attempts.at(-1);
  if (attempt?.status === 'running') endAttempt(attempt, stored, status);
  const isPostponed = event.type === 'step.cancelled' && event.isPostponed === true;
  record.status = isPostponed ? 'pending' : status;
  record.retryAt = null;
  record.completedAt = record.status === 'cancelled' ? stored.at : null;
  return record;
}

/** A person's word on a step in doubt: the run goes on from it. */
export function resolveStep(state: RunState, stored: StoredEvent, event: StepResolved): StepRecord {
  const record = recordOf(state, event.path);
  if (event.as === 'completed') {
    record.status = 'completed';
    record.endedWithoutAttempt = { status: 'completed', at: stored.at, position: stored.position };
    record.output = event.output;
    record.error = null;
    record.fallbackUsed = record.fallbackPending;
    record.fallbackPending = false;
    record.completedAt = stored.at;
    record.undo = event.undo ?? null;
    if (record.frame === ROOT && !record.isCall) state.succeeded += 1;
    if (record.variable !== null) variablesOf(state, record.frame).set(record.variable, event.output);
  } else {
    record.status = 'pending';
    record.failures = 0;
  }
  if (state.status === 'in_doubt') {
    state.status = 'running';
    state.wakeAt = null;
    state.drivenSince = stored.at;
    state.workingSince = stored.at;
  }
  goOnWithRollback(state);
  return record;
}

/** A step's end that was taken over from the linked run. */
export function carryStep(state: RunState, at: number, step: CarriedStep): void {
  const record = addRecord(state, step);
  record.variable = step.variable;
  record.status = step.status;
  record.endedWithoutAttempt = { status: step.status, at, position: null };
  record.output = step.output;
  record.skipReason = 'carried';
  record.fallbackUsed = step.fallbackUsed;
  record.startedAt = at;
  record.completedAt = at;
  if (step.status === 'completed') state.succeeded += 1;
  else if (step.status === 'failed') state.failed += 1;
  else state.skipped += 1;
  if (step.variable !== null && (step.status === 'completed' || step.fallbackUsed))
    state.variables.set(step.variable, step.output);
  publishValues(state, ROOT, step);
}

/** The run goes on: what failed, was cancelled or left out for a failure is open again; what completed stays. */
export function resumeRun(state: RunState, at: number): void {
  const left = state.error?.code === 'run.left_plan' ? state.error.details?.path : undefined;
  if (typeof left === 'string') state.allowedSteps.add(left);
  state.status = 'running';
  state.attempt += 1;
  if (openRollback(state, ROOT) !== null) {
    // It was stopped on its way: only that goes on.
    state.workingSince = at;
    state.pauseRequested = false;
    state.error = null;
    return;
  }
  forgetRollbacks(state);
  state.drivenSince = at;
  state.workingSince = at;
  state.outcome = null;
  state.error = null;
  state.completedAt = null;
  state.pauseRequested = false;
  state.cancelRequested = false;
  state.stoppedBy = null;
  reopenFrame(state, ROOT);
  for (const { block } of state.steps.notPutAway())
    if (block !== null && block.timeoutMs !== null) block.deadlineAt = at + block.timeoutMs;
}

/** A call of a model has ended: the step and the run have spent. */
export function spendOnStep(state: RunState, event: AgentCallEnded): StepRecord {
  const record = recordOf(state, event.path);
  const costE10 = event.cost === null ? 0 : toE10(event.cost);
  const unpriced = event.cost === null ? 1 : 0;
  const before = record.spending ?? { model: null, usage: NO_USAGE, costE10: 0, calls: 0, unpricedCalls: 0 };
  record.spending = {
    model: event.model ?? before.model,
    usage: addUsage(before.usage, event.usage),
    costE10: before.costE10 + costE10,
    calls: before.calls + 1,
    unpricedCalls: before.unpricedCalls + unpriced,
  };
  state.costE10 += costE10;
  state.modelCalls += 1;
  state.unpricedCalls += unpriced;
  return record;
}

/** A call of the step costs something else than what was said at its end. */
export function repriceOnStep(state: RunState, { path, was, cost }: AgentCallRepriced): StepRecord {
  const record = recordOf(state, path);
  const moreE10 = toE10(cost ?? '0') - toE10(was ?? '0');
  const moreUnpriced = (cost === null ? 1 : 0) - (was === null ? 1 : 0);
  const { spending } = record;
  if (spending !== null)
    record.spending = {
      ...spending,
      costE10: spending.costE10 + moreE10,
      unpricedCalls: spending.unpricedCalls + moreUnpriced,
    };
  state.costE10 += moreE10;
  state.unpricedCalls += moreUnpriced;
  return record;
}

/** Another agent takes the step over: its attempts count anew, and it keeps the work of the one that failed. */
export function failOver(state: RunState, stored: StoredEvent, event: AgentFailedOver): StepRecord {
  const record = recordOf(state, event.path);
  record.failures = 0;
  if (event.isShared) return record;
  state.replaced.set(event.fromAgent, { by: event.toAgent, at: stored.at });
  // Whoever takes over is not replaced itself any more (the primary that came back).
  state.replaced.delete(event.toAgent);
  state.failovers.push({
    timestamp: new Date(stored.at).toISOString(),
    from_agent: event.fromAgent,
    to_agent: event.toAgent,
    reason: event.reason,
    step_index: event.stepIndex,
    error: event.error?.message ?? null,
  });
  return record;
}
