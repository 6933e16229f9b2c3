import type { Json } from '../json.ts';
import type { ValueType } from '../typed-values.ts';
import type { ToolNeeds } from './needs.ts';

/** A parameter of a tool operation (SPEC §5.2). */
export interface ToolParameter {
  readonly name: string;
  readonly type: ValueType;
  readonly required: boolean;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly description: string;
  readonly secret: boolean;
}

export interface ToolOperation {
  readonly name: string;
  readonly description: string;
  /** null = no parameters declared: everything is passed on unchecked. */
  readonly parameters: readonly ToolParameter[] | null;
  readonly timeoutMs?: number;
  readonly idempotent: boolean;
  readonly readOnly: boolean;
  readonly outputSchema?: Json;
}

/** A script tool as found in a bundle (SPEC §5.2). `scriptPath` is relative to the bundle's folder, with `/`. */
export interface ScriptTool {
  readonly name: string;
  readonly scriptPath: string;
  readonly description: string;
  /** Non-empty = multi-operation: the operation is the first argument. */
  readonly operations: readonly ToolOperation[];
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  readonly passEnv: readonly string[];
  readonly needs: ToolNeeds;
}

/** SPEC §6.2, after defaults. Keys are absent where unwritten and where "unwritten" matters. */
export interface BundleConfig {
  readonly name: string;
  readonly version: string;
  readonly agent: string | null;
  readonly fallbackAgent: string | null;
  readonly model?: string;
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
  readonly toolsDir: string;
  readonly inheritGlobalTools: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/** SPEC §6.4, exactly as `bundle info --json` prints it. */
export interface BundleInfo {
  readonly name: string;
  readonly path: string;
  readonly workflow_file: string | null;
  readonly workflow: {
    readonly id: string | null;
    readonly name: string | null;
    readonly version: string | null;
    readonly steps: number;
    readonly error: string | null;
  };
  readonly tools: {
    readonly script_tools: readonly string[];
    readonly all_tools: readonly string[];
    readonly tools_dir: string;
    readonly tools_dir_exists: boolean;
  };
  readonly config: {
    readonly agent: string | null;
    readonly fallback_agent: string | null;
    readonly timeout: number | null;
    readonly inherit_global_tools: boolean;
  };
  readonly content_hash: string;
  readonly trusted: boolean;
  readonly size_bytes: number;
}

/** A file of a bundle, as the import sheet lists it. */
export interface BundleFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly isExecutable: boolean;
}
