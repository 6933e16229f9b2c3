import { z } from 'zod';
import type { Json, JsonMap } from '../json.ts';
import type { ConversationEntry } from '../model/agent.ts';
import type { RunComparison } from '../model/comparison.ts';
import type { RunCost } from '../model/cost.ts';
import type { StoredEvent } from '../model/events.ts';
import type { RunPlan } from '../model/plan.ts';
import type { ForeignRun } from '../model/portable-run.ts';
import type { RunElsewhere } from '../model/remote-run.ts';
import type {
  LogLine,
  LoopState,
  Rest,
  RunResult,
  RunSummary,
  StepState,
  SuccessConditionResult,
  TurnState,
  TurnWait,
} from '../model/run.ts';
import { RUN_STATUSES } from '../model/run.ts';
import type { FoundRun, SearchIndexState } from '../model/run-search.ts';
import type { RunStatistics } from '../model/run-statistics.ts';
import type { OutputDefinition, Step } from '../model/workflow.ts';
import { innerPathField, inputsField, jsonField, runIdField, stepPathField, workflowRefField } from './fields.ts';
import { operation, showingRuns } from './operation.ts';
import type { ReplayPlan } from './run-replay.ts';
import type { RollbackPlan, RollbackView } from './run-rollback.ts';

/** Whether a button works now; when not, the sentence that stands beside it. */
export type Availability = { readonly enabled: true } | { readonly enabled: false; readonly reason: string };

/** Everything the run screen opens with; then it takes `run` events whose position is greater. */
export interface RunView {
  readonly position: number;
  readonly run: RunSummary;
  /** Every top step of the pinned version in order, started or not, and what has begun inside of it; nothing inside folded loops. */
  readonly steps: readonly StepState[];
  /** Every loop that has begun, but for those inside a folded one. */
  readonly loops: readonly LoopState[];
  /** The step inside a folded loop that failed or is in doubt, the first of them; null = there is none. */
  readonly attention: string | null;
  /** Agents that worked inside folded loops, and the tokens that they used there. */
  readonly folded: { readonly agents: readonly string[]; readonly tokens: number };
  /** When nobody was at work on it, in order, the newest 500. */
  readonly rests: readonly Rest[];
  /** The pinned step tree, for names, nesting and actions; empty where the version cannot be read. */
  readonly plan: readonly Step[];
  /** The kept version of its workflow cannot be read now, as on a drive that is away: of its steps only those that began are known. */
  readonly isVersionAway?: true;
  readonly inputs: JsonMap;
  readonly outputs: JsonMap;
  readonly successConditions: readonly SuccessConditionResult[];
  readonly warnings: readonly string[];
  /** Mean duration of earlier completed runs of this workflow, and how many. */
  readonly average: { readonly durationMs: number; readonly runs: number } | null;
  /** While it goes on: when after the start each step began in those runs, and how long it took, by path; empty without an average. */
  readonly usualSteps: Readonly<Record<string, UsualStep>>;
  /** What the workflow says that it gives. */
  readonly outputDefinitions: readonly OutputDefinition[];
  readonly actions: RunActions;
  /** Null = it was not rolled back. */
  readonly rollback: RollbackView | null;
  /** What it was answered from; absent = it did its work. `from` = the first step that was done for real, null = none was. */
  readonly replay?: { readonly name: string; readonly from: string | null };
  /** It rests, and nothing goes on before a person does something: in this run or in one that it waits for. */
  readonly needsPerson: boolean;
  /** Why it waits for its turn, where the process that would drive it says so; absent = it does not. */
  readonly turn?: TurnWait;
  /** It is of another control center: where it comes from. Absent: it ran here. */
  readonly foreign?: Omit<ForeignRun, 'run'>;
  readonly elsewhere?: RunElsewhere;
  readonly logLines: number;
  /** 0 = no agent took part. */
  readonly conversationEntries: number;
  readonly eventCount: number;
}

export interface UsualStep {
  readonly afterMs: number;
  readonly durationMs: number;
}

/** A step that ran already and would run again in a retry, with what that may do (SPEC §3.9). */
export interface RepeatedStep {
  readonly path: string;
  readonly name: string;
  readonly effect: 'pure' | 'idempotent' | 'effect';
}

