import type { ScriptTool } from '../../shared/model/bundle.ts';
import { AGENT_READING } from '../agents/index.ts';
import type { ReadBundleOptions } from '../bundles/index.ts';
import type { ProcessRunner } from '../processes/index.ts';
import { createCatalog, createScriptTool, type ToolCatalog } from '../tools/index.ts';

/** A runner for tools that are only looked at: reading a bundle starts no process (DESIGN decision 13). */
const NO_RUNNER: ProcessRunner = {
  run: () => Promise.reject(new Error('a tool of a reading was called')),
  lookup: () => Promise.reject(new Error('a tool of a reading was looked up')),
  forget: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** SPEC §6.2 `inherit_global_tools`: the bundle's own tools win over the project's. */
export function withProjectTools(own: ToolCatalog, project: (() => ToolCatalog) | null): ToolCatalog {
  if (project === null) return own;
  return {
    get: (name) => own.get(name) ?? project().get(name),
    names: () => [...new Set([...own.names(), ...project().names()])].sort(),
  };
}

/** The catalog against which a bundle is checked: its scripts, and the project's tools where it uses them. */
export const catalogWith =
  (project: () => ToolCatalog): NonNullable<ReadBundleOptions['catalogOf']> =>
  (tools: readonly ScriptTool[], inherits: boolean) => {
    const own = createCatalog(tools.map((tool) => createScriptTool(tool, { runner: NO_RUNNER })));
    const all = withProjectTools(own, inherits ? project : null);
    return { get: (name) => (name === 'agent' ? AGENT_READING : all.get(name)), names: () => all.names() };
  };

/**
 * How this product reads bundles: with tools checked and `hostEnv` for `${NAME}`; names of agents, of which it
 * only warns, where they are given.
 */
export const readOptions = (
  project: ToolCatalog,
  hostEnv: ReadBundleOptions['hostEnv'],
  agentNames?: readonly string[],
): ReadBundleOptions => ({
  catalogOf: catalogWith(() => project),
  ...(agentNames === undefined ? {} : { agentNames: () => agentNames }),
  ...(hostEnv === undefined ? {} : { hostEnv }),
  ...(project.madeOf === undefined ? {} : { madeOf: project.madeOf }),
});
