import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import type { HttpClient } from '../../http/index.ts';
import type { ProcessRunner } from '../../processes/index.ts';
import type { ToolCatalog } from '../../tool-port/index.ts';
import { toolMadeOf } from './read-reach.ts';
import { ToolRegistry, type ToolRegistryOptions } from './tool-registry.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('a tool of a reading was used'));
const NO_RUNNER: ProcessRunner = {
  run: refuse,
  lookup: refuse,
  forget: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
const NO_HTTP: HttpClient = { request: refuse, fetchWith: () => refuse, close: () => Promise.resolve() };

/** The tools of a project as far as its files tell. */
export interface RegistryCatalog {
  /** By name; `operations` from pins, spec files, manifests and adapters that were described before, else null. */
  readonly catalog: ToolCatalog;
  readonly problems: readonly Diagnostic[];
}

/**
 * The registry for whoever only reads a project (`workflow validate`, without a session): it looks at files, makes none, starts no process and sends
 * nothing. Calling one of the tools is a bug.
 */
export async function readRegistryCatalog(
  options: Pick<ToolRegistryOptions, 'projectPath' | 'registryFile' | 'stateDir' | 'typePriority'>,
): Promise<RegistryCatalog> {
  const registry = await ToolRegistry.open({
    ...options,
    ...{ runner: NO_RUNNER, http: NO_HTTP, hostEnv: {}, timeoutMs: 30_000, onChange: () => undefined },
    ports: { now: () => 0, setTimer: () => () => undefined },
  });
  const problems = await registry.problems();
  const catalog: ToolCatalog = { ...registry.catalog(), madeOf: (name) => toolMadeOf(options, name) };
  return { catalog, problems };
}