/** Some turns of a loop, in order. `total` = how many the filter lets through. */
export interface LoopTurns {
  readonly loop: LoopState;
  readonly turns: readonly TurnState[];
  readonly total: number;
  /** How many turns ended in each of equal parts of the time from the first end to the last; null before a second one ended. */
  readonly spread: {
    readonly fromAt: number;
    readonly untilAt: number;
    readonly ended: readonly number[];
    readonly failed: readonly number[];
  } | null;
}

/** What has begun inside one turn of a loop, without what is inside folded loops in it. */
export interface TurnView {
  readonly steps: readonly StepState[];
  readonly loops: readonly LoopState[];
}

/** What the same step gave in the newest other run of its workflow in which it completed. */
export interface EarlierOutput {
  readonly runId: string;
  readonly completedAt: number;
  readonly output: Json;
}

export interface RunActions {
  readonly cancel: Availability;
  readonly pause: Availability;
  readonly resume: Availability;
  readonly retry: Availability;
  readonly rollback: Availability;
  readonly undo: Availability;
  readonly remove: Availability;
}

export interface StepDetail {
  readonly state: StepState;
  readonly action: string;
  readonly inputs: JsonMap | null;
  readonly output: Json;
  readonly logLines: number;
}

export interface RunFile {
  /** Relative to the run's folder, `/` separated. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

const runInput = z.strictObject({ runId: runIdField });
const runFilter = z.strictObject({
  workflow: z.string().max(200).optional(),
  status: z.array(z.enum(RUN_STATUSES)).max(10).optional(),
  outcome: z.enum(['success', 'partial', 'failed']).optional(),
  trigger: z.enum(['manual', 'schedule', 'webhook', 'file', 'event', 'queue', 'replay']).optional(),
  /** Instants in UTC ms. */
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  /** True: only those that rest until a person says something (`needsPerson`). */
  needsPerson: z.literal(true).optional(),
  /** In the run id, the workflow's id and name, the reason, what the run was given and gave. Taken literally. */
  text: z.string().max(200).optional(),
});
/** The same words for a start in every door. */
export const startInput = z.strictObject({
  workflow: workflowRefField,
  inputs: inputsField.default({}),
  agent: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
  timeoutMs: z.number().int().positive().max(31_622_400_000).optional(),
});

