import type { PlannedUndo, RollbackPlan, RollbackView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { rollbackStatus } from './fold-rollback.ts';
import { planWorkflow } from './plan.ts';
import { gapOf, rollbackResult, runRollback, stepsToUndo, undoErrorOf, undoOf } from './rollbacks.ts';
import type { RunState, StepRecord } from './run-state.ts';

/** What a rollback undoes, the newest first; `to` = only what stands behind this step in the workflow (SPEC §3.10). `step.not_found`. */
export function stepsBehind(state: RunState, workflow: Workflow, to: string | null): readonly Readonly<StepRecord>[] {
  const { at, topOf, steps } = planWorkflow(workflow);
  const all = { inside: null, behind: 0 };
  if (to === null) return stepsToUndo(state, all);
  const top = topOf(to);
  if (top === undefined || top.path !== to)
    throw new AppError('step.not_found', `This workflow has no step '${to}' to go back to.`, {
      hint: `Steps: ${steps.map(({ path }) => path).join(', ')}`,
    });
  const behind = new Set(steps.slice(steps.indexOf(top) + 1).map(({ path }) => path));
  const topPath = (path: string): string => topOf(at(path)?.step.id ?? '')?.path ?? '';
  return stepsToUndo(state, { ...all, keeps: ({ path }) => !behind.has(topPath(path)) });
}

/** What `runs.rollback` with the same words would do now; calls nothing. `step.not_found`. */
export const planRollback = (state: RunState, workflow: Workflow, to: string | null): RollbackPlan => ({
  steps: stepsBehind(state, workflow, to).map((record) => plannedUndo(record)),
});

function plannedUndo(record: Readonly<StepRecord>): PlannedUndo {
  const undo = undoOf(record);
  if (undo === null) throw new Error(`${record.path} has nothing to undo`);
  const { path, name, undone } = record;
  const { strategy, actions } = undo;
  return { path, name, strategy, actions, gap: gapOf(record, undo), hasFailed: undone?.status === 'failed' };
}

/** The newest rollback of the run itself; null = there was none. */
export function viewRollback(state: RunState): RollbackView | null {
  const rollback = runRollback(state);
  if (rollback === null) return null;
  const { by, to, startedAt, endedAt, steps, ends } = rollback;
  const shown = steps.map((path, at) => {
    const record = state.steps.get(path);
    const end = ends[at] ?? null;
    const error = record === undefined || end?.status !== 'failed' ? null : undoErrorOf(state, record);
    return { path, name: record?.name ?? path, end, error: error?.message ?? null };
  });
  return { status: rollbackStatus(rollback), by, to, startedAt, endedAt, steps: shown };
}

/** SPEC §3.10 "Result" of the newest rollback of the run; null = there was none. */
export function resultOfRollback(state: RunState): ReturnType<typeof rollbackResult> | null {
  const rollback = runRollback(state);
  return rollback === null ? null : rollbackResult(state, rollback);
}
