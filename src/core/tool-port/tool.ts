import type { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { ConversationItem, FunctionTool, TokenUsage, WantedAnswer } from '../../shared/model/agent.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { EffectClass } from '../../shared/model/events.ts';
import type { LogLine, StepWarning } from '../../shared/model/run.ts';
import type { UndoAction } from '../../shared/model/undo.ts';
import type { PatternBudget } from '../../shared/safe-pattern.ts';
import type { McpServerSpec } from '../agent-port/index.ts';
import type { ToolLimit } from './limits.ts';

/** What an ended call of a model used. The engine prices, journals and shows it at once. */
export interface ModelCall {
  readonly model: string | null;
  readonly usage: TokenUsage;
  /** USD as decimal text when the agent itself said it. */
  readonly reportedCost: string | null;
  readonly durationMs: number;
  readonly error: AppError | null;
}

/** A call of a model that is about to be made: what it may use at most. */
export interface CallAhead {
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The agent makes calls by itself until its answer is there: one question is many calls. */
  readonly isManyCalls: boolean;
  /** It stops by itself at the budget that it is handed, and says what it cost. */
  readonly takesBudget: boolean;
}

/** What is held of the limits of spending while a call is under way. */
export interface HeldCost {
  /** USD as decimal text that may be spent until a limit is full; null = no limit holds calls back. */
  readonly leftUsd: string | null;
  /** The call has ended, or was not made after all. */
  readonly release: () => void;
  /** What a question fails with that has spent all of it, once it is released; absent = no limit holds it. */
  readonly whenSpent?: () => AppError;
}

/** A call that was under way when its engine died, and whose end nobody knows. */
export interface LostCall {
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What it is estimated at: USD as decimal text; null = nobody knows its price. */
  readonly cost: string | null;
}

/** What only the tool `agent` is given: who is to do the step, and the ways to say what happens meanwhile. */
export interface AgentCall {
  /** The agent that does this attempt; the engine has chosen it. */
  readonly name: string;
  /** null = the agent's own default. */
  readonly model: string | null;
  /** The step key `permissions`; null = not written. */
  readonly permissions: JsonMap | null;
  /** What later steps use of the output variable (SPEC §4.2); null = no part of it. */
  readonly wanted: WantedAnswer | null;
  /** Tools that this step may call: `tool.operation` names come from their definitions. */
  readonly tools: ToolCatalog;
  readonly note: (item: ConversationItem) => void;
  /** Asked before each call (SPEC §11). Rejects with `cost.blocked` or `cost.paused` where a limit has no room for it. */
  readonly reserve: (call: CallAhead) => Promise<HeldCost>;
  /**
   * What a call that is under way has used so far: limits that it fills warn at once, nothing is booked. Returns what that costs: USD as
   * decimal text, null = nobody knows.
   */
  readonly meter: (soFar: Pick<ModelCall, 'model' | 'usage' | 'reportedCost'>) => string | null;
  /** Puts a call on record; durable when it resolves, with what it cost: USD as decimal text, null = nobody knows. */
  readonly spent: (call: ModelCall) => Promise<string | null>;
  /** Runs `tool.operation` as a journaled child step. Throws what the tool throws; `tool.denied` outside the granted set. */
  readonly callTool: (action: string, inputs: JsonMap) => Promise<ToolResult>;
}

/** One attempt of one step, as a tool sees it. */
export interface ToolCall {
  readonly operation: string;
  /** Rendered inputs, in the order of the workflow file. */
  readonly inputs: JsonMap;
  /** Inputs that hold secrets of the store: never in arguments, whatever the tool declares. Absent = none. */
  readonly secretInputs?: readonly string[];
  readonly runId: string;
  readonly stepId: string;
  /** Step path, the store key together with `attempt`. */
  readonly path: string;
  readonly attempt: number;
  /** `now` of the step: its first attempt's instant, kept over retries, crash and resume. UTC ms. */
  readonly stepNow: number;
  /** The same over attempts, resume and retry (SPEC §3.8). */
  readonly stepKey: string;
  /** Per attempt; the tool really kills at this time (SPEC §3.6). */
  readonly timeoutMs: number;
  /** The run's own copy of the bundle: working folder of scripts. */
  readonly workDir: string;
  /** `AIWORKFLOW_RUN_DIR`: where lasting files go. */
  readonly runDir: string;
  /** The copy of the workspace of which the run works: working folder of scripts and agents instead of `workDir`. Absent = there is none. */
  readonly copyDir?: string;
  /** Bundle environment, for child processes only. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted by cancel, run timeout and quit: the attempt must end for real. */
  readonly signal: AbortSignal;
  /** The step key `permissions`: narrows what the tool may do, as far as its `limits` say. Absent = nothing written. */
  readonly permissions?: JsonMap;
  /** Hosts that a workflow from outside says that it reaches, beside those of its tools. Absent: it was made here. */
  readonly declaredHosts?: readonly string[];
  /** Set for the tool `agent` alone. */
  readonly agent?: AgentCall;
  /** One line of live output, without its line end. */
  readonly log: (stream: LogLine['stream'], text: string, level?: LogLine['level']) => void;
  /** What a line that goes on reads now: shown at once, and replaced by the next word about it or by the next line of the stream. */
  readonly logOpen?: (stream: LogLine['stream'], text: string) => void;
}

export interface ToolResult {
  readonly output: Json;
  readonly warnings?: readonly StepWarning[];
  /** Who answered, for screens and records; an MCP call gives `{tool, server}` (SPEC §5.3). */
  readonly metadata?: JsonMap;
}

/** What the engine must know before it calls. */
export interface OperationTraits {
  readonly effect: EffectClass;
  /** Declared `idempotent` or `read_only`: retried by default, also after a timeout (SPEC §3.4). */
  readonly repeatable: boolean;
  /** Declared `read_only`: it changes nothing, so there is nothing to undo (SPEC §3.10). */
  readonly readOnly?: true;
  readonly timeoutMs: number;
}

/** What a look-up after a crash found (SPEC §3.8). */
export type Recovery =
  | { readonly kind: 'never_began' }
  | { readonly kind: 'completed'; readonly result: ToolResult }
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'unknown' };

