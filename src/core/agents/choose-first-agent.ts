import type { AgentAdapter } from '../agent-port/index.ts';
import type { Clock } from '../time/index.ts';
import { DEMO } from './agent-settings.ts';
import { HealthCache } from './health-cache.ts';

/** SPEC §3.1: in this order, else `demo`. */
const FIRST_CHOICES = ['claude-code', 'opencode', 'ollama'] as const;

export interface FirstAgent {
  readonly agent: string;
  /** Who was asked and why it was not taken, in order. */
  readonly passedOver: readonly { readonly agent: string; readonly reason: string }[];
}

/**
 * Whom a new project goes to (SPEC §3.1): the first healthy of claude-code, opencode and ollama, else `demo`. Asks the installed
 * ones, all at once, each for at most `timeoutMs`. Never rejects for what an agent is.
 */
export async function chooseFirstAgent(
  adapters: readonly AgentAdapter[],
  options: { readonly timeoutMs: number; readonly clock: Clock },
): Promise<FirstAgent> {
  const health = new HealthCache({ ...options, intervalMs: 0, onChange: () => undefined });
  const wanted = FIRST_CHOICES.map((name) => ({ name, adapter: adapters.find((one) => one.name === name) ?? null }));
  const found = await Promise.all(wanted.map(({ adapter }) => reasonAgainst(adapter, health)));
  const taken = found.indexOf(null);
  const passedOver = wanted
    .slice(0, taken === -1 ? wanted.length : taken)
    .map(({ name }, index) => ({ agent: name, reason: found[index] ?? '' }));
  return { agent: wanted[taken]?.name ?? DEMO, passedOver };
}

async function reasonAgainst(adapter: AgentAdapter | null, health: HealthCache): Promise<string | null> {
  if (adapter === null || !(await adapter.isInstalled())) return 'not installed';
  return (await health.check(adapter))?.message ?? null;
}
