import { listLibrary, resolveWorkflow } from '../projects/index.ts';
import { secretNamesOf } from '../triggers/index.ts';
import { secretNames } from '../workflow/index.ts';
import { projectCatalog } from './project-catalog.ts';
import type { ProjectSession } from './project-session.ts';
import { readOptions } from './reader.ts';

/** Name of a secret -> what names it now, as files and settings say: `workflow:ID`, `tool:NAME`, `agent:NAME`, `channel:NAME`. */
export async function secretUses(session: ProjectSession): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const note = (secret: string, user: string): void =>
    void found.set(secret, [...new Set([...(found.get(secret) ?? []), user])]);
  const { paths, config, tools, agents, channels, env } = session;
  const options = readOptions(await projectCatalog(session), env, agents.names);
  for (const { ref, id } of await listLibrary(paths, options)) {
    const { reading } = await resolveWorkflow(ref, paths, options);
    if (reading !== null) for (const name of secretNames(reading.workflow)) note(name, `workflow:${id}`);
  }
  for (const { trigger } of session.triggers.registry.list())
    if (trigger.kind === 'webhook')
      for (const name of secretNamesOf(trigger.config)) note(name, `workflow:${trigger.workflowId}`);
  for (const { name, secret } of tools.secretNames()) note(secret, `tool:${name}`);
  for (const { name, secret } of channels.secretNames()) note(secret, `channel:${name}`);
  for (const [name, { api_key: key }] of Object.entries(config.agent.configs))
    if (typeof key === 'string' && key !== '') note(key, `agent:${name}`);
  return found;
}
