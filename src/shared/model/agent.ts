import type { ErrorRecord } from '../errors.ts';
import type { Json, JsonMap } from '../json.ts';

/** What an agent can do (SPEC §4.3). Texts are the words of `capabilities.yaml`; absent keys have the defaults there. */
export interface AgentCapabilities {
  readonly toolCalling: 'native' | 'supported' | 'limited' | 'none';
  readonly reasoning: 'advanced' | 'basic';
  readonly streaming: boolean;
  readonly codeExecution: boolean;
  readonly fileCreation: boolean;
  /** It speaks MCP itself. */
  readonly mcpNative: boolean;
  /** It reaches MCP tools through function calling and our tool layer. */
  readonly mcpViaBridge: boolean;
  readonly extendedReasoning: boolean;
  readonly multiTurn: boolean;
  /** Tokens. */
  readonly contextWindow: number;
  readonly webSearch: boolean;
}

/** Tokens of one call. `cachedTokens` and `cacheWriteTokens` are part of the input, `reasoningTokens` of the output (SPEC §11). */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** Counted by us because the agent did not say. */
  readonly isEstimated: boolean;
  /** Calls of tools that the provider itself runs for money, such as searches: no price of tokens covers them. Absent = none. */
  readonly paidToolCalls?: number;
}

/** SPEC §3.5. */
export type BreakerState = 'closed' | 'open' | 'half_open';
export interface BreakerStatus {
  readonly state: BreakerState;
  readonly failures: number;
  /** When an open breaker lets the next call try, UTC ms; null = it is not open. */
  readonly opensAgainAt: number | null;
}

/** SPEC §3.7 AgentHealth. */
export interface AgentHealth {
  readonly agentName: string;
  readonly isHealthy: boolean;
  /** UTC ms; null = never checked. */
  readonly lastCheck: number | null;
  readonly error: ErrorRecord | null;
  readonly latencyMs: number | null;
  readonly consecutiveFailures: number;
  readonly version: string | null;
}

/** Why another agent takes over. */
export const FAILOVER_REASONS = [
  'initialization_failed',
  'health_check_failed',
  'step_execution_failed',
  'timeout',
  'circuit_breaker_open',
] as const;
/** SPEC §3.7. */
export type FailoverReason = (typeof FAILOVER_REASONS)[number];

/** What stands in a conversation of an agent step. Streamed texts come in pieces: pieces of one kind in a row are one text. */
export type ConversationItem =
  | { readonly kind: 'prompt'; readonly text: string; readonly model: string | null }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  /** `id` ties a call to its result. `tool` is `tool.operation`, or the agent's own name for a tool of its own. */
  | { readonly kind: 'tool_call'; readonly id: string; readonly tool: string; readonly input: Json }
  | { readonly kind: 'tool_result'; readonly id: string; readonly text: string; readonly isError: boolean }
  /** A call of a model has ended. `cost` in USD as decimal text, null = unpriced. */
  | {
      readonly kind: 'call_end';
      readonly model: string | null;
      readonly usage: TokenUsage;
      readonly cost: string | null;
      readonly durationMs: number;
    }
  /** The app itself says something: a repair is asked for, the agent is silent, another agent takes over. */
  | { readonly kind: 'note'; readonly level: 'info' | 'warning' | 'error'; readonly text: string };

/** An item as it stands in the run's conversation; `entry` counts from 1 within the run, `at` is UTC ms. */
export interface ConversationEntry {
  readonly entry: number;
  readonly at: number;
  readonly path: string;
  readonly attempt: number;
  readonly agent: string;
  readonly item: ConversationItem;
}

/** An agent as lists and screens show it. Nothing here needs a process or a request. */
export interface AgentInfo {
  readonly name: string;
  readonly provider: string;
  /** How it is reached. */
  readonly kind: 'cli' | 'http' | 'built_in';
  /** It makes many calls and says what they cost only at its end: limits of spending hold it between steps. */
  readonly saysCostAtEnd: boolean;
  readonly description: string;
  /** From capabilities.yaml: `planned` ones are listed but cannot be chosen. */
  readonly isAvailable: boolean;
  /** A binary on PATH, or nothing to install. */
  readonly isInstalled: boolean;
  readonly installHint: string | null;
  readonly isPrimary: boolean;
  /** 0 = primary, 1 = first fallback …; null = not in the order of failover. */
  readonly failoverRank: number | null;
  readonly model: string | null;
  readonly models: readonly string[];
  readonly baseUrl: string | null;
  /** Names of environment variables that hold its key, with whether each is set; never a value. */
  readonly keys: readonly { readonly name: string; readonly isSet: boolean }[];
  readonly capabilities: AgentCapabilities;
  readonly strengths: readonly string[];
  readonly limitations: readonly string[];
  readonly health: AgentHealth;
  readonly breaker: BreakerStatus;
  readonly runningSteps: number;
}

/** Who did a step, for screens and results. */
export interface StepAgent {
  readonly agentUsed: string;
  readonly agentsTried: readonly string[];
  readonly model: string | null;
  readonly usage: TokenUsage;
  /** USD as decimal text of all priced calls. */
  readonly cost: string;
  readonly calls: number;
  readonly unpricedCalls: number;
}

/** One line of the failover history (SPEC §3.7 FailoverEvent). */
export interface FailoverEvent {
  readonly timestamp: string;
  readonly from_agent: string;
  readonly to_agent: string;
  readonly reason: FailoverReason;
  readonly step_index: number;
  readonly error: string | null;
}

/** A tool that an agent may call by function calling (SPEC §5.3 "Function schema for agents"). */
/** What later uses want of an agent's answer (SPEC §4.2): a map with these fields, a list, or a number, and its JSON Schema. */
export interface WantedAnswer {
  readonly kind: 'object' | 'array' | 'number';
  readonly schema: JsonMap;
}

export interface FunctionTool {
  /** `tool.operation`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly parameters: JsonMap;
}

/** Nothing was used. */
export const NO_USAGE: TokenUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  isEstimated: false,
};

/** The tokens of two calls together. */
export const addUsage = (one: TokenUsage, other: TokenUsage): TokenUsage => ({
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
  cachedTokens: one.cachedTokens + other.cachedTokens,
  cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
  reasoningTokens: one.reasoningTokens + other.reasoningTokens,
  isEstimated: one.isEstimated || other.isEstimated,
  ...paidCalls((one.paidToolCalls ?? 0) + (other.paidToolCalls ?? 0)),
});

/** `paidToolCalls` of a usage, left out where there are none. */
export const paidCalls = (count: number): Pick<TokenUsage, 'paidToolCalls'> =>
  count === 0 ? {} : { paidToolCalls: count };
