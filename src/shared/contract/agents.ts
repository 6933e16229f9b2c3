import { z } from 'zod';
import type { AgentHealth, AgentInfo } from '../model/agent.ts';
import { operation } from './operation.ts';

export interface AgentList {
  readonly agents: readonly AgentInfo[];
  readonly primary: string;
  readonly strategy: 'manual' | 'auto' | 'load_balanced';
  /** Primary first, then the fallbacks in order (SPEC §3.7). */
  readonly failoverOrder: readonly string[];
  /** False where no capabilities.yaml is: the shipped list is shown. */
  readonly hasFile: boolean;
}

/** The name of an agent. */
export const agentNameField = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

/** What can be done about agents. */
export const agentOperations = {
  /** Starts no process and sends nothing: health is what the last check found. */
  'agents.list': operation<AgentList>()(z.strictObject({}), 'agent:read'),
  'agents.info': operation<AgentInfo>()(z.strictObject({ name: agentNameField }), 'agent:read'),
  /** Checks one agent, or all that are installed; nothing is kept from before. */
  'agents.check': operation<{ readonly agents: readonly AgentHealth[] }>()(
    z.strictObject({ name: agentNameField.optional() }),
    'agent:write',
  ),
  /** Writes `agent.primary` into aiworkflow.yaml; comments and order of the file stay. */
  'agents.setPrimary': operation<{ readonly primary: string }>()(
    z.strictObject({ name: agentNameField }),
    'agent:write',
    'config.changed',
  ),
  /** Closes the agent's breaker by hand. */
  'agents.resetBreaker': operation<null>()(z.strictObject({ name: agentNameField }), 'agent:write', 'config.changed'),
} as const;
