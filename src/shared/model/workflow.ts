import type { Json, JsonMap } from '../json.ts';
import type { ValueType } from '../typed-values.ts';
import type { Diagnostic } from './diagnostic.ts';

/** SPEC §1.4: the closed list of step kinds. */
export const STEP_KINDS = [
  'action',
  'for_each',
  'parallel',
  'if',
  'switch',
  'while',
  'try',
  'workflow',
  'wait',
  'approval',
  'transaction',
  'savepoint',
  'rollback_to',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** 1-based position in the workflow file. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Condition = string | boolean;
export type ErrorAction = 'continue' | 'stop' | 'rollback' | 'retry' | 'refresh_credentials' | 'notify';

/** SPEC §1.5 `retry`; only written keys are present, defaults are the engine's (§3.4). Durations in ms. */
export interface RetrySpec {
  readonly maxRetries?: number;
  readonly delayMs?: number;
  readonly maxDelayMs?: number;
  readonly base?: number;
  readonly jitter?: number;
  readonly on?: readonly string[];
}

/** One rule of `on_error` (SPEC §1.6). `match` absent = applies to every error (map, string and `default` items). */
export interface ErrorRule {
  readonly match?: readonly (string | number)[];
  readonly action?: ErrorAction;
  readonly retry?: RetrySpec;
  readonly notify?: Json;
  readonly rollbackTo?: string;
  /** Present iff written, `null` is a value: the step's output when it fails for good. */
  readonly fallback?: { readonly value: Json };
}

/** Inputs by name that the file spells otherwise than their value is written (`3.10`, `007`): where a text is wanted, that is it. */
export type Spellings = Readonly<Record<string, string>>;

/** `fallback: {on_failure: action, inputs}`. */
export interface FallbackAction {
  readonly action: string;
  readonly inputs: JsonMap;
  readonly spellings?: Spellings;
}

/** A named list of nested steps: `then`, `else`, `case:paid`, `branch:tests`, `body`, `try`, `catch:0`, `finally` … */
export interface StepGroup {
  readonly name: string;
  readonly condition?: Condition;
  readonly steps: readonly Step[];
}

/** What only one kind of step has, as written and validated by the reader (SPEC §1.4). Durations in ms. */
export interface StepDetails {
  readonly action: { readonly max_items?: number; readonly allow_secrets?: boolean };
  readonly for_each: {
    /** A list, a map, or the expression that gives one. */
    readonly for_each: Json;
    readonly as: string;
    readonly concurrency: number;
    readonly max_items: number;
    readonly on_item_error: 'stop' | 'continue';
    readonly index_as?: string;
    readonly errors_variable?: string;
    /** Expression per item; absent = the output of the last step of the body. */
    readonly output?: Json;
    /** Not written: steps that stand one after the other and run once per item. */
    readonly implied?: ImpliedLoop;
  };
  readonly parallel: {
    readonly branches: readonly string[];
    readonly on_branch_error: 'stop' | 'wait' | 'continue';
    readonly concurrency?: number;
  };
  readonly if: { readonly if: Condition };
  readonly switch: { readonly switch: Json; readonly cases: readonly SwitchCase[] };
  readonly while: { readonly while: Condition; readonly max_iterations: number; readonly delay_ms?: number };
  readonly try: { readonly catch: readonly CatchHandler[] };
  readonly workflow: { readonly workflow: string; readonly version?: string };
  readonly wait: WaitDetail;
  readonly approval: {
    readonly title: string;
    readonly description: string;
    readonly approvers: readonly string[];
    readonly min_approvals: number;
    readonly on_reject: 'fail' | 'continue';
    readonly on_expire: 'fail' | 'continue';
    readonly allow_self_approval: boolean;
    readonly expires_in_ms?: number;
  };
  readonly transaction: { readonly on_error: 'rollback' | 'stop' | 'continue' };
  readonly savepoint: { readonly name: string };
  readonly rollback_to: { readonly name: string };
}

/** One case of a `switch`: it is taken when the value is one of `when`, or where `if` holds. */
export interface SwitchCase {
  readonly group: string;
  readonly when?: readonly Json[];
  readonly if?: Condition;
}

/** One handler of a `try`: `default` takes every error; see `ErrorRule.match`. */
export interface CatchHandler {
  readonly group: string;
  readonly error: readonly Json[];
}

/** A text holds a template. A wait that could not be read has no mode. */
export type WaitDetail =
  | { readonly mode?: never }
  | { readonly mode: 'for'; readonly for_ms: number | string }
  | { readonly mode: 'until'; readonly until: string }
  | {
      readonly mode: 'condition';
      readonly condition: Condition;
      readonly every_ms: number;
      readonly timeout_ms: number;
    }
  | { readonly mode: 'event'; readonly event: string; readonly match?: Condition; readonly timeout_ms?: number };

/** What every kind of step has (SPEC §1.5); nested steps stand in `groups`. */
interface StepBase {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly place: Place;
  readonly enabled: boolean;
  /** `tool.operation` as written, possibly templated; only for kind `action`. */
  readonly action?: string;
  readonly inputs: JsonMap;
  readonly spellings?: Spellings;
  readonly outputVariable?: string;
  /** `condition` and `conditions` together (AND). */
  readonly conditions: readonly Condition[];
  readonly onError: readonly ErrorRule[];
  readonly fallback?: FallbackAction;
  readonly retry?: RetrySpec;
  readonly timeoutMs?: number;
  readonly needs?: readonly string[];
  readonly idempotent?: boolean;
  readonly outputFile?: string;
  readonly format?: 'markdown' | 'json' | 'text';
  readonly agent?: string;
  readonly model?: string;
  readonly agentHints?: JsonMap;
  /** One `{action, inputs}` or a list of them. */
  readonly compensate?: Json;
  /** Of each action of `compensate`, where any has some. */
  readonly compensateSpellings?: readonly (Spellings | null)[];
  readonly rollback?: 'none' | 'compensate' | 'restore' | 'idempotent';
  /** What undo covers, as patterns below the project; goes before that of the workflow. */
  readonly workspace?: readonly string[];
  readonly permissions?: JsonMap;
  readonly cacheMs?: number;
  readonly groups: readonly StepGroup[];
}

/** A step of one kind. */
export type StepOf<K extends StepKind> = StepBase & { readonly kind: K; readonly detail: StepDetails[K] };

/** One step of the tree, told apart by `kind`. */
export type Step = { [K in StepKind]: StepOf<K> }[StepKind];

/** SPEC §1.8. `default` present iff written. */
export interface InputDefinition {
  readonly name: string;
  readonly type: ValueType;
  readonly description: string;
  readonly required: boolean;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly secret: boolean;
}

export interface OutputDefinition {
  readonly name: string;
  readonly type?: ValueType;
  readonly description: string;
  readonly required: boolean;
}

/** SPEC §1.7: the type and the rest of the item as written. */
export interface TriggerDefinition {
  readonly type: 'manual' | 'schedule' | 'webhook' | 'file' | 'event';
  readonly enabled: boolean;
  readonly config: JsonMap;
}

export type AgentSupport = 'recommended' | 'supported' | 'partial' | 'limited' | 'experimental' | 'not_supported';

/** SPEC §1.1 `execution`; keys are present only where written, so that precedence (§3.4) can tell. */
export interface ExecutionSettings {
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
  readonly errorHandling: 'stop' | 'continue' | 'rollback';
  readonly maxConcurrentSteps: number;
  readonly concurrency: 'allow' | 'skip' | 'queue' | 'cancel_previous';
  /** What it needs of whoever runs it, by name: limits and workers go by these. Absent = nothing. */
  readonly tags?: readonly string[];
  readonly rollbackOnCancel: boolean;
  readonly enforceSuccess: boolean;
  readonly agent?: string;
  readonly model?: string;
}

/** SPEC §1.4 "Implied iteration": consecutive steps that run once per item of a list variable. */
export interface ImpliedLoop {
  /** The name of one item, as the steps use it. */
  readonly item: string;
  /** The variable that holds the list. */
  readonly list: string;
  /** Variables above that may hold it when the run comes there, the latest first; `list` is the first of them. */
  readonly lists: readonly string[];
  readonly stepIds: readonly string[];
}

/** A whole workflow file as data (SPEC §1). Always complete: what could not be read has its default and a diagnostic. */
export interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly author: string;
  readonly tags: readonly string[];
  readonly hasFrontmatter: boolean;
  readonly minVersion: string;
  readonly agents: readonly { readonly name: string; readonly status: AgentSupport }[];
  readonly requirements: {
    readonly tools: readonly string[];
    readonly permissions: readonly string[];
    readonly features: readonly { readonly name: string; readonly level: 'required' | 'recommended' | 'optional' }[];
  };
  readonly execution: ExecutionSettings;
  /** What undo covers in every step that says nothing of it; absent = nothing. */
  readonly workspace?: readonly string[];
  /** Steps work in a copy of the workspace; what they changed is taken over afterwards, or not. Absent = they work in the project. */
  readonly worksInCopy?: true;
  /** Null = the author did not say; rules take it as low. */
  readonly riskLevel: 'low' | 'medium' | 'high' | null;
  readonly estimatedDuration: string;
  readonly versionPolicy: 'latest' | 'pin';
  readonly triggers: readonly TriggerDefinition[];
  readonly inputs: readonly InputDefinition[];
  readonly outputs: readonly OutputDefinition[];
  readonly successConditions: readonly Condition[];
  readonly steps: readonly Step[];
  /** True when at least one string uses the `{path}` dialect for a known name (SPEC §2.1). */
  readonly usesSingleBraces: boolean;
  /** Present iff there are any. */
  readonly impliedLoops?: readonly ImpliedLoop[];
}

/** What reading a file gives: never throws on content (SPEC §1). */
export interface WorkflowReading {
  readonly workflow: Workflow;
  readonly diagnostics: readonly Diagnostic[];
}
