import { create } from 'zustand';
import type { AgentList } from '../../../shared/contract/index.ts';
import { checkAgent } from '../../app/agent-actions.ts';
import { getClient } from '../../app/bridge.ts';
import { listenLive } from '../../app/live.ts';
import { failed, type Loadable, loading, ready } from '../../app/loadable.ts';
import { createRefetcher } from '../../app/refetcher.ts';

interface WelcomeAgents {
  readonly agents: Loadable<AgentList>;
  readonly isChecking: boolean;
}

export const useWelcomeAgents = create<WelcomeAgents>()(() => ({ agents: loading(), isChecking: false }));

export const loadWelcomeAgents = createRefetcher(async () => {
  try {
    useWelcomeAgents.setState({ agents: ready(await getClient().call('agents.list', {})) });
  } catch (thrown) {
    useWelcomeAgents.setState((state) => ({ agents: failed(thrown, state.agents.value) }));
  }
});

export async function checkWelcomeAgent(name: string): Promise<void> {
  useWelcomeAgents.setState({ isChecking: true });
  await checkAgent(name);
  await loadWelcomeAgents();
  useWelcomeAgents.setState({ isChecking: false });
}

/** Subscribes, then asks; called when the screen comes, its answer when it goes. */
export function startWelcomeAgents(): () => void {
  const stop = listenLive((messages) => {
    if (messages.some(({ kind }) => kind === 'agents' || kind === 'project' || kind === 'resync'))
      void loadWelcomeAgents();
  });
  void loadWelcomeAgents();
  return stop;
}
