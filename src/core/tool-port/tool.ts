import type { AppError } from '../../shared/errors.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { EffectClass } from '../../shared/model/events.ts';
import type { LogLine, StepWarning } from '../../shared/model/run.ts';
import type { Json, JsonMap } from '../../shared/model/workflow.ts';

/** One attempt of one step, as a tool sees it. */
export interface ToolCall {
  readonly operation: string;
  /** Rendered inputs, in the order of the workflow file. */
  readonly inputs: JsonMap;
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
  /** Bundle environment, for child processes only. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted by cancel, run timeout and quit: the attempt must end for real. */
  readonly signal: AbortSignal;
  /** One line of live output, without its line end. */
  readonly log: (stream: LogLine['stream'], text: string, level?: LogLine['level']) => void;
}

export interface ToolResult {
  readonly output: Json;
  readonly warnings?: readonly StepWarning[];
}

/** What the engine must know before it calls. */
export interface OperationTraits {
  readonly effect: EffectClass;
  /** Declared `idempotent` or `read_only`: retried by default, also after a timeout (SPEC §3.4). */
  readonly repeatable: boolean;
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
  readonly category: 'script' | 'built_in' | 'in_process';
  readonly operations: readonly string[];
  /** Throws `tool.unknown_operation`. */
  traits(operation: string): OperationTraits;
  /** Problems that can be seen before a run; `inputs` may still hold templates, which count as "any value". */
  check(operation: string, inputs: JsonMap): readonly Diagnostic[];
  execute(call: ToolCall): Promise<ToolResult> | ToolResult;
  /** Absent: a started attempt without an end is unknown. Waits for an attempt that is still alive. */
  recover?(call: Omit<ToolCall, 'signal' | 'log'>): Promise<Recovery>;
}

/** The tools of one bundle or project, by name. */
export interface ToolCatalog {
  get(name: string): Tool | undefined;
  names(): readonly string[];
}
