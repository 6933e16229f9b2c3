import { basename, dirname, join, relative, sep } from 'node:path';
import { AppError } from '../../../../shared/errors.ts';
import type { ScriptTool } from '../../../../shared/model/bundle.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import type { ProcessLimits, ToolNeeds } from '../../../../shared/model/needs.ts';
import type { ProcessRunner } from '../../../processes/index.ts';
import type { Tool } from '../../../tool-port/index.ts';
import { tighter } from '../../needs/read-needs.ts';
import type { RegistryTool, ToolDefinitions } from '../../registry-port.ts';
import { createScriptTool } from '../../script/create-script-tool.ts';
import { describeScript, functionsOf } from '../../script/describe-script.ts';
import { discoverScriptTools } from '../../script/discover-script-tools.ts';
import { stemOf } from '../../script/manifest-entries.ts';
import type { OpenedImplementation } from './opened-implementation.ts';

interface ScriptParts {
  readonly name: string;
  /** Real path of the script, or of its manifest. */
  readonly file: string;
  readonly isManifest: boolean;
  readonly registryDir: string;
  readonly runner: ProcessRunner;
  /** `security.sandboxed`: instead of what its manifest says. */
  readonly needs?: ToolNeeds | undefined;
  /** The entry's own; of two the smaller holds. */
  readonly limits?: ProcessLimits | undefined;
  /** What the script logs in with. `tool.not_configured`. */
  readonly variables: () => Promise<Readonly<Record<string, string>>>;
}

interface Loaded {
  /** `scriptPath` counts from the registry's folder. */
  readonly script: ScriptTool;
  readonly tool: Tool;
  readonly definitions: ToolDefinitions;
  /** What is wrong with its manifest: no step may use it before that is mended. */
  readonly errors: readonly Diagnostic[];
}

/**
 * A script of the project as a tool of the registry (SPEC §5.1, §5.2): its manifest is `tools.yaml` or `<stem>.yaml` beside it, it
 * works in the registry's folder. Until `load` has read it, its operations are unknown and count as effects.
 */
export function openScript(parts: ScriptParts): OpenedImplementation {
  let loaded: Loaded | null = null;
  let error: AppError | null = null;
  let loading: Promise<readonly Diagnostic[]> | null = null;
  const load = (): Promise<readonly Diagnostic[]> => {
    loading ??= loadScript(parts).then(({ problems, ...found }) => {
      loaded = found.loaded;
      if (loaded === null) error = noScript(parts.name, problems);
      return problems;
    });
    return loading;
  };
  const need = async (): Promise<Loaded> => {
    await load();
    if (loaded !== null) return loaded;
    throw error ?? noScript(parts.name, []);
  };
  const tool: RegistryTool = {
    name: parts.name,
    category: 'service',
    get operations() {
      return loaded?.tool.operations ?? null;
    },
    known: () => loaded?.definitions ?? null,
    traits: (operation) => loaded?.tool.traits(operation) ?? UNKNOWN_TRAITS,
    check: (operation, inputs) =>
      loaded === null ? [] : [...loaded.errors.map(withoutPlace), ...loaded.tool.check(operation, inputs)],
    describe: async () => (await need()).definitions,
    functions: async () => functionsOf(parts.name, (await need()).definitions),
    execute: async (call) => {
      const { script } = await need();
      const variables = await parts.variables();
      const ready = createScriptTool({ ...script, env: { ...script.env, ...variables } }, partsOf(parts));
      return await ready.execute({ ...call, workDir: parts.registryDir });
    },
    recover: async (call) => {
      const { tool: own } = await need();
      return (await own.recover?.({ ...call, workDir: parts.registryDir })) ?? { kind: 'unknown' };
    },
    close: () => Promise.resolve(),
  };
  return { tool, isPinned: false, problems: [], error: () => error, load };
}

/** Whoever checks a step gives its place; that of the manifest goes into the sentence. */
function withoutPlace({ file, line, column: _column, message, ...rest }: Diagnostic): Diagnostic {
  const at = file === undefined ? '' : line === undefined ? `${file}: ` : `${file}:${line}: `;
  return { ...rest, message: `${at}${message}` };
}

function noScript(tool: string, problems: readonly Diagnostic[]): AppError {
  const first = problems.find((problem) => problem.severity === 'error');
  const message = first?.message ?? `There is no script for the tool '${tool}'.`;
  return new AppError('tool.definition_invalid', message, { hint: first?.fix });
}

const UNKNOWN_TRAITS = { effect: 'effect', repeatable: false, timeoutMs: 300_000 } as const;

/** One in the sandbox never writes the folder of the registry by itself: it could take the sandbox away there. */
const partsOf = ({ runner, needs }: ScriptParts): Parameters<typeof createScriptTool>[1] => ({
  runner,
  keepsWorkDir: needs !== undefined,
});

/** The one script of its folder that the registry means. */
async function loadScript(
  parts: ScriptParts,
): Promise<{ readonly loaded: Loaded | null; readonly problems: readonly Diagnostic[] }> {
  const folder = dirname(parts.file);
  const name = basename(parts.file);
  const { tools, diagnostics, errorsOf } = await discoverScriptTools(folder, { toolsDir: '' });
  const byManifest = (tool: ScriptTool): boolean => tool.name === parts.name || tool.name === stemOf(name);
  const found = tools.find((tool) => (parts.isManifest ? byManifest(tool) : tool.scriptPath === name));
  const files = [name, 'tools.yaml', found === undefined ? name : `${stemOf(found.scriptPath)}.yaml`];
  const problems = diagnostics.filter(({ file }) => file === undefined || files.includes(file));
  if (found === undefined) return { loaded: null, problems };
  const scriptPath = relative(parts.registryDir, join(folder, found.scriptPath)).split(sep).join('/');
  const limits = parts.limits === undefined ? found.needs.limits : tighter(found.needs.limits, parts.limits);
  const needs = { ...(parts.needs ?? found.needs), limits };
  const script = { ...found, name: parts.name, scriptPath, needs };
  const tool = createScriptTool(script, partsOf(parts));
  const errors = errorsOf.get(found.name) ?? [];
  return { loaded: { script, tool, definitions: describeScript(script, tool), errors }, problems };
}
