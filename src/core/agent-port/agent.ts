import type { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { AgentCapabilities, ConversationItem, FunctionTool, TokenUsage } from '../../shared/model/agent.ts';

/** A limit of the step key `permissions` (SPEC §1.5) that an agent can really hold. */
export type AgentLimit = 'read' | 'write' | 'commands' | 'hosts' | 'env';

/** An MCP server that an agent with native support starts or reaches itself. Values may be secret: never argv, never a log. */
export type McpServerSpec =
  | {
      readonly name: string;
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
      /** The granted tools, by the server's own names. */
      readonly tools: readonly string[];
    }
  | {
      readonly name: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly tools: readonly string[];
    };

/** One answer of a model that has ended, within a question. */
export interface EndedCall {
  readonly model: string | null;
  /** null = the service did not say: tokens are estimated. */
  readonly usage: TokenUsage | null;
  /** Characters that were sent and that came back, for the estimate. */
  readonly sentChars: number;
  readonly saidChars: number;
  readonly durationMs: number;
  readonly error: AppError | null;
}

/** A call of a model that is about to be made. */
export interface BeginningCall {
  readonly model: string;
  /** Characters that are sent. */
  readonly sentChars: number;
}

/** One question to an agent: a prompt goes in, its answer comes out, tools may be called on the way. */
export interface AgentRequest {
  /** Keys of the attempt, for the process helper: `runId`, `path`, `attempt`; `ask` tells several questions of one attempt apart. */
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
  readonly ask: number;
  readonly stepKey: string;
  readonly operation: string;
  /** The step's rendered inputs, for the demo agent; every other agent reads the prompt. */
  readonly inputs: JsonMap;
  readonly prompt: string;
  /** null = the agent's own default. */
  readonly model: string | null;
  /** JSON Schema that the answer must meet; used natively where the agent can, the prompt names it anyway where it cannot. */
  readonly schema: JsonMap | null;
  readonly maxTokens: number | null;
  /** USD as decimal text that the question may cost; null = no limit holds it back. */
  readonly maxBudgetUsd: string | null;
  /** Functions that the agent may call through `callTool`. */
  readonly tools: readonly FunctionTool[];
  /** Servers for agents with native MCP. */
  readonly mcpServers: readonly McpServerSpec[];
  /** The step's `permissions`; null = nothing written: read the working folder, nothing else. */
  readonly permissions: JsonMap | null;
  readonly workDir: string;
  readonly runDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** The call is ended for real at this time. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The conversation as it happens. */
  readonly note: (item: ConversationItem) => void;
  /** Asked before each call of a model, for adapters with `reportsCalls`. Rejects with `cost.*` where a limit has no room for it. */
  readonly callBegins: (call: BeginningCall) => Promise<{ readonly release: () => void }>;
  /** Puts an ended call on record (SPEC §11), for adapters with `reportsCalls`; durable when it resolves. */
  readonly callEnded: (call: EndedCall) => Promise<void>;
  /**
   * Hears what the question has used so far, all of it together, from an agent that says so while more is to come and does not report
   * its calls.
   */
  readonly used: (soFar: ModelShare) => void;
  /** Runs a tool for the agent, journaled as a child step. A failed call gives its text with `isError`; only a cancelled run throws. */
  readonly callTool: (name: string, input: JsonMap) => Promise<{ readonly text: string; readonly isError: boolean }>;
}

/**
 * What one question came to. Failures are thrown as `AppError` of the area `agent`; `details.usage` holds a `TokenUsage` that was
 * spent, unless the adapter has reported its calls.
 */
export interface AgentReply {
  readonly text: string;
  /** Set where the agent's own structured mode gave a value. */
  readonly structured?: Json;
  /** What of `structured` had to be read otherwise than it was written (SPEC §3.3). */
  readonly notices?: readonly string[] | undefined;
  readonly model: string | null;
  /** Of the whole question; null = the agent did not say: tokens are estimated. */
  readonly usage: TokenUsage | null;
  /** USD as decimal text when the agent itself says what it cost. */
  readonly reportedCost: string | null;
  /** Where several models worked, agents below the agent among them: what each used. Together they are all of it. Absent = one did. */
  readonly shares?: readonly ModelShare[];
}

/** What one model did of a question. */
export type ModelShare = Pick<AgentReply, 'model' | 'reportedCost'> & { readonly usage: TokenUsage };

/** What a health check found: it starts, says its version, and can log in where that is free to find out. */
export interface AgentProbe {
  readonly version: string | null;
}

/** An agent (SPEC §4.1). One conformance suite holds for all of them: `tests/integration/agent-conformance.test.ts`. */
export interface AgentAdapter {
  readonly name: string;
  readonly provider: string;
  readonly kind: 'cli' | 'http' | 'built_in';
  readonly capabilities: AgentCapabilities;
  /** The model used when nobody names one; null = the agent decides by itself. */
  readonly defaultModel: string | null;
  /** Per attempt: agents over HTTP 120 s, command-line agents 30 min (SPEC §1.5). */
  readonly timeoutMs: number;
  /** Limits of `permissions` that it can hold; the others are an error unless `enforce: best_effort`. */
  readonly enforces: readonly AgentLimit[];
  /** It stops by itself at `maxBudgetUsd`, and says what it cost. */
  readonly takesBudget?: boolean;
  /** It says through `used` what it spends meanwhile. */
  readonly isMetered?: boolean;
  /** Each call of a model is reported through `callEnded` as it ends; else the reply says what the whole question used. */
  readonly reportsCalls: boolean;
  /** Reads nothing but PATH: starts no process and sends nothing. */
  isInstalled(): Promise<boolean>;
  /** Rejects with `agent.not_installed`, `agent.not_logged_in`, `agent.unhealthy` and the like. */
  probe(signal: AbortSignal): Promise<AgentProbe>;
  ask(request: AgentRequest): Promise<AgentReply>;
  /** After a crash: the answer that a process of this attempt gave meanwhile; null = unknown. Waits for one that is still alive. */
  recover?(request: Omit<AgentRequest, 'signal' | 'callTool'>): Promise<AgentReply | null>;
  close(): Promise<void>;
}
