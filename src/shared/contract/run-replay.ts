import type { JsonMap } from '../json.ts';
import type { InputDefinition } from '../model/workflow.ts';
import type { RepeatedStep } from './runs.ts';

/** What a replay of a run would begin with, in the version that it ran with or in today's. */
export interface ReplayPlan {
  readonly version: { readonly label: string; readonly hash: string };
  /** The inputs of that version; a secret that the run was given may be left empty. */
  readonly inputs: readonly InputDefinition[];
  /** What the run was given, without secrets. */
  readonly given: JsonMap;
  /** Steps of the version that the run has done, each once, which would do their work again. */
  readonly repeats: readonly RepeatedStep[];
}
