import type { OperationName } from '../../shared/contract/index.ts';
import { writeSettings } from '../projects/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

/** The use cases of the agents of a project (SPEC §4.3). */
export function agentHandlers({
  agents,
  gate,
  paths,
}: Pick<ProjectSession, 'agents' | 'gate' | 'paths'>): HandlersOf<Extract<OperationName, `agents.${string}`>> {
  return {
    'agents.list': async () => ({
      agents: await agents.list(),
      primary: agents.primary ?? '',
      strategy: agents.strategy,
      failoverOrder: agents.failoverOrder,
      hasFile: agents.hasFile,
    }),
    'agents.info': ({ name }) => agents.info(name),
    'agents.check': async ({ name }) => {
      await gate.require();
      return { agents: await agents.check(name) };
    },
    'agents.setPrimary': async ({ name }) => {
      agents.available(name);
      await writeSettings(paths, { changes: { 'agent.primary': name }, env: process.env });
      agents.setPrimary(name);
      return { primary: name };
    },
    'agents.resetBreaker': ({ name }) => {
      agents.resetBreaker(name);
      return null;
    },
  };
}
