import type { PlacedStep, PlannedStep } from './ports.ts';
import { type FrameRecord, framesFrom, ROOT, type RunState } from './run-state.ts';

/** What the paths of the steps in a frame begin with: empty for the run itself, else the block with the number of the turn. */
const prefixOf = ({ block, number }: FrameRecord): string =>
  block === null ? '' : `${block}${number === null ? '' : `[${number}]`}.`;

/** The path of a step in a frame (DESIGN decision 4). */
export const pathIn = (frame: FrameRecord, stepId: string): string => `${prefixOf(frame)}${stepId}`;

/** A step of the plan at its place in a frame. */
export const placed = (step: PlannedStep, frame: FrameRecord): PlacedStep => ({
  step: step.step,
  index: step.index,
  path: pathIn(frame, step.step.id),
  frame: frame.path,
});

/**
 * The path that `AIWORKFLOW_STEP_KEY` is made of: in the items of a loop the item itself stands for its number, so that it keeps its key
 * when the list shifts (SPEC §3.8).
 */
export function keyPathOf(state: RunState, frame: string, path: string): string {
  if (frame === ROOT) return path;
  let rest = path;
  const parts: string[] = [];
  for (const one of framesFrom(state, frame)) {
    if (one.path === ROOT) break;
    const prefix = prefixOf(one);
    parts.unshift(rest.slice(prefix.length));
    rest = one.block ?? '';
    if (one.number !== null) parts.unshift(`[${one.itemKey ?? one.number}]`);
  }
  return parts.length === 0 ? path : [rest, ...parts].join('.').replaceAll('.[', '[');
}
