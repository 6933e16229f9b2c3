import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { CarriedStep, KeptStep } from '../../shared/model/events.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { keyPathOf } from './frame-paths.ts';
import { planWorkflow, setNames, stepIdOf } from './plan.ts';
import { undoneByRun } from './rollbacks.ts';
import { isSettled, ROOT, type RunState, type StepRecord } from './run-state.ts';

/** SPEC §3.9: what a retry from a step takes over, and the steps that will have their effects again. */
export interface RetryPlan {
  readonly from: string;
  readonly carried: readonly CarriedStep[];
  /** Steps inside the top step that is begun again which stand before `from`: their outputs are taken over. */
  readonly kept: readonly KeptStep[];
  /** One path of each step that has been done and will be done again. */
  readonly repeats: readonly string[];
}

/**
 * `from` null = the first step that is not completed or skipped; when all are, the first one. A path inside of blocks: what completed before it
 * there is taken over too. Errors: `step.not_found`, `run.illegal_state` (a step before it cannot be taken over).
 */
export function planRetry(state: RunState, workflow: Workflow, from: string | null): RetryPlan {
  const { steps, topOf } = planWorkflow(workflow);
  const inner = from === null ? undefined : innerStep(state, from);
  const undone = undoneByRun(state);
  const undoneTops = new Set(undone.map(topPath));
  const wanted =
    (from === null ? undefined : (topOf(inner === undefined ? from : stepIdOf(from))?.path ?? from)) ??
    steps.find(({ path }) => !isDone(state, path) || undoneTops.has(path))?.path ??
    steps[0]?.path;
  const start = steps.findIndex(({ path }) => path === wanted);
  if (wanted === undefined || start < 0)
    throw new AppError('step.not_found', `This run has no step '${from}'.`, {
      hint: `Steps: ${steps.map(({ path }) => path).join(', ')}`,
    });
  const before = steps.slice(0, start);
  requireSettled(state, before, { wanted, undoneTops });
  const kept = inner === undefined ? [] : keptBefore(state, inner, wanted, new Set(undone));
  const again = new Set(steps.slice(start).map(({ path }) => path));
  return {
    from: inner === undefined ? wanted : inner.path,
    carried: before.map(({ path, step }) => carry(state, path, step)),
    kept: kept.map(({ frame, path, output }) => ({ keyPath: keyPathOf(state, frame, path), output })),
    repeats: repeatsOf(state, again, new Set(kept.map(({ path }) => path))),
  };
}

const topPath = (path: string): string => path.slice(0, path.search(/[.[]|$/));

/** A step inside of a block that has begun; undefined for every other. */
function innerStep(state: RunState, path: string): Readonly<StepRecord> | undefined {
  const record = state.steps.get(path);
  return record === undefined || record.frame === ROOT || record.isCall ? undefined : record;
}

function requireSettled(
  state: RunState,
  before: readonly { readonly path: string }[],
  { wanted, undoneTops }: { readonly wanted: string; readonly undoneTops: ReadonlySet<string> },
): void {
  const open = before.find(({ path }) => !isSettled(state.steps.get(path)) || undoneTops.has(path));
  if (open === undefined) return;
  const why = undoneTops.has(open.path) ? 'was undone' : 'never ended';
  throw new AppError(
    'run.illegal_state',
    `Step '${open.path}' before '${wanted}' ${why}, so it cannot be taken over.`,
    {
      hint: `Retry from '${open.path}' or an earlier step.`,
    },
  );
}

/** What completed inside the same top step before another one was come to, as it was written, and was not undone since. */
function keptBefore(
  state: RunState,
  { order }: Readonly<StepRecord>,
  top: string,
  undone: ReadonlySet<string>,
): readonly Readonly<StepRecord>[] {
  const kept: Readonly<StepRecord>[] = [];
  for (const one of state.steps.values())
    if (isWork(one) && one.frame !== ROOT && topPath(one.path) === top && one.order < order)
      if (one.status === 'completed' && !one.fallbackUsed && !undone.has(one.path)) kept.push(one);
  return kept;
}

/** It was done itself, not only what is inside of it. */
const isWork = ({ block, isCall, waitpoint, attempts }: Readonly<StepRecord>): boolean =>
  block === null && !isCall && waitpoint === null && attempts.length > 0;

/** Each step once, however many turns of a loop it had; those with an effect before others of the same step. */
function repeatsOf(state: RunState, tops: ReadonlySet<string>, kept: ReadonlySet<string>): readonly string[] {
  const found = new Map<string, Readonly<StepRecord>>();
  for (const one of state.steps.values()) {
    if (one.block !== null || one.isCall || one.attempts.length === 0) continue;
    if (!tops.has(topPath(one.path)) || kept.has(one.path)) continue;
    const id = stepIdOf(one.path);
    if (found.get(id)?.effect !== 'effect') found.set(id, one);
  }
  return [...found.values()].map(({ path }) => path);
}

const isDone = (state: RunState, path: string): boolean => {
  const record = state.steps.get(path);
  return record?.status === 'completed' || (record?.status === 'skipped' && record.skipReason !== 'upstream_failed');
};

function carry(state: RunState, path: string, step: Step): CarriedStep {
  const record = state.steps.get(path);
  if (record === undefined) throw new Error(`no record of settled step ${path}`);
  // What completed is what gave the values: the fallback action, when it stood in.
  const action = record.fallbackUsed ? step.fallback?.action : step.action;
  const values = record.status === 'completed' && isMap(record.output) ? record.output : null;
  return {
    path,
    index: record.index,
    name: record.name,
    variable: record.variable,
    status: record.status === 'completed' ? 'completed' : record.status === 'skipped' ? 'skipped' : 'failed',
    fallbackUsed: record.fallbackUsed,
    output: record.output,
    outputs: action === 'workflow.set_outputs' ? values : null,
    variables: action === 'workflow.set' ? values : variablesOfBlock(state, step),
  };
}

/** What the steps inside a block have left behind for those after it; null for a step that holds no others. */
function variablesOfBlock(state: RunState, { groups }: Step): JsonMap | null {
  if (groups.length === 0) return null;
  const inside = groups.flatMap((group) => group.steps.flatMap(setNames));
  return Object.fromEntries(
    inside.flatMap((name) => (state.variables.has(name) ? [[name, state.variables.get(name) as Json]] : [])),
  );
}

const isMap = (value: Json): value is JsonMap => value !== null && typeof value === 'object' && !Array.isArray(value);
