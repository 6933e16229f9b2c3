import type { ErrorRecord } from '../../../../shared/errors.ts';
import type { ProcessLimits } from '../../../../shared/model/needs.ts';
import type { ToolType } from '../../../../shared/model/tool.ts';
import type { Place } from '../../../../shared/model/workflow.ts';

/** Where something stands in the registry. */
export interface EntryPlace extends Place {
  readonly file: string;
}

/** The kinds of implementations that a registry may name. */
export const TOOL_TYPES: readonly ToolType[] = ['mcp', 'openapi', 'custom', 'script'];

/** One way to reach a tool (SPEC §5.1). Paths and addresses as written; null = not written. */
export interface RegistryImplementation {
  readonly type: ToolType;
  /** Lower wins. */
  readonly priority: number;
  readonly configPath: string | null;
  readonly specPath: string | null;
  readonly specUrl: string | null;
  readonly adapterPath: string | null;
  /** `name@1.2.3` of the npm registry. */
  readonly package: string | null;
  readonly baseUrl: string | null;
  /** Agent -> native, supported, via_bridge, not_supported, none. A missing agent counts as supported. */
  readonly agentCompatibility: Readonly<Record<string, string>>;
  readonly place: EntryPlace;
}

/** The ways in which a tool may log in. */
export const AUTHENTICATION_TYPES = ['oauth2', 'bearer_token', 'api_key', 'basic', 'none'] as const;

/** How a tool logs in: names of secrets, never a value. */
export interface RegistryAuthentication {
  readonly type: (typeof AUTHENTICATION_TYPES)[number];
  /** Variable of the host that holds the token. */
  readonly tokenEnv: string | null;
  /** Name in the secret store. */
  readonly secret: string | null;
  readonly header: string | null;
  readonly query: string | null;
  readonly scopes: readonly string[];
  readonly provider: string | null;
}

/** A token bucket: `burst` calls at once, refilled evenly. */
export interface RateLimit {
  readonly requestsPerMinute: number;
  readonly burst: number;
}

/** A tool as `registry.yaml` describes it, after defaults. */
export interface RegistryEntry {
  readonly name: string;
  readonly description: string;
  readonly category: string;
  /** In file order. */
  readonly implementations: readonly RegistryImplementation[];
  readonly authentication: RegistryAuthentication | null;
  readonly rateLimit: RateLimit | null;
  readonly security: {
    readonly isSandboxed: boolean;
    /** As written. */
    readonly allowedPaths: readonly string[];
    readonly allowedHosts: readonly string[];
    readonly limits: ProcessLimits;
  };
  readonly place: EntryPlace;
  /** Not null: something in the entry is wrong, and the tool cannot be used before it is mended. */
  readonly error: ErrorRecord | null;
}
