import { AppError } from '../../shared/errors.ts';
import type {
  BlockTimedOut,
  FrameEnded,
  FrameFailure,
  FrameOpened,
  StepFailed,
  StoredEvent,
} from '../../shared/model/events.ts';
import { forgetRollbacks } from './fold-rollback.ts';
import { newFrame } from './frame-table.ts';
import { type BlockRecord, type FrameRecord, ROOT, type RunState, type StepRecord } from './run-state.ts';

function blockOf(state: RunState, path: string): { readonly record: StepRecord; readonly block: BlockRecord } {
  const record = state.steps.open(path);
  if (record?.block == null)
    throw new AppError('store.corrupt', `The journal of run ${state.runId} has a part of ${path}, which never began.`);
  return { record, block: record.block };
}

/** A block begins a list of its steps. */
export function openFrame(state: RunState, event: FrameOpened): StepRecord {
  const { record, block } = blockOf(state, event.path);
  const { group, number, itemKey = null } = event;
  const place = { path: event.frame, block: event.path, outer: record.frame, group, number, itemKey };
  state.frames.add(newFrame({ ...place, isIsolated: event.isolated }));
  block.frames.push(event.frame);
  block.open.add(event.frame);
  return record;
}

/** A list of steps is through. */
export function endFrame(state: RunState, stored: StoredEvent, event: FrameEnded): StepRecord {
  const { record, block } = blockOf(state, event.path);
  const frame = frameOf(state, event.frame);
  frame.status = event.status;
  frame.output = event.output;
  frame.failure = event.failure;
  frame.isHandled = event.isHandled;
  frame.endedAt = stored.at;
  block.open.delete(event.frame);
  block.ended[event.status] += 1;
  state.frames.end(frame, stored.seq, state.steps.endFrame(event.frame));
  if (event.status === 'failed' && !event.isHandled) block.failed ??= event.frame;
  return record;
}

function frameOf(state: RunState, path: string): FrameRecord {
  const frame = state.frames.get(path);
  if (frame === undefined)
    throw new AppError('store.corrupt', `The journal of run ${state.runId} ends ${path}, which never began.`);
  return frame;
}

/** A step has failed so that its frame does not go on; the first failure is the one that counts. */
export function failFrame(state: RunState, record: StepRecord, event: StepFailed): void {
  const frame = frameOf(state, record.frame);
  const failure: FrameFailure = {
    error: record.error ?? event.error,
    path: event.cause ?? event.path,
    isFinal: event.isFinal === true,
    ...(event.policy === 'rollback' ? { rollback: { to: event.rollbackTo ?? null } } : {}),
  };
  frame.failure ??= failure;
  if (record.frame === ROOT) state.stoppedBy ??= event.path;
}

/** The run goes on: what failed, was cancelled or left out for a failure in this frame is open again; what completed stays. */
export function reopenFrame(state: RunState, path: string): void {
  const frame = frameOf(state, path);
  frame.failure = null;
  frame.status = 'open';
  frame.endedAt = null;
  for (const record of state.steps.openIn(path)) reopenStep(state, record);
}

function reopenStep(state: RunState, record: StepRecord): void {
  const isOpen =
    (record.status === 'failed' && !record.fallbackUsed) ||
    record.status === 'cancelled' ||
    (record.status === 'skipped' && record.skipReason === 'upstream_failed');
  if (!isOpen) return;
  if (record.frame === ROOT && record.status === 'failed') state.failed -= 1;
  if (record.frame === ROOT && record.status === 'skipped') state.skipped -= 1;
  record.status = 'pending';
  record.failures = 0;
  record.error = null;
  record.retryAt = null;
  record.renewal = 'none';
  record.skipReason = null;
  record.fallbackPending = false;
  record.completedAt = null;
  if (record.block !== null) reopenBlock(state, record, record.block);
}

/** A block goes on where it was: its decisions stay, what it has dealt with stays, and `finally` comes once more at its end. */
function reopenBlock(state: RunState, record: StepRecord, block: BlockRecord): void {
  record.status = 'running';
  const attempt = record.attempts.at(-1);
  if (attempt !== undefined)
    Object.assign(attempt, { status: 'running', completedAt: null, endPosition: null, error: null });
  block.failed = null;
  block.isTimedOut = false;
  const again = [...block.frames].filter((path) => {
    const frame = frameOf(state, path);
    return (frame.status === 'failed' || frame.status === 'cancelled') && !frame.isHandled;
  });
  const isBefore = again.some((path) => frameOf(state, path).group !== 'finally');
  for (const path of again) {
    if (frameOf(state, path).group === 'finally' && isBefore) continue;
    reopenFrame(state, path);
    block.open.add(path);
  }
  if (isBefore)
    for (const path of [...block.frames].filter((one) => frameOf(state, one).group === 'finally'))
      takeBack(state, block, path);
  block.ended = { completed: 0, failed: 0, cancelled: 0 };
  for (const path of block.frames) {
    const { status } = frameOf(state, path);
    if (status !== 'open') block.ended[status] += 1;
  }
}

/** Forgets a frame that comes again later: its steps are as if they had not begun, but for the number of their attempts. */
function takeBack(state: RunState, block: BlockRecord, path: string): void {
  for (const record of state.steps.openIn(path)) forget(state, record);
  state.frames.delete(path);
  block.frames.remove(path);
  block.open.delete(path);
}

/** A block is tried again: its frames are as if they had not begun. */
export function beginAnew(state: RunState, record: StepRecord): void {
  forgetRollbacks(state, record.path);
  const { block } = record;
  if (block !== null) for (const path of [...block.frames]) takeBack(state, block, path);
  record.block = null;
}

/** The deadline of a block has passed. */
export function timeOut(state: RunState, event: BlockTimedOut): StepRecord {
  const { record, block } = blockOf(state, event.path);
  block.isTimedOut = true;
  return record;
}

/** The step comes again from its beginning, with all that it holds. What it waits for stays known to whoever asks anew. */
export function openAgain(state: RunState, record: StepRecord): void {
  if (record.frame === ROOT) {
    if (record.status === 'completed') state.succeeded -= 1;
    else if (record.status === 'skipped') state.skipped -= 1;
    else if (record.status === 'failed') state.failed -= 1;
  }
  const attempt = record.attempts.at(-1);
  if (attempt?.status === 'running') attempt.status = 'cancelled';
  forget(state, record);
}

function forget(state: RunState, record: StepRecord): void {
  const { block } = record;
  if (block !== null) for (const inner of [...block.frames]) takeBack(state, block, inner);
  Object.assign(record, { status: 'pending', block: null, failures: 0, error: null, output: null, skipReason: null });
  Object.assign(record, {
    undo: null,
    undone: null,
    fallbackUsed: false,
    fallbackPending: false,
    retryAt: null,
    completedAt: null,
    now: null,
  });
}
