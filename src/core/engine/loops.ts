import { isJsonMap, type Json } from '../../shared/json.ts';
import { isFolded, type LoopState, type StepState } from '../../shared/model/run.ts';
import { projectStepState } from './projection.ts';
import { framesFrom, ROOT, type RunState, type StepRecord } from './run-state.ts';
import { liesIn } from './turn-path.ts';

/** Counts of a loop's turns; null for what is no loop, or has not begun. */
export function loopState({ kind, path, block }: StepRecord): LoopState | null {
  if (block === null || (kind !== 'for_each' && kind !== 'while')) return null;
  const { items } = block.decision;
  return { path, total: Array.isArray(items) ? items.length : null, begun: block.frames.length, ...block.ended };
}

/** The loops around a step, the innermost first. */
function* loopsAround(state: RunState, record: StepRecord): Generator<StepRecord> {
  for (const { number, block } of framesFrom(state, record.frame)) {
    const loop = number === null || block === null ? undefined : state.steps.get(block);
    if (loop !== undefined) yield loop;
  }
}

const isFoldedLoop = (record: StepRecord): boolean => {
  const loop = loopState(record);
  return loop !== null && isFolded(loop);
};

/** The outermost folded loop around a step, of those in the turn `within` if it is given; null = it is shown as it is. */
export function foldedAround(state: RunState, record: StepRecord, within: string | null = null): StepRecord | null {
  if (record.frame === ROOT) return null;
  const loops = [...loopsAround(state, record)];
  return loops.findLast((loop) => (within === null || liesIn(loop.path, within)) && isFoldedLoop(loop)) ?? null;
}

/** What screens get of steps: their rows, and of what is inside a folded loop, of those in the turn `within` if it is given, only the counts of the loop. */
export function shownOf(
  state: RunState,
  records: Iterable<StepRecord>,
  within: string | null = null,
): { readonly steps: readonly StepState[]; readonly loops: readonly LoopState[] } {
  const steps: StepState[] = [];
  const loops = new Map<string, LoopState>();
  const note = (record: StepRecord): void => {
    const loop = loopState(record);
    if (loop !== null) loops.set(record.path, loop);
  };
  for (const record of records) {
    const folded = foldedAround(state, record, within);
    if (folded !== null) note(folded);
    else {
      note(record);
      steps.push(projectStepState(record));
    }
  }
  return { steps, loops: [...loops.values()] };
}

const LABEL_LENGTH = 80;
const NAMING = ['name', 'title', 'id', 'key', 'path'];

/** An item in a word. */
export function labelOf(item: Json): string {
  const named = isJsonMap(item) ? NAMING.map((key) => item[key]).find(isPlain) : item;
  return isPlain(named) ? String(named).slice(0, LABEL_LENGTH) : '';
}

const isPlain = (value: Json | undefined): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value !== '');
