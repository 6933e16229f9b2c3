import type { LiveEvent, RunView } from '../../../shared/contract/index.ts';
import { isFolded, type LoopState, type StepState } from '../../../shared/model/run.ts';

export type RunDelta = Extract<LiveEvent, { readonly kind: 'run' }>;

/**
 * Lays a delta over what the screen shows. Rows come whole, so applying one twice changes nothing; one that is not newer
 * than the snapshot, or of another run, is ignored and the very same view comes back.
 */
export function applyDelta(view: RunView, delta: RunDelta): RunView {
  if (delta.run.runId !== view.run.runId || delta.position <= view.position) return view;
  const loops = mergeLoops(view.loops, delta.loops);
  const steps = mergeSteps(view.steps, delta.steps);
  return { ...view, position: delta.position, run: delta.run, loops, steps: foldAway(steps, view.loops, loops) };
}

function mergeLoops(loops: readonly LoopState[], changed: readonly LoopState[]): readonly LoopState[] {
  if (changed.length === 0) return loops;
  const merged = new Map(loops.map((loop) => [loop.path, loop]));
  for (const loop of changed) merged.set(loop.path, loop);
  return [...merged.values()];
}

/** A loop that has grown long is folded from then on: its turns are asked for when somebody looks at them. */
function foldAway(
  steps: readonly StepState[],
  before: readonly LoopState[],
  after: readonly LoopState[],
): readonly StepState[] {
  if (before === after) return steps;
  const known = new Set(before.filter(isFolded).map(({ path }) => path));
  const news = after.filter((loop) => isFolded(loop) && !known.has(loop.path));
  return news.length === 0 ? steps : steps.filter(({ path }) => !news.some((loop) => path.startsWith(`${loop.path}[`)));
}

function mergeSteps(steps: readonly StepState[], changed: readonly StepState[]): readonly StepState[] {
  if (changed.length === 0) return steps;
  const news = new Map(changed.map((state) => [state.path, state]));
  const merged = steps.map((state) => {
    const other = news.get(state.path);
    news.delete(state.path);
    return other ?? state;
  });
  return news.size === 0 ? merged : [...merged, ...news.values()];
}

/** A fresh snapshot with the deltas that arrived while it was on its way. */
export const takeSnapshot = (snapshot: RunView, meanwhile: readonly RunDelta[]): RunView =>
  meanwhile.reduce(applyDelta, snapshot);

/** True when buttons, outputs or warnings may have changed: those are only in a snapshot. */
export const needsSnapshot = (before: RunView, after: RunView): boolean =>
  before.run.status !== after.run.status ||
  before.run.outcome !== after.run.outcome ||
  before.run.rollback !== after.run.rollback ||
  before.run.pauseRequested !== after.run.pauseRequested ||
  before.run.cancelRequested !== after.run.cancelRequested;
