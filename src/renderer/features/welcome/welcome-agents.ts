import { create } from 'zustand';
import { checkAgent } from '../../client/agent-actions.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';

export const welcomeAgents = createLiveQuery({
  ask: () => call('agents.list', {}),
  dueOn: ({ kind }) => (kind === 'agents' ? 'now' : null),
});

export const useIsChecking = create<{ readonly isChecking: boolean }>()(() => ({ isChecking: false }));

export async function checkWelcomeAgent(name: string): Promise<void> {
  useIsChecking.setState({ isChecking: true });
  await checkAgent(name);
  await welcomeAgents.refresh();
  useIsChecking.setState({ isChecking: false });
}
