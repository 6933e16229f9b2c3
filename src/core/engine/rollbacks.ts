import type { ErrorRecord } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import { type RollbackCause, type StepUndo, type UndoGap, undoPathOf } from '../../shared/model/undo.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { isInside } from './effects-inside.ts';
import { endOf, openRollback, rollbackOf } from './fold-rollback.ts';
import { keyPathOf } from './frame-paths.ts';
import {
  framesFrom,
  isEnded,
  isResting,
  ROOT,
  type RollbackRecord,
  type RunState,
  type StepRecord,
} from './run-state.ts';

/** The nearest transaction around the step, or the step itself when it is one; null = there is none. */
export function transactionAt(state: RunState, path: string): string | null {
  const record = state.steps.get(path);
  if (record === undefined || record.kind === 'transaction') return record?.path ?? null;
  for (const { block } of framesFrom(state, record.frame))
    if (block !== null && state.steps.get(block)?.kind === 'transaction') return block;
  return null;
}

/** The position behind which everything was done since a savepoint of the transaction around a step; null = the run has not come to it. */
export function savepointAt(state: RunState, path: string, name: string): number | null {
  const transaction = transactionAt(state, path);
  if (transaction === null) return null;
  let position: number | null = null;
  for (const record of state.steps.values())
    if (record.kind === 'savepoint' && record.status === 'completed' && isInside(record.path, transaction))
      if (record.block?.decision.name === name && transactionAt(state, record.path) === transaction)
        position = Math.max(position ?? 0, endOf(record));
  return position;
}

/** What is to be undone. */
export interface UndoRange {
  /** Only what is inside this block; null = everything. */
  readonly inside: string | null;
  /** Only what ended behind this position. */
  readonly behind: number;
  /** What stays as it is. */
  readonly keeps?: (record: Readonly<StepRecord>) => boolean;
}

/** Steps that have left something behind, the newest first (SPEC §3.10: reverse order of completion). */
export function stepsToUndo(state: RunState, { inside, behind, keeps }: UndoRange): readonly Readonly<StepRecord>[] {
  const found: { readonly record: Readonly<StepRecord>; readonly at: number }[] = [];
  for (const record of state.steps.values()) {
    if (record.isCall || record.undone?.status === 'completed' || undoOf(record) === null) continue;
    if (inside !== null && !isInside(record.path, inside)) continue;
    const at = endOf(record);
    if (at > behind && keeps?.(record) !== true) found.push({ record, at });
  }
  return found.sort((one, other) => other.at - one.at).map(({ record }) => record);
}

/** Of a step that may have left something behind and says nothing of how it is undone. */
export const NOTHING_WRITTEN: StepUndo = { strategy: 'compensate', actions: [] };

/** How a step is undone; null = it has left nothing behind, or it was taken over from another run. */
export function undoOf(record: Readonly<StepRecord>): StepUndo | null {
  const { status, kind, effect, attempts, undo, skipReason } = record;
  if (status === 'completed') {
    if (undo !== null) return undo;
    return skipReason !== 'carried' && (kind === 'workflow' || effect === 'effect') ? NOTHING_WRITTEN : null;
  }
  const wasCutShort = status === 'in_doubt' || status === 'cancelled';
  return wasCutShort && kind === 'action' && effect === 'effect' && attempts.length > 0 ? NOTHING_WRITTEN : null;
}

/** Why a step cannot be undone; null = it can, or there is nothing to undo. */
export function gapOf(record: Readonly<StepRecord>, { strategy, actions, problem }: StepUndo): UndoGap | null {
  if (record.status !== 'completed') return 'unknown_end';
  if (problem !== undefined) return 'not_worked_out';
  if (strategy !== 'compensate' || actions.length > 0) return null;
  return record.kind === 'workflow' ? 'own_run' : 'no_action';
}

/** Why the newest undoing of a step failed; null = it did not. */
export function undoErrorOf(state: RunState, record: Readonly<StepRecord>): ErrorRecord | null {
  const actions = record.undo?.actions ?? [];
  if (record.undone?.status !== 'failed') return record.undo?.problem ?? null;
  return (
    actions.map((_, at) => state.steps.get(undoPathOf(record.path, at))?.error ?? null).find((one) => one !== null) ??
    null
  );
}

