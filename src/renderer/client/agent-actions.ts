import i18next from 'i18next';
import type { AgentHealth } from '../../shared/model/agent.ts';
import { formatDuration } from '../ui/format.ts';
import { showError, showToast } from '../ui/toasts.tsx';
import { getClient } from './bridge.ts';

/** Checks every installed agent and says what was found; screens hear of it live. */
export async function checkAllAgents(): Promise<void> {
  try {
    const { agents } = await getClient().call('agents.check', {});
    const healthy = agents.filter((agent) => agent.isHealthy).length;
    showToast(i18next.t('agents:checked.all', { healthy, count: agents.length }));
  } catch (thrown) {
    showError(thrown);
  }
}

/** Checks one agent and says what was found; null when it could not be asked (said already). */
export async function checkAgent(name: string): Promise<AgentHealth | null> {
  try {
    const { agents } = await getClient().call('agents.check', { name });
    const [health] = agents;
    if (health === undefined) return null;
    showToast(
      health.isHealthy
        ? i18next.t('agents:checked.healthy', { name, latency: formatDuration(health.latencyMs ?? 0) })
        : i18next.t('agents:checked.unhealthy', { name, reason: health.error?.message ?? '' }),
    );
    return health;
  } catch (thrown) {
    showError(thrown);
    return null;
  }
}
