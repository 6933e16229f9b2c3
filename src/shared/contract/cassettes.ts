import { z } from 'zod';
import { CASSETTE_NAME, MAX_CASSETTE_BYTES, type ReplayReport } from '../model/cassette.ts';
import { runIdField, stepPathField, workflowRefField } from './fields.ts';
import { hiding, operation, showingRuns } from './operation.ts';
import type { RepeatedStep } from './runs.ts';

/** A recording in the folder `tests` of a workflow. */
export interface WorkflowTest {
  readonly name: string;
  /** Within the project, `/` separated. */
  readonly path: string;
  /** The run that was recorded, and when that was made; null = the file is no recording, `problem` says why. */
  readonly recorded: { readonly runId: string; readonly at: string; readonly exchanges: number } | null;
  readonly problem: string | null;
  /** The newest replay of it here; null = there is none. */
  readonly last: {
    readonly runId: string;
    readonly at: number;
    readonly verdict: ReplayReport['verdict'];
  } | null;
}

/** A recording that was written. */
export interface SavedTest {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly exchanges: number;
  /** `.bundleignore` leaves recordings out from now on: the version of the bundle is another one for it, this once. */
  readonly isBundleChanged: boolean;
}

/** What a recording answers before the step from which a run goes on for real. */
export interface ForkPlan {
  /** Steps that can be chosen, in the order in which they began. */
  readonly steps: readonly string[];
  /** Steps from there on that the recording holds, each once: they do their work again. */
  readonly repeats: readonly RepeatedStep[];
}

const nameField = z.string().regex(CASSETTE_NAME);

/** Where a recording is taken from: a run of this project, a test of a workflow, or the text of a file. */
const recordingField = z.union([
  z.strictObject({ runId: runIdField }),
  z.strictObject({ workflow: workflowRefField, name: nameField }),
  z.strictObject({ text: z.string().max(MAX_CASSETTE_BYTES), name: z.string().max(200) }),
]);

/** What can be done about recordings of runs. */
export const cassetteOperations = showingRuns({
  /**
   * Records a run that has ended as a test of its workflow: `tests/NAME.cassette.json` in its bundle, without secrets. Errors:
   * `run.not_found`, `cassette.not_recordable`, `cassette.too_large`, `cassette.exists` (without `replace`), `file.*`.
   */
  'cassettes.save': operation<SavedTest>()(
    z.strictObject({ runId: runIdField, name: nameField, replace: z.boolean().default(false) }),
    'workflow:edit',
    'workflow.updated',
  ),
  /** The tests of a workflow, by name. Errors: `workflow.not_found`. */
  'cassettes.list': operation<{ readonly tests: readonly WorkflowTest[] }>()(
    z.strictObject({ workflow: workflowRefField }),
    'workflow:read',
  ),
  /**
   * A run that is answered from a recording: nothing is called and nothing costs. It is of the version of the recorded run, with `latest` of
   * today's; a recording in a file is always held against today's. With `from` the steps from there on are done for real. Errors:
   * `cassette.invalid`, `cassette.not_found`, `cassette.not_recordable`, `step.not_found`, and with `from` those of a start.
   */
  'cassettes.replay': hiding(
    ['recording'],
    operation<{ readonly runId: string }>()(
      z.strictObject({ recording: recordingField, latest: z.boolean().default(false), from: stepPathField.optional() }),
      'workflow:execute',
      'workflow.executed',
    ),
  ),
  /** What `cassettes.replay` with the same words and `from` would do for real; starts nothing. Errors as there. */
  'cassettes.planFork': operation<ForkPlan>()(
    z.strictObject({ recording: recordingField, latest: z.boolean().default(false), from: stepPathField.optional() }),
    'workflow:read',
  ),
  /** How a run that was answered from a recording came out beside it. Errors: `run.not_found`, `cassette.not_found` (it was not). */
  'cassettes.report': operation<ReplayReport>()(z.strictObject({ runId: runIdField }), 'workflow:read'),
} as const);
