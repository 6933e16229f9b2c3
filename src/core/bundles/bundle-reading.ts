import type { BundleConfig, BundleFile, ScriptTool } from '../../shared/model/bundle.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { WorkflowReading } from '../../shared/model/workflow.ts';
import type { ToolCatalog } from '../tools/index.ts';
import type { YamlMemory } from '../yaml/index.ts';
import type { FoundFile } from './bundle-files.ts';

/** What a bundle folder or a lone workflow file says, without its version. */
export interface BundleOutline {
  /** Absolute real path of the folder, or of the workflow file when `kind` is `file`. */
  readonly path: string;
  readonly kind: 'bundle' | 'file';
  /** Absolute real path of the workflow file; null = the folder has none. */
  readonly workflowFile: string | null;
  /** The workflow's text, empty without a workflow file. */
  readonly text: string;
  /** Null iff there is no workflow file. */
  readonly reading: WorkflowReading | null;
  readonly config: BundleConfig;
  readonly tools: readonly ScriptTool[];
  readonly toolsDirExists: boolean;
  /** Settings, manifests, links, scripts, workflow messages and tool checks, in this order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything that reading a bundle folder or a lone workflow file gives. Reading starts no process and sends nothing. */
export interface BundleReading extends BundleOutline {
  /** What children of a run get from the bundle, resolved (SPEC §6.2). Holds values of `.env`: never show or journal it. */
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly BundleFile[];
  /** Where each of `files` really is; what `snapshotBundle` copies. A lone file stands as `workflow.md`. */
  readonly sources: readonly FoundFile[];
  /** SPEC §6.5, 64 hex digits. */
  readonly contentHash: string;
  readonly sizeBytes: number;
}

/** What the reader takes from outside; all optional. */
export interface ReadBundleOptions {
  /** Builds the catalog against which actions are checked, from the bundle's own tools and whether it uses the project's besides; absent = actions are not checked. */
  readonly catalogOf?: (tools: readonly ScriptTool[], inheritsProjectTools: boolean) => ToolCatalog;
  /** What a tool of the project is made of, against which a lock is checked; absent = only files are. */
  readonly madeOf?: NonNullable<ToolCatalog['madeOf']>;
  /** Agents that are known here, against which names of agents are checked; absent = they are not. */
  readonly agentNames?: () => readonly string[];
  /** The process environment and the `.env` files that go before the bundle's, for SPEC §6.2. Default: nothing. */
  readonly hostEnv?: Readonly<Record<string, string | undefined>>;
  /** Folder whose `.env` counts instead of the bundle's own: an archived copy never holds one (SPEC §6.5). */
  readonly envFolder?: string;
  /** The name that counts as the folder's, for defaults. Default: its real one. */
  readonly folderName?: string;
  /** How the workflow file is called in diagnostics. Default: its path inside the bundle. */
  readonly displayFile?: string;
  /** What counts as the text of the workflow file, such as a draft. Default: what the file holds. */
  readonly text?: string;
  /** Of a text that is read again and again while it is typed. */
  readonly memory?: YamlMemory;
}
