import type { ErrorRecord } from '../errors.ts';
import type { Json, JsonMap } from '../json.ts';
import type { EffectClass } from './events.ts';

/** How a tool is built (SPEC §5.1). */
export type ToolType = 'mcp' | 'openapi' | 'custom' | 'script';

/** `unknown` = its operations were never listed: nothing is started or sent to find out (DESIGN decision 13). */
export type ToolState = 'ready' | 'unknown' | 'running' | 'failed' | 'changed';

/** A tool of the project's registry, as lists show it. */
export interface ToolSummary {
  readonly name: string;
  readonly description: string;
  readonly category: string;
  /** Types of its implementations, the chosen one first. */
  readonly types: readonly ToolType[];
  readonly state: ToolState;
  /** null = not known yet. */
  readonly operationCount: number | null;
  readonly error: ErrorRecord | null;
}

export interface ToolOperationInfo {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly parameters: JsonMap;
  readonly outputSchema: JsonMap | null;
  readonly effect: EffectClass;
  /** It is declared to change nothing. Shown to people, not part of what is pinned. */
  readonly isReadOnly?: true;
  /** What else the tool says about it (MCP annotations). Part of what is pinned, shown to people, decides nothing by itself. */
  readonly annotations?: JsonMap;
}

/** An operation that a tool describes in a way that nobody can call it by. */
export interface LeftOutOperation {
  readonly name: string;
  /** What is wrong with it: `inputSchema: expected object, received string`. */
  readonly problem: string;
}

/** A live MCP server. Instants are UTC ms. */
export interface ToolServer {
  readonly name: string;
  readonly version: string;
  /** Command line or address, without secrets. */
  readonly reachedBy: string;
  readonly state: 'stopped' | 'starting' | 'running' | 'waiting_to_restart' | 'failed';
  readonly pid: number | null;
  readonly startedAt: number | null;
  readonly restarts: number;
  readonly error: ErrorRecord | null;
}

/** What is different from the definitions that were accepted. */
export interface ToolChange {
  readonly acceptedHash: string;
  readonly currentHash: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** A place of an operation that is not as it was accepted: a text as the tool writes it, anything else as JSON; null = nothing there. */
export interface DefinitionDifference {
  /** `description`, `parameters.properties.to.type` … */
  readonly place: string;
  readonly accepted: string | null;
  readonly current: string | null;
}

export interface OperationChange {
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly differences: readonly DefinitionDifference[];
}

/** The same with both words, for whoever is to accept it: what was accepted and what waits. */
export interface ToolChangeDetail extends ToolChange {
  readonly operations: readonly OperationChange[];
}

export interface ToolDetail extends ToolSummary {
  readonly implementations: readonly {
    readonly type: ToolType;
    readonly priority: number;
    readonly source: string;
    readonly agentCompatibility: Readonly<Record<string, string>>;
    readonly isChosen: boolean;
  }[];
  readonly operations: readonly ToolOperationInfo[];
  /** What the tool also tells of and nobody can call, and why. */
  readonly leftOut: readonly LeftOutOperation[];
  /** The definitions that were accepted, and when (UTC ms). */
  readonly pin: { readonly hash: string; readonly at: number } | null;
  /** Not null: the tool says something else than what was accepted; calls wait for a person's word. */
  readonly change: ToolChangeDetail | null;
  readonly server: ToolServer | null;
  readonly authentication: { readonly type: string; readonly from: string; readonly isSet: boolean } | null;
  readonly rateLimit: { readonly requestsPerMinute: number; readonly burst: number } | null;
}

/** What one call of a tool from the screen or the command line gave. */
export interface ToolCallOutcome {
  readonly output: Json;
  readonly durationMs: number;
  readonly warnings: readonly string[];
  readonly log: readonly string[];
}
