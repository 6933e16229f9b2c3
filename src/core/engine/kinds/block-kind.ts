import type { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { FrameFailure } from '../../../shared/model/events.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import type { RollbackCause } from '../../../shared/model/undo.ts';
import type { Condition, StepKind, StepOf } from '../../../shared/model/workflow.ts';
import { evaluateCondition, renderValue, type Scope } from '../../workflow/index.ts';
import type { BlockRecord, FrameRecord, RunState } from '../run-state.ts';
import { toJson } from '../to-json.ts';

/** Kinds that hold other steps and that the engine runs. */
export type BlockKind = Extract<
  StepKind,
  'for_each' | 'parallel' | 'if' | 'switch' | 'while' | 'try' | 'transaction' | 'savepoint' | 'rollback_to'
>;

/** A block that has begun: what it is, what it has decided and what became of its frames. */
export interface Block<K extends BlockKind = BlockKind> {
  readonly step: StepOf<K>;
  readonly path: string;
  readonly record: BlockRecord;
  readonly state: RunState;
}

/** A frame to be opened. `at` is appended to the block's path and makes its place in the tree. */
export interface FrameStart {
  readonly at: string;
  readonly group: string;
  readonly number?: number;
  readonly itemKey?: string;
  readonly isolated?: boolean;
}

/** What a block does next. */
export type Move =
  | { readonly kind: 'open'; readonly frames: readonly FrameStart[] }
  /** Nothing before one of its frames ends. */
  | { readonly kind: 'idle' }
  /** Nothing before this instant, UTC ms. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Its open frames are called off; asked again when they have ended. */
  | { readonly kind: 'close' }
  /** What completed in its transaction is undone, down to a savepoint or all of it; asked again when that is through. */
  | { readonly kind: 'undo'; readonly by: RollbackCause; readonly to: string | null }
  | { readonly kind: 'end'; readonly output: Json; readonly variables?: JsonMap }
  | { readonly kind: 'fail'; readonly failure: FrameFailure };

/** Works texts of the workflow out with the names that a block sees. Errors: `template.*`. */
export interface Evaluator {
  condition(text: Condition): boolean;
  /** A literal, a template or a bare expression, as the value that it gives. */
  value(written: Json): Json;
  /** UTC ms. */
  readonly now: number;
}

/** One kind of block: pure, but for what it works out. It knows its own fold and nothing of stores, clocks or tools. */
export interface KindRules<K extends BlockKind> {
  /** Once, when the block begins. The answer is journaled and never worked out again. Errors: `template.*`, `engine.*`. */
  decide(step: StepOf<K>, evaluate: Evaluator): JsonMap;
  /** Asked when the block has begun and whenever one of its frames has ended. */
  next(block: Block<K>, evaluate: Evaluator): Move;
  /** Whether the block takes care of a failure in this frame. */
  handles(step: StepOf<K>, group: string, failure: FrameFailure): boolean;
  /** Names that the steps of the frame see besides. */
  locals?(block: Block<K>, frame: FrameRecord): JsonMap;
  /** The output of a frame that ended well; absent = that of its last step that has one. */
  outputOf?(step: StepOf<K>): Json | undefined;
  /** The block is called off: what must be done all the same before it ends. */
  closing?(block: Block<K>): FrameStart | null;
}

/** The names of a scope, ready to be used by a kind. What is odd goes to `warn`. */
export function createEvaluator(scope: Scope, now: number, warn: (warning: StepWarning) => void): Evaluator {
  return {
    now,
    condition: (text) => {
      const { value, warnings } = evaluateCondition(text, scope, { now });
      warnings.forEach(warn);
      return value;
    },
    value: (written) => {
      const isBare = typeof written === 'string' && !written.includes('{');
      const { value, warnings } = renderValue(isBare ? `{{ ${written} }}` : written, scope, { now });
      warnings.forEach(warn);
      const notes: StepWarning[] = [];
      const json = toJson(value, notes);
      notes.forEach(warn);
      return json;
    },
  };
}

/** The frame at a path, if it was opened. */
export const frameOf = (block: Block, path: string): FrameRecord | undefined => block.state.frames.get(path);

/** The one frame of a block that takes one branch: its end is the block's. */
export function endOfBranch(block: Block, branch: Json | undefined): Move {
  if (typeof branch !== 'string') return { kind: 'end', output: null };
  const path = block.record.frames.first;
  const frame = path === undefined ? undefined : frameOf(block, path);
  if (frame === undefined) return { kind: 'open', frames: [{ at: `:${branch}`, group: branch }] };
  if (frame.status === 'open') return { kind: 'idle' };
  return frame.failure === null ? { kind: 'end', output: frame.output } : { kind: 'fail', failure: frame.failure };
}

/** A failure of the block itself. */
export const ownFailure = (block: Block, error: AppError): FrameFailure => ({
  error: error.toRecord(),
  path: block.path,
  isFinal: false,
});