/** The one port through which the engine reaches the outside. Failures are thrown as `AppError`. */
export interface Tool {
  readonly name: string;
  /**
   * Whether an input of an operation is a text: a number of the workflow file is then given as it is spelled there (SPEC §3.3).
   * Absent: none is.
   */
  wantsText?(operation: string, input: string): boolean;
  /**
   * `script` and `service` work outside the engine: they get the run's folders and end their work for real at `timeoutMs`
   * themselves. `agent` is the one tool `agent`. The others run inside the engine, which keeps their time.
   */
  readonly category: 'script' | 'service' | 'agent' | 'built_in' | 'in_process';
  /** null = not known before the tool is reached for the first time. */
  readonly operations: readonly string[] | null;
  /** Throws `tool.unknown_operation`. */
  traits(operation: string): OperationTraits;
  /**
   * Problems that can be seen before a run; `inputs` may still hold templates, which count as "any value". `patterns` is shared by
   * all steps that are looked at in one go.
   */
  check(operation: string, inputs: JsonMap, patterns?: PatternBudget): readonly Diagnostic[];
  /** Limits of `permissions` that it holds for an operation as they are written, or that mean nothing to it. Absent: none. */
  limits?(operation: string, permissions: JsonMap | undefined): readonly ToolLimit[];
  /**
   * Stands for the version of the tool and for what it logs in with; no secret can be read from it. Absent or null: nobody can tell, and
   * no output of a `service` is used again.
   */
  fingerprint?(): string | null;
  /**
   * Stands for what an operation was seen to say of itself last, accepted or not; null = nothing is known yet. Absent: it says the same as
   * long as a version is pinned.
   */
  describes?(operation: string): string | null;
  /** The operations as functions for an agent; absent: agents cannot call this tool. May reach the tool to find out. */
  functions?(signal: AbortSignal): Promise<readonly FunctionTool[]>;
  /** How an agent with native MCP reaches the same operations; absent or null: only through `functions`. */
  mcpServer?(): Promise<McpServerSpec | null>;
  /** Forgets what it is logged in with, tokens and connections: the next call reads it again. Absent: it keeps none. */
  renew?(): Promise<void>;
  /**
   * What undoes an operation that gave `output`, where its step says nothing of it (SPEC §3.10 "handler"); null = it changed nothing. Absent or
   * `undefined`: it says nothing either.
   */
  undo?(operation: string, output: Json): UndoAction | null | undefined;
  execute(call: ToolCall): Promise<ToolResult> | ToolResult;
  /** Absent: a started attempt without an end is unknown. Waits for an attempt that is still alive. */
  recover?(call: Omit<ToolCall, 'signal' | 'log'>): Promise<Recovery>;
}

/** The tools of one bundle or project, by name. */
export interface ToolCatalog {
  get(name: string): Tool | undefined;
  names(): readonly string[];
  /**
   * What a tool of the project is made of: each package with its version, each file with its SHA-256; null = there is no such tool. Absent:
   * nobody knows.
   */
  madeOf?(name: string): Readonly<Record<string, string>> | null;
}
