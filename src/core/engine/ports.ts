import type { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { TokenUsage } from '../../shared/model/agent.ts';
import type { ApprovalAsked } from '../../shared/model/approval.ts';
import type { BundleConfig } from '../../shared/model/bundle.ts';
import type { CostSource } from '../../shared/model/cost.ts';
import type { ChildAsked, FilesCopied, FilesTaken, RunCreated } from '../../shared/model/events.ts';
import type { RunStatus, StepWarning } from '../../shared/model/run.ts';
import type { Declared } from '../../shared/model/trust.ts';
import type { Step, StepOf, Workflow } from '../../shared/model/workflow.ts';
import type { GitActs } from '../steps/index.ts';
import type { Clock } from '../time/index.ts';
import type { CallAhead, HeldCost, LostCall, ToolCall } from '../tool-port/index.ts';
import type { Tool, ToolCatalog } from '../tools/index.ts';
import type { ProjectRetry } from './retry-policy.ts';

/** Something that came at a webhook, believed and wanted. `data` is what a run sees of it. */
export interface Arrival {
  readonly id: string;
  readonly path: string;
  /** UTC ms. */
  readonly receivedAt: number;
  readonly data: JsonMap;
}

/** Later ones have greater numbers. */
export interface NumberedArrival extends Arrival {
  readonly no: number;
}

/** What came from outside, as it is stored. */
export interface EventInbox {
  /** What came at a path since an instant (UTC ms) and behind a number, oldest first. */
  arrivals(path: string, from: { readonly since: number; readonly behind: number }): Iterable<NumberedArrival>;
  /** Why nothing can come at a path now; null = something can, or nobody here knows. A sentence for operators. */
  problemAt(path: string): string | null;
}

/** Time and chance as ports, so that tests can jump and repeat (DESIGN §7). */
export interface EnginePorts extends Clock {
  /** 0 <= x < 1, for jitter. */
  readonly random: () => number;
  /** `bytes` random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
}

/** A workflow version, ready to run: what `startRun` pins and recovery loads again by its hash. */
export interface RunnableVersion {
  readonly hash: string;
  readonly workflow: Workflow;
  readonly workflowPath: string;
  readonly config: Pick<BundleConfig, 'timeoutMs' | 'maxRetries' | 'agent' | 'fallbackAgent' | 'model'>;
  readonly tools: ToolCatalog;
  /** Whether the project has a tool that is kept from it, since it is not among what is `declared` (SPEC §6.7). */
  readonly isWithheld?: (tool: string) => boolean;
  /** It came from outside: what it says that it uses. Nothing else is given to it. Absent: it was made here. */
  readonly declared?: Declared;
  /** Bundle environment, for child processes only. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where a run works. Made before its first tool step, found again after a crash. */
export interface RunFolders {
  /** The run's own copy of the bundle (DESIGN decision 6). */
  readonly workDir: string;
  /** AIWORKFLOW_RUN_DIR. */
  readonly runDir: string;
  /** The copy of the workspace in which scripts and agents work. Absent = they work in `workDir`. */
  readonly copyDir?: string;
}

/** SPEC §3.7 FailoverConfig. Times in ms. */
export interface FailoverSettings {
  /** In order; never `demo`. */
  readonly fallbackAgents: readonly string[];
  readonly maxAttempts: number;
  readonly onStepFailure: boolean;
  readonly onTimeout: boolean;
  readonly retryPrimaryAfterMs: number;
}

/** The agents of the project, as the engine sees them. */
export interface AgentHost {
  /** The tool `agent`; it finds the adapter by `ToolCall.agent.name`. */
  readonly tool: Tool;
  readonly failover: FailoverSettings;
  /** Per attempt, where the step says nothing: 120 s over HTTP, 30 min on the command line. */
  timeoutMs(agent: string): number;
  /** The model of `agent.configs.<name>`; null = the agent's default. */
  modelOf(agent: string): string | null;
  /** Whether it may begin a step now: known, breaker closed, healthy (kept for the interval). null = yes, else why not. */
  canTake(agent: string, signal: AbortSignal): Promise<AppError | null>;
  /** A step failed for good on it, or ended well: its breaker counts. */
  countFailure(agent: string): void;
  countSuccess(agent: string): void;
}

/** Where a call of a model is made. */
export interface CallPlace {
  readonly agent: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
}

/** What a call of a model costs (SPEC §11). */
export interface CostHost {
  /** Holds what a call may cost at most. Rejects with `cost.blocked` or `cost.paused`; a call that waits for room hears the signal. */
  reserve(call: CallAhead & CallPlace, signal: AbortSignal): Promise<HeldCost>;
  /** Calls of an attempt that were under way when its engine died; none where it called nothing. Booking them takes them away. */
  lostCalls(place: Pick<CallPlace, 'runId' | 'path' | 'attempt'>, mayHaveCalled: boolean): readonly LostCall[];
  /** What is to be said of limits that a call fills, before it is booked or while it is under way; `warn` hears later what could be told to nobody. */
  alerts(
    call: CallPlace & { readonly model: string | null; readonly cost: string | null },
    warn: (text: string) => void,
  ): readonly string[];
  /** `reportedCost` wins; else the price table; `cost` null = unpriced. USD as decimal text. */
  price(call: CallToPrice): {
    readonly cost: string | null;
    readonly source: CostSource;
    /** Said beside the step, once a day for a model without a price. */
    readonly warning: string | null;
  };
  /** What a call that is under way comes to by now, without a word about what has no price. */
  priceSoFar(call: CallToPrice): string | null;
}

/** A call of a model that costs something. */
export interface CallToPrice {
  readonly agent: string;
  readonly model: string | null;
  readonly usage: TokenUsage;
  readonly reportedCost: string | null;
  /** UTC ms. */
  readonly at: number;
}

/** A snapshot, or why there is none. */
export interface FilesAnswer {
  readonly taken: Pick<FilesTaken, 'tree' | 'problem'>;
  readonly warnings: readonly StepWarning[];
}

/** What a child run is started with. */
export interface PreparedChild {
  readonly version: RunnableVersion;
  readonly inputs: JsonMap;
  readonly sealed: readonly string[];
  readonly agent: string | null;
  readonly agentFrom: RunCreated['agentFrom'];
  readonly model: string | null;
}

/** What a channel is told of a step that has failed for good. */
export interface Notice {
  readonly event: 'step.failed';
  readonly run_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly step: string;
  readonly error: { readonly code: string; readonly message: string };
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A run whose markers stand for secrets, and for no other run. */
export interface SecretRun {
  readonly runId: string;
  readonly created: RunCreated;
}

/** What the engine needs from the project around it. */
export interface EngineHost {
  /** The pinned version of an open run. `workflow.version_not_found` when its archive is gone. */
  loadVersion(pinned: Pick<RunCreated, 'versionHash' | 'workflowPath'>): Promise<RunnableVersion>;
  /** A child run, ready to be started: its version, its inputs checked, its agent. Errors: `workflow.version_not_found`, `input.*`, `agent.*`. */
  prepareChild(asked: ChildAsked, parent: SecretRun): Promise<PreparedChild>;
  /**
   * Makes the copy of the workspace in which the steps of a run work, before the first of them begins; null = it is there, or they work in the
   * copy of the run above. Errors: `copy.*`, `undo.*`.
   */
  openCopy(run: SecretRun, workflow: Workflow): Promise<FilesCopied | null>;
  prepareFolders(runId: string, versionHash: string): Promise<RunFolders>;
  /** Writes text to a place that a workflow names (SPEC §1.5 output_file); returns the path. `file.outside` when refused. */
  writeOutputFile(runId: string, path: string, text: string): Promise<string>;
  /** Takes down what stands where these patterns meet, and in the run's folder. What stopped it is in the answer. */
  takeFiles(runId: string, patterns: readonly string[]): Promise<FilesAnswer>;
  /**
   * Puts files back as a step of the run found them, `patterns` = only these; gives what was put back. Errors: `undo.*`; what somebody changed
   * meanwhile stays as it is.
   */
  restoreFiles(runId: string, step: string, patterns: readonly string[] | null): Promise<readonly string[]>;
  /** Repositories of the project, for the built-ins of git. Errors: `tool.invalid_params`, `file.outside`, `git.*`. */
  readonly git: GitActs;
  /** A run has ended: marks and captures of its children may go; its copy of the bundle too when nothing can resume it. */
  forgetRun(runId: string, status: RunStatus): Promise<void>;
  /**
   * Asked before a tool or an agent does anything for a run of this starter (DESIGN §3). Throws `access.denied` where he may not have it
   * done, or not any more.
   */
  beforeEffect(starter: string, what: 'tool' | 'agent'): void;
  /**
   * Asked before an attempt begins that may have an effect: whether the run is still this project's to go on with. Null = nobody else can have
   * it. Rejects with `queue.lease_lost` and `queue.lease_unsure`: then nothing is begun and the run rests.
   */
  keepsWork(run: Pick<SecretRun, 'runId' | 'created'>, step: string): Promise<void> | null;
  /**
   * Resolves when the control center of a run that is worked on here for another one is sure to hear of all that is committed by now; `signal`
   * ends the waiting. Null = it is a run of this project.
   */
  untilTold(runId: string, signal: AbortSignal): Promise<void> | null;
  /** Whether what a run began at this position of the journal was begun at a worker that was lost: it cannot be looked up here. */
  wasElsewhere(runId: string, position: number): boolean;
  /** Sends a notice to a channel of the project; `onFailure` hears later why it could not be delivered. */
  notify(channel: string, notice: Notice, onFailure: (error: AppError) => void): void;
  /** Throws `approval.unsatisfiable` where too few people could approve what is about to be asked. */
  requireDeciders(asked: ApprovalAsked, step: StepOf<'approval'>): void;
  readonly projectRetry: ProjectRetry;
  /** Values of names in `expressions.env_allow`. */
  readonly allowedEnv: Readonly<Record<string, string>>;
  readonly agents: AgentHost;
  readonly costs: CostHost;
  /** Name -> what stands for a secret in the inputs of a run until a tool is called (SPEC §2.2). */
  secretMarkers(run: SecretRun): JsonMap;
  /** Whether a secret stands in inputs of the run. */
  holdsSecret(inputs: JsonMap, run: SecretRun): boolean;
  /** What a call of the run is really made with; null = as it is written. Errors: `secret.*`. */
  fillSecrets(
    call: Pick<ToolCall, 'inputs' | 'env'>,
    run: SecretRun,
  ): Promise<Pick<ToolCall, 'inputs' | 'env' | 'secretInputs'> | null>;
  /** The value without the secrets that this process knows; the same value when it holds none. */
  redact<T>(value: T): T;
  /** The same without what stands for a secret or is named like one, as recordings hold it. */
  withoutSecrets<T>(value: T): T;
  /** How many characters at the end of a text may be the beginning of a secret. */
  heldBack(text: string): number;
}

/** A step of the plan. `path` is its id, `index` its place in file order over the whole tree. */
export interface PlannedStep {
  readonly step: Step;
  readonly path: string;
  readonly index: number;
}

/** A step of the plan at its place in a run. */
export interface PlacedStep extends PlannedStep {
  /** The frame that it stands in. */
  readonly frame: string;
}