/** SPEC §3.10 "Result". */
export function rollbackResult(state: RunState, rollback: RollbackRecord): JsonMap {
  const { ends, steps, startedAt, endedAt } = rollback;
  const count = (status: string): number => ends.filter((end) => end.status === status).length;
  const records = steps.map((path) => state.steps.get(path));
  const errors = records.flatMap((record) => {
    const error = record?.undone?.status === 'failed' ? undoErrorOf(state, record) : null;
    return record === undefined || error === null ? [] : [`Step ${record.name}: ${error.message}`];
  });
  const failed = count('failed');
  return {
    success: failed === 0,
    partial_rollback: failed > 0 || ends.some(({ gap }) => gap !== undefined),
    steps_rolled_back: count('completed'),
    steps_failed: failed,
    steps_skipped: count('skipped'),
    errors,
    rollback_actions: records.flatMap((record, at) =>
      record === undefined ? [] : [actionOf(state, record, ends[at])],
    ),
    duration_seconds: endedAt === null ? null : (endedAt - startedAt) / 1000,
  };
}

function actionOf(
  state: RunState,
  record: Readonly<StepRecord>,
  end: RollbackRecord['ends'][number] | undefined,
): Json {
  const undo = undoOf(record) ?? NOTHING_WRITTEN;
  const error = end?.status === 'failed' ? undoErrorOf(state, record) : null;
  const first = undo.actions[0];
  const newest = state.steps.get(undoPathOf(record.path, 0));
  return {
    step_name: record.name,
    step_index: record.index,
    path: record.path,
    strategy: undo.strategy,
    compensate_action: first?.action ?? null,
    compensate_inputs: first?.inputs ?? null,
    executed_at:
      newest?.startedAt == null ? null : new Date(newest.attempts.at(-1)?.startedAt ?? newest.startedAt).toISOString(),
    rollback_status: end?.status ?? 'pending',
    rollback_error: error?.message ?? null,
    metadata: end?.gap === undefined ? {} : { reason: end.gap },
  };
}

/** The rollback of the run itself that is the newest; null = none was. */
export const runRollback = ({ rollbacks }: RunState): RollbackRecord | null =>
  rollbacks.findLast(({ owner }) => owner === ROOT) ?? null;

/** True while anything of the run is being rolled back. */
export const isRollingBack = ({ rollbacks }: RunState): boolean =>
  rollbacks.some(({ endedAt, isPast }) => endedAt === null && !isPast);

/** Why the run is to be rolled back before it ends; null = it is not, or was already. */
export function rollbackDue(state: RunState, { execution }: Workflow, isTimeUp: boolean): RollbackCause | null {
  if (isEnded(state.status) || isRollingBack(state) || rollbackOf(state, ROOT) !== null) return null;
  if (state.cancelRequested) return execution.rollbackOnCancel ? 'cancel' : null;
  const isWritten = execution.errorHandling === 'rollback';
  if (isTimeUp) return isWritten ? 'timeout' : null;
  const failure = state.frames.get(ROOT)?.failure ?? null;
  return failure !== null && (isWritten || failure.rollback !== undefined) ? 'failure' : null;
}

/** Whether going on with a run that has ended would go on from steps that were undone. */
export const wasRolledBack = (state: RunState): boolean =>
  state.rollbacks.some(
    ({ owner, ends, isPast }) =>
      !isPast && ends.some(({ status }) => status === 'completed') && (owner === ROOT || isOpenAgain(state, owner)),
  );

/** A transaction that a resume would open again. */
function isOpenAgain(state: RunState, path: string): boolean {
  const record = state.steps.get(path);
  if (record?.kind !== 'transaction' || record.status === 'completed' || record.fallbackUsed) return false;
  return ![...framesFrom(state, record.frame)].some(({ isHandled }) => isHandled);
}

/** Steps that a rollback of the run itself has undone, by path: a retry takes nothing over from them. */
export const undoneByRun = ({ rollbacks }: RunState): readonly string[] =>
  rollbacks.flatMap(({ owner, steps, ends }) =>
    owner === ROOT ? steps.filter((_, at) => ends[at]?.status === 'completed') : [],
  );

/** Steps that were undone, by path. */
const undoneSteps = ({ steps }: RunState): readonly string[] =>
  [...steps.notPutAway()].flatMap(({ path, undone }) => (undone?.status === 'completed' ? [path] : []));

/** What the keys of steps are made of that were undone in this run and in those that it retries; see `RunCreated.undone`. */
export const undoneKeys = (state: RunState): readonly string[] => [
  ...(state.created.undone ?? []),
  ...undoneSteps(state).map((path) => keyPathOf(state, state.steps.get(path)?.frame ?? ROOT, path)),
];

/** True while a run that has ended is rolled back and nobody has to be asked. */
export const isUndoing = (state: RunState): boolean =>
  isEnded(state.status) && openRollback(state, ROOT)?.isInDoubt === false;

/** True when nobody drives the run, or is about to let go of it. */
export const rests = (state: RunState): boolean => isResting(state.status) && !isUndoing(state);
