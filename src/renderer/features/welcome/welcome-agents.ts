import { create } from 'zustand';
import type { AgentList } from '../../../shared/contract/index.ts';
import { checkAgent } from '../../client/agent-actions.ts';
import { getClient } from '../../client/bridge.ts';
import { listenLive } from '../../client/live.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
import { createRefetcher } from '../../client/refetcher.ts';

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
