import i18next from 'i18next';
import { formatDuration } from '../ui/format.ts';
import { showToast } from '../ui/toasts.tsx';
import { worded } from '../ui/worded.ts';
import { act } from './act.ts';
import { call } from './bridge.ts';

/** Checks every installed agent and says what was found; screens hear of it live. */
export const checkAllAgents = (): Promise<void> =>
  act(async () => {
    const { agents } = await call('agents.check', {});
    const healthy = agents.filter((agent) => agent.isHealthy).length;
    showToast(i18next.t('agents:checked.all', { healthy, count: agents.length }));
  });

/** Checks one agent and says what was found. */
export const checkAgent = (name: string): Promise<void> =>
  act(async () => {
    const { agents } = await call('agents.check', { name });
    const [health] = agents;
    if (health === undefined) return;
    showToast(
      health.isHealthy
        ? i18next.t('agents:checked.healthy', { name, latency: formatDuration(health.latencyMs ?? 0) })
        : i18next.t('agents:checked.unhealthy', { name, reason: worded(health.error?.message ?? '') }),
    );
  });
