import { relative, sep } from 'node:path';
import type { BundleInfo } from '../../shared/model/bundle.ts';
import type { BundleReading } from './bundle-reading.ts';

/** What `workflow.error` says: the first error in the workflow's own text, else null. */
function workflowError(reading: BundleReading): string | null {
  const errors = reading.diagnostics.filter(
    ({ severity, code }) => severity === 'error' && (code === 'bundle.no_workflow' || code.startsWith('workflow.')),
  );
  // What made the text unreadable comes before what then seems to be missing in it.
  const error = errors.find((found) => found.code === 'workflow.invalid_yaml') ?? errors[0];
  if (error === undefined) return null;
  return error.code === 'workflow.invalid_yaml' ? `Failed to parse workflow: ${error.message}` : error.message;
}

/** What `bundleInfo` cannot know from the folder alone. */
export interface BundleInfoContext {
  /** Whether a person trusts this content hash (SPEC §6.7). Default: no. */
  readonly isTrusted?: boolean;
  /** Names of the project's registry that the bundle inherits. */
  readonly inheritedTools?: readonly string[];
}

/** The record of SPEC §6.4, exactly as `bundle info --json` prints it. */
export function bundleInfo(reading: BundleReading, context: BundleInfoContext = {}): BundleInfo {
  const { config } = reading;
  const workflow = reading.reading?.workflow ?? null;
  const scriptTools = reading.tools.map((tool) => tool.name).sort();
  const inherited = config.inheritGlobalTools ? (context.inheritedTools ?? []) : [];
  const file = reading.workflowFile === null ? null : relative(reading.path, reading.workflowFile).split(sep).join('/');
  return {
    name: config.name,
    path: reading.path,
    workflow_file: reading.kind === 'file' ? reading.path : file,
    workflow: {
      id: workflow?.id ?? null,
      name: workflow?.name ?? null,
      version: workflow?.version ?? null,
      steps: workflow?.steps.length ?? 0,
      error: workflowError(reading),
    },
    tools: {
      script_tools: scriptTools,
      all_tools: [...new Set([...scriptTools, ...inherited])].sort(),
      tools_dir: config.toolsDir,
      tools_dir_exists: reading.toolsDirExists,
    },
    config: {
      agent: config.agent,
      fallback_agent: config.fallbackAgent,
      timeout: config.timeoutMs === undefined ? null : config.timeoutMs / 1000,
      inherit_global_tools: config.inheritGlobalTools,
    },
    content_hash: reading.contentHash,
    trusted: context.isTrusted ?? false,
    size_bytes: reading.sizeBytes,
  };
}
