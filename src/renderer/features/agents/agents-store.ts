import i18next from 'i18next';
import { create } from 'zustand';
import type { AgentList } from '../../../shared/contract/index.ts';
import { checkAgent, checkAllAgents } from '../../client/agent-actions.ts';
import { getClient } from '../../client/bridge.ts';
import { listenLive } from '../../client/live.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
import { createRefetcher } from '../../client/refetcher.ts';
import { showError, showToast } from '../../ui/toasts.tsx';

interface AgentsState {
  readonly list: Loadable<AgentList>;
  /** Names that are being checked now. */
  readonly checking: ReadonlySet<string>;
}

export const useAgents = create<AgentsState>()(() => ({ list: loading(), checking: new Set() }));

export const loadAgents = createRefetcher(async () => {
  try {
    const list = await getClient().call('agents.list', {});
    useAgents.setState({ list: ready(list) });
  } catch (thrown) {
    useAgents.setState((state) => ({ list: failed(thrown, state.list.value) }));
  }
});

/** Subscribes, then asks; called when the screen comes, its answer when it goes. */
export function startAgents(): () => void {
  const stop = listenLive((messages) => {
    if (messages.some(({ kind }) => kind === 'project')) useAgents.setState({ list: loading() });
    if (messages.some(({ kind }) => kind === 'agents' || kind === 'project' || kind === 'resync')) void loadAgents();
  });
  void loadAgents();
  return stop;
}

const withNames = (names: ReadonlySet<string>, changed: readonly string[], isIn: boolean): ReadonlySet<string> =>
  new Set(isIn ? [...names, ...changed] : [...names].filter((name) => !changed.includes(name)));

/** Checks one agent, or all that are installed; marks them meanwhile. */
export async function checkAgents(name?: string): Promise<void> {
  const { list } = useAgents.getState();
  const installed = (list.value?.agents ?? []).filter((agent) => agent.isAvailable && agent.isInstalled);
  const names = name === undefined ? installed.map((agent) => agent.name) : [name];
  useAgents.setState((state) => ({ checking: withNames(state.checking, names, true) }));
  await (name === undefined ? checkAllAgents() : checkAgent(name));
  useAgents.setState((state) => ({ checking: withNames(state.checking, names, false) }));
  await loadAgents();
}

/** Writes the primary agent; Undo stands in the toast. */
export async function makePrimary(name: string, before: string | null): Promise<void> {
  try {
    await getClient().call('agents.setPrimary', { name });
    const undo = { label: i18next.t('everywhere:undo'), onPress: () => void makePrimary(before ?? name, null) };
    showToast(
      i18next.t('agents:primaryDone', { name }),
      before === null || before === '' || before === name ? undefined : undo,
    );
  } catch (thrown) {
    showError(thrown);
  }
  await loadAgents();
}

export async function closeBreaker(name: string): Promise<void> {
  try {
    await getClient().call('agents.resetBreaker', { name });
    showToast(i18next.t('agents:breaker.done', { name }));
  } catch (thrown) {
    showError(thrown);
  }
  await loadAgents();
}
