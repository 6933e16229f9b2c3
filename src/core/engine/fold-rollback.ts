import { AppError } from '../../shared/errors.ts';
import type { RollbackEnded, RollbackStarted, UndoEnded } from '../../shared/model/events.ts';
import { type RollbackStatus, undoPathOf } from '../../shared/model/undo.ts';
import { isInside } from './effects-inside.ts';
import { ROOT, type RollbackRecord, type RunState, type StepRecord } from './run-state.ts';

/** The newest rollback of an owner since that has begun; null = none. */
export const rollbackOf = (state: RunState, owner: string): RollbackRecord | null =>
  state.rollbacks.findLast((one) => one.owner === owner && !one.isPast) ?? null;

/** The same, while it is not through. */
export function openRollback(state: RunState, owner: string): RollbackRecord | null {
  const rollback = rollbackOf(state, owner);
  return rollback?.endedAt === null ? rollback : null;
}

/** How a rollback stands. */
export const rollbackStatus = ({ endedAt, isInDoubt, ends }: RollbackRecord): RollbackStatus =>
  endedAt === null
    ? isInDoubt
      ? 'in_doubt'
      : 'in_progress'
    : ends.every(({ status, gap }) => status !== 'failed' && gap === undefined)
      ? 'completed'
      : 'partial';

/** A rollback begins: what an earlier one left is tried again, and so is what undid a step that was done once more since. */
export function beginRollback(state: RunState, at: number, event: RollbackStarted): null {
  const { owner, by, to, steps } = event;
  const times = { startedAt: at, endedAt: null };
  state.rollbacks.push({ owner, by, to, steps, ends: [], ...times, isInDoubt: false, isPast: false });
  for (const path of steps) {
    const done = endOf(state.steps.get(path));
    for (const undo of undosOf(state, path)) if (undo.status === 'failed' || endOf(undo) < done) beginAgain(undo);
  }
  return null;
}

/** Where in the journal a step ended; 0 = it has not. */
export const endOf = (record: Readonly<StepRecord> | undefined): number =>
  Math.max(record?.attempts.at(-1)?.endPosition ?? 0, record?.endedWithoutAttempt?.position ?? 0);

const beginAgain = (undo: StepRecord): unknown =>
  Object.assign(undo, { status: 'pending', failures: 0, error: null, retryAt: null, completedAt: null });

/** What undoes a step, as far as it has begun. */
function undosOf(state: RunState, path: string): readonly StepRecord[] {
  const undos: StepRecord[] = [];
  for (;;) {
    const undo = state.steps.open(undoPathOf(path, undos.length));
    if (undo === undefined) return undos;
    undos.push(undo);
  }
}

/** One of its steps is through. */
export function endUndo(state: RunState, { owner, path, status, strategy, gap }: UndoEnded): StepRecord {
  const rollback = openOf(state, owner);
  const record = state.steps.open(path);
  if (record === undefined)
    throw new AppError('store.corrupt', `The journal of run ${state.runId} undoes ${path}, which never began.`);
  record.undone = { status, strategy, ...(gap === undefined ? {} : { gap }) };
  rollback.ends.push(record.undone);
  return record;
}

/** Nothing goes on before a person decides; see `RollbackInDoubt`. */
export function doubtRollback(state: RunState): null {
  openOf(state, ROOT).isInDoubt = true;
  return null;
}

/** A person has decided about a step in doubt. */
export function goOnWithRollback(state: RunState): void {
  const rollback = openRollback(state, ROOT);
  if (rollback !== null) rollback.isInDoubt = false;
}

/** It is through. */
export function endRollback(state: RunState, at: number, { owner }: RollbackEnded): StepRecord | null {
  openOf(state, owner).endedAt = at;
  return null;
}

/** The run begins anew: what was rolled back before is history. `inside` = only of what is in this block, and of itself. */
export function forgetRollbacks(state: RunState, inside: string | null = null): void {
  for (const rollback of state.rollbacks)
    if (inside === null || rollback.owner === inside || isInside(rollback.owner, inside)) rollback.isPast = true;
}

function openOf(state: RunState, owner: string): RollbackRecord {
  const rollback = openRollback(state, owner);
  if (rollback !== null) return rollback;
  throw new AppError('store.corrupt', `The journal of run ${state.runId} goes on with a rollback that never began.`);
}