/** What can be done about runs. */
export const runOperations = showingRuns({
  /**
   * `plan`: the run follows the plan of this hash, or of one that begins so, and rests where it would leave it (`run.left_plan`). Errors:
   * `run.other_plan` where the start is not what that plan was made of.
   */
  'runs.start': operation<{ readonly runId: string }>()(
    startInput.extend({
      plan: z
        .string()
        .regex(/^[0-9a-f]{12,64}$/)
        .optional(),
    }),
    'workflow:execute',
    'workflow.executed',
  ),
  /** The whole tree as far as the inputs tell it; starts, calls and writes nothing. Errors as of a start. */
  'runs.plan': operation<RunPlan>()(startInput, 'workflow:read'),
  'runs.list': operation<{
    readonly runs: readonly RunSummary[];
    readonly nextCursor: string | null;
    readonly position: number;
    /** Ids of those that nobody drives although they are running or pending: whoever drove them was killed. Resume goes on. */
    readonly interrupted: readonly string[];
  }>()(
    runFilter.extend({
      limit: z.number().int().min(1).max(1000).default(100),
      cursor: z.string().max(200).optional(),
    }),
    'workflow:read',
  ),
  /**
   * How runs fared, by when they were started: the newest `max` days or months up to the one that has `until` (default: now), all of them, by
   * workflow and by agent. `contract.invalid_input` for an unknown zone.
   */
  'runs.statistics': operation<RunStatistics>()(
    z.strictObject({
      /** IANA name, such as Europe/Berlin: whose clocks say when a day begins. */
      zone: z.string().max(64),
      unit: z.enum(['day', 'month']),
      workflow: z.string().max(200).optional(),
      since: z.number().int().optional(),
      until: z.number().int().optional(),
      max: z.number().int().min(1).max(400).default(31),
    }),
    'workflow:read',
  ),
  /**
   * Runs that hold the text in what they or their steps were given, gave, printed or failed with, in what tools were called with or in
   * comments, newest first, with the places. A page may hold fewer than asked for, or none, while `nextCursor` goes on: a search looks
   * through so much at a time.
   */
  'runs.search': operation<{
    readonly runs: readonly FoundRun[];
    readonly nextCursor: string | null;
    readonly index: SearchIndexState;
  }>()(
    runFilter.extend({
      text: z.string().min(1).max(200),
      runId: runIdField.optional(),
      limit: z.number().int().min(1).max(100).default(20),
      /** At most so many places of each run. */
      places: z.number().int().min(1).max(1000).default(3),
      cursor: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
    }),
    'workflow:read',
  ),
  /** How many runs a filter means and what they cost together. */
  'runs.totals': operation<{ readonly runs: number; readonly cost: RunCost }>()(runFilter, 'workflow:read'),
  /** `needsPerson` = how many rest until a person says something. */
  'runs.counts': operation<{
    readonly total: number;
    readonly byStatus: Readonly<Record<string, number>>;
    readonly needsPerson: number;
  }>()(z.strictObject({}), 'workflow:read'),
  'runs.get': operation<RunView>()(runInput, 'workflow:read'),
  'runs.result': operation<RunResult>()(runInput, 'workflow:read'),
  'runs.step': operation<StepDetail>()(z.strictObject({ runId: runIdField, path: stepPathField }), 'workflow:read'),
  /** The turns of the loop at `path`. Errors: `step.not_found` (no loop, or it has not begun). */
  'runs.turns': operation<LoopTurns>()(
    z.strictObject({
      runId: runIdField,
      path: stepPathField,
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
      only: z.enum(['failed']).optional(),
    }),
    'workflow:read',
  ),
  /** Inside one turn, `path` = `<loop>[<number>]`. Errors: `step.not_found`. */
  'runs.turn': operation<TurnView>()(z.strictObject({ runId: runIdField, path: stepPathField }), 'workflow:read'),
  /** Null = it completed in no other run. */
  'runs.earlierOutput': operation<EarlierOutput | null>()(
    z.strictObject({ runId: runIdField, path: stepPathField }),
    'workflow:read',
  ),
  /** What `runs.retry` with the same words would begin with and repeat. */
  'runs.planRetry': operation<{ readonly from: string; readonly repeats: readonly RepeatedStep[] }>()(
    z.strictObject({ runId: runIdField, from: stepPathField.optional() }),
    'workflow:read',
  ),
  /** What `runs.rollback` with the same words would undo. Errors: `step.not_found`. */
  'runs.planRollback': operation<RollbackPlan>()(
    z.strictObject({ runId: runIdField, to: stepPathField.optional() }),
    'workflow:read',
  ),
  /** What `runs.replay` would begin with. Errors as of a start: today's version may be gone or wrong. */
  'runs.planReplay': operation<ReplayPlan>()(
    z.strictObject({ runId: runIdField, latest: z.boolean().default(false) }),
    'workflow:read',
  ),
  /**
   * Two runs side by side, from what was written down of them: `with` another one, else the newest earlier run of the same workflow that
   * worked. Errors: `run.never_worked`.
   */
  'runs.compare': operation<RunComparison>()(
    z.strictObject({ runId: runIdField, with: runIdField.optional() }),
    'workflow:read',
  ),
  'runs.events': operation<{ readonly events: readonly StoredEvent[]; readonly total: number }>()(
    z.strictObject({
      runId: runIdField,
      afterSeq: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    'workflow:read',
  ),
  /** Lines `from` (1-based) and the following ones, filtered lines keep their own number. */
  'runs.log': operation<{ readonly lines: readonly LogLine[]; readonly total: number }>()(
    z.strictObject({
      runId: runIdField,
      from: z.number().int().min(1).default(1),
      limit: z.number().int().min(1).max(5000).default(500),
      path: stepPathField.optional(),
      level: z.enum(['debug', 'info', 'warning', 'error']).optional(),
    }),
    'workflow:read',
  ),
  /** A part of the log as the text of a file: instant, step and line, without control sequences; `last` = number of its last line. */
  'runs.logText': operation<{ readonly text: string; readonly last: number; readonly isEnd: boolean }>()(
    z.strictObject({
      runId: runIdField,
      from: z.number().int().min(1).default(1),
      path: stepPathField.optional(),
      level: z.enum(['debug', 'info', 'warning', 'error']).optional(),
    }),
    'workflow:read',
  ),
  /** Numbers of the lines that hold the text (any case), ascending, at most `limit`. */
  'runs.searchLog': operation<{ readonly lines: readonly number[]; readonly total: number }>()(
    z.strictObject({
      runId: runIdField,
      text: z.string().min(1).max(200),
      limit: z.number().int().min(1).max(10_000).default(1000),
    }),
    'workflow:read',
  ),
  /**
   * The first line that tells of an error: in the step `path`, else in the first step that failed, else in the whole log. Null = none
   * does.
   */
  'runs.firstError': operation<{ readonly line: number | null }>()(
    z.strictObject({ runId: runIdField, path: stepPathField.optional() }),
    'workflow:read',
  ),
  /** Entries `from` (1-based) and the following ones of what the agents of a run said and did. */
  'runs.conversation': operation<{ readonly entries: readonly ConversationEntry[]; readonly total: number }>()(
    z.strictObject({
      runId: runIdField,
      from: z.number().int().min(1).default(1),
      limit: z.number().int().min(1).max(5000).default(1000),
      path: stepPathField.optional(),
    }),
    'workflow:read',
  ),
  'runs.files': operation<{ readonly files: readonly RunFile[]; readonly folder: string }>()(runInput, 'workflow:read'),
  'runs.readFile': operation<{ readonly base64: string; readonly sizeBytes: number; readonly mimeType: string }>()(
    z.strictObject({
      runId: runIdField,
      path: innerPathField,
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(4_000_000).default(1_000_000),
    }),
    'workflow:read',
  ),
  'runs.cancel': operation<{ readonly status: string }>()(runInput, 'workflow:execute', 'workflow.cancelled'),
  'runs.pause': operation<{ readonly status: string }>()(runInput, 'workflow:execute', 'workflow.updated'),
  'runs.resume': operation<{ readonly runId: string }>()(runInput, 'workflow:execute', 'workflow.resumed'),
  /** A new run, linked, that takes the outputs of the steps before `from` (SPEC §3.9); without `from` the first failed one. */
  'runs.retry': operation<{ readonly runId: string; readonly repeats: readonly string[] }>()(
    z.strictObject({ runId: runIdField, from: stepPathField.optional() }),
    'workflow:execute',
    'workflow.executed',
  ),
  /**
   * A new run of the old (or, with `latest`, today's) version with these inputs laid over the old ones; with `onlyThese` the old ones but
   * for secrets count no more.
   */
  'runs.replay': operation<{ readonly runId: string }>()(
    z.strictObject({
      runId: runIdField,
      inputs: inputsField.default({}),
      latest: z.boolean().default(false),
      onlyThese: z.boolean().default(false),
    }),
    'workflow:execute',
    'workflow.executed',
  ),
  /**
   * Undoes what a run that has ended has left behind, the newest first; with `to` only what stands behind that top step. The status of the run
   * stays. A rollback that was cut short goes on. Errors: `run.illegal_state`, `step.not_found`, `workflow.version_not_found`.
   */
  'runs.rollback': operation<{ readonly runId: string }>()(
    z.strictObject({ runId: runIdField, to: stepPathField.optional() }),
    'workflow:execute',
    'workflow.updated',
  ),
  'runs.resolve': operation<{ readonly status: string }>()(
    z.strictObject({
      runId: runIdField,
      path: stepPathField,
      as: z.enum(['completed', 'failed', 'rerun']),
      output: jsonField.optional(),
    }),
    'workflow:execute',
    'workflow.updated',
  ),
  /** Deletes a finished run with its log and files. */
  'runs.delete': operation<null>()(runInput, 'workflow:delete', 'workflow.deleted'),
} as const);
