import type { ProcessLimits, ToolNeeds } from '../../shared/model/needs.ts';
import type { LeftOutOperation, ToolOperationInfo, ToolServer } from '../../shared/model/tool.ts';
import type { Tool } from '../tool-port/index.ts';

/** What a tool says it can do. `hash` is the SHA-256 of the canonical JSON of `operations`: any word that changed changes it. */
export interface ToolDefinitions {
  readonly operations: readonly ToolOperationInfo[];
  readonly hash: string;
  /** What it also tells of and cannot be used; never part of the hash. */
  readonly leftOut?: readonly LeftOutOperation[];
}

/** The definitions that a person accepted (SPEC §5.3): the first ones seen, later ones by their word only. */
export interface PinPort {
  accepted(): ToolDefinitions | null;
  /** What was seen last, whether it was accepted or waits for a person's word. Absent: that is not known. */
  lastSeen?(): ToolDefinitions | null;
  /** Accepts the first definitions; throws `tool.changed` (details: `ToolChange`) when they are not those that were accepted. */
  check(current: ToolDefinitions): void;
}

/** A tool of the registry, whatever it is built of. Making one starts nothing and sends nothing. */
export interface RegistryTool extends Tool {
  readonly category: 'service';
  /** What is known without reaching it; null = nothing yet. */
  known(): ToolDefinitions | null;
  /** Reaches it and lists its operations, without looking at the pin. */
  describe(signal: AbortSignal): Promise<ToolDefinitions>;
  /** For servers that live between calls. */
  server?(): ToolServer;
  stopServer?(): Promise<void>;
  close(): Promise<void>;
}

/** What every kind of registry tool is made of besides its own settings. */
export interface ToolCommons {
  readonly name: string;
  readonly description: string;
  /** Headers, query and cookies that log in; read when they are needed, never kept, never logged. `tool.not_configured` when a secret is missing. */
  readonly auth: () => Promise<ToolAuth>;
  /** `security.allowed_hosts` of the registry. */
  readonly allowedHosts: readonly string[];
  /** `security.allowed_paths`, absolute. Empty = no limit written. */
  readonly allowedPaths: readonly string[];
  /** `security.sandboxed`: its processes get these paths and nothing else. Absent: they run as the user does. */
  readonly needs?: ToolNeeds | undefined;
  /** `security.limits`: bounds over everything that a process of the tool starts. */
  readonly limits?: ProcessLimits | undefined;
  /** Default time of a call (`tools.timeout`), ms. */
  readonly timeoutMs: number;
  readonly pin: PinPort;
  /** Told when the server's state changes, for screens. */
  readonly onChange: () => void;
}

/** What a registry entry or an OpenAPI security scheme resolves to. Values are secret. */
export interface ToolAuth {
  readonly type: 'none' | 'bearer_token' | 'api_key' | 'basic' | 'oauth2';
  readonly token: string | null;
  /** For `api_key`: where the key goes. */
  readonly header: string | null;
  readonly query: string | null;
  /** For `basic` and client credentials: `user:password` / `client id:client secret` is in `token`. */
  readonly scopes: readonly string[];
}
