import type { Json, JsonMap } from '../../../shared/json.ts';
import type { EventCame, WaitpointResolved } from '../../../shared/model/events.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import type { Condition, StepKind, StepOf } from '../../../shared/model/workflow.ts';
import type { WaitpointRecord } from '../run-state.ts';
import type { Evaluator } from './block-kind.ts';

/** Kinds that rest until something comes and do nothing themselves. */
export type PauseKind = Extract<StepKind, 'wait' | 'approval' | 'workflow'>;

/** How a step that rests stands now. */
export type Look =
  /** Nothing before this instant, UTC ms; null = not by itself. */
  | { readonly kind: 'wait'; readonly until: number | null }
  /** What it waits for has come. */
  | {
      readonly kind: 'resolve';
      readonly by: WaitpointResolved['by'];
      readonly status?: WaitpointResolved['status'];
      readonly event?: EventCame;
    };

/** Works out what a step that rests needs, and looks whether what it waits for has come. */
export interface PauseEvaluator extends Evaluator {
  /** The first delivery that the step waits for; null = none has come. */
  came(of: { readonly waitpoint: WaitpointRecord; readonly match: Condition | undefined }): EventCame | null;
}

/** What a step that rested has come to. */
export type PauseEnd =
  | { readonly kind: 'end'; readonly output: Json; readonly warning?: StepWarning }
  | {
      readonly kind: 'fail';
      readonly code: PauseErrorCode;
      readonly message: string;
      readonly hint: string;
      readonly details?: JsonMap;
    };

type PauseErrorCode =
  | 'approval.rejected'
  | 'approval.expired'
  | 'approval.cancelled'
  | 'engine.wait_timed_out'
  | 'run.child_failed';

/** One kind of step that rests: pure, but for what it works out. */
export interface PauseRules<K extends PauseKind> {
  /** Once, when it begins: when it ends by itself at the latest, UTC ms; null = never. Journaled. Errors: `template.*`, `engine.*`. */
  dueAt(step: StepOf<K>, evaluate: Evaluator): number | null;
  /** Asked whenever the run is looked at, until it resolves. */
  look(step: StepOf<K>, waitpoint: WaitpointRecord, evaluate: PauseEvaluator): Look;
  /** What the step gives, after it has resolved. */
  end(step: StepOf<K>, waitpoint: WaitpointRecord): PauseEnd;
}
