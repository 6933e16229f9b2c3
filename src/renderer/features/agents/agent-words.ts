import { CircleCheck, CircleDashed, CircleX, LoaderCircle, type LucideIcon, PackageX } from 'lucide-react';
import type { AgentInfo } from '../../../shared/model/agent.ts';
import { isDemoAgent } from '../../ui/demo.ts';

/** How an agent stands, as far as is known without asking it. */
export type AgentCondition = 'checking' | 'healthy' | 'unhealthy' | 'unchecked' | 'not_installed' | 'planned';

export const conditionOf = (agent: AgentInfo, isChecking: boolean): AgentCondition => {
  if (!agent.isAvailable) return 'planned';
  if (isChecking) return 'checking';
  if (!agent.isInstalled) return 'not_installed';
  if (agent.health.lastCheck === null) return 'unchecked';
  return agent.health.isHealthy ? 'healthy' : 'unhealthy';
};

interface Look {
  readonly icon: LucideIcon;
  readonly tone: string;
}
/** Icon and colour; the word is `agents:condition.<condition>`. */
export const CONDITION_LOOK: Readonly<Record<AgentCondition, Look>> = {
  checking: { icon: LoaderCircle, tone: 'st-running' },
  healthy: { icon: CircleCheck, tone: 'st-success' },
  unhealthy: { icon: CircleX, tone: 'st-failed' },
  unchecked: { icon: CircleDashed, tone: 'st-pending' },
  not_installed: { icon: PackageX, tone: 'st-skipped' },
  planned: { icon: CircleDashed, tone: 'st-skipped' },
};

/** Key of the sentence that says why the agent cannot be made primary now; null = it can. */
export function primaryRefusal(agent: AgentInfo): string | null {
  if (!agent.isAvailable) return 'why.planned';
  if (agent.isPrimary) return 'why.isPrimary';
  return agent.isInstalled ? null : 'why.notInstalled';
}

/** The model by its name; else the key of the word in its place: the agent's own default, or none at all. */
export const modelOf = (agent: AgentInfo): { readonly name: string } | { readonly key: string } => {
  if (isDemoAgent(agent.name)) return { key: 'noModel' };
  return agent.model === null ? { key: 'ownModel' } : { name: agent.model };
};

export function checkRefusal(agent: AgentInfo, isChecking: boolean): string | null {
  if (!agent.isAvailable) return 'why.planned';
  if (isChecking) return 'why.checking';
  return null;
}

/** Keys of the capabilities that are yes or no, in the order in which they are shown. */
export const CAPABILITY_KEYS = [
  'streaming',
  'codeExecution',
  'fileCreation',
  'mcpNative',
  'mcpViaBridge',
  'extendedReasoning',
  'multiTurn',
  'webSearch',
] as const satisfies readonly (keyof AgentInfo['capabilities'])[];

/** Usable agents in the order of failover, then by name; planned ones stand apart. */
export function splitAgents(agents: readonly AgentInfo[]): {
  readonly usable: readonly AgentInfo[];
  readonly planned: readonly AgentInfo[];
} {
  const rank = (agent: AgentInfo): number => agent.failoverRank ?? (agent.isInstalled ? 1000 : 2000);
  const sorted = [...agents].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return { usable: sorted.filter((agent) => agent.isAvailable), planned: sorted.filter((agent) => !agent.isAvailable) };
}

const UNHEALTHY_KEYS: Readonly<Record<string, string>> = {
  'agent.not_configured': 'unhealthy.notConfigured',
  'agent.not_logged_in': 'unhealthy.notLoggedIn',
  'agent.not_installed': 'unhealthy.notInstalled',
  'agent.connection_lost': 'unhealthy.notRunning',
  'agent.timed_out': 'unhealthy.noAnswer',
  'agent.rate_limited': 'unhealthy.rateLimited',
};

/** Key of the few words that say why an agent is unhealthy; null where only its own sentence does. */
export const unhealthyKey = (code: string): string | null => UNHEALTHY_KEYS[code] ?? null;
