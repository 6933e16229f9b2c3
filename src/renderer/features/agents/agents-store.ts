import i18next from 'i18next';
import { create } from 'zustand';
import { act } from '../../client/act.ts';
import { checkAgent, checkAllAgents } from '../../client/agent-actions.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { showToast } from '../../ui/toasts.tsx';

export const agentList = createLiveQuery({
  ask: () => call('agents.list', {}),
  dueOn: ({ kind }) => (kind === 'agents' ? 'now' : null),
});

/** Names that are being checked now. */
export const useChecking = create<{ readonly names: ReadonlySet<string> }>()(() => ({ names: new Set() }));

const mark = (changed: readonly string[], isIn: boolean): void =>
  useChecking.setState(({ names }) => ({
    names: new Set(isIn ? [...names, ...changed] : [...names].filter((name) => !changed.includes(name))),
  }));

/** Checks one agent, or all that are installed; marks them meanwhile. */
export async function checkAgents(name?: string): Promise<void> {
  const agents = agentList.store.getState().data.value?.agents ?? [];
  const installed = agents.filter((agent) => agent.isAvailable && agent.isInstalled);
  const names = name === undefined ? installed.map((agent) => agent.name) : [name];
  mark(names, true);
  await (name === undefined ? checkAllAgents() : checkAgent(name));
  mark(names, false);
  await agentList.refresh();
}

/** Writes the primary agent; Undo stands in the toast. */
export async function makePrimary(name: string, before: string | null): Promise<void> {
  await act(async () => {
    await call('agents.setPrimary', { name });
    const undo = { label: i18next.t('everywhere:undo'), onPress: () => void makePrimary(before ?? name, null) };
    showToast(
      i18next.t('agents:primaryDone', { name }),
      before === null || before === '' || before === name ? undefined : undo,
    );
  });
  await agentList.refresh();
}

export async function closeBreaker(name: string): Promise<void> {
  await act(async () => {
    await call('agents.resetBreaker', { name });
    showToast(i18next.t('agents:breaker.done', { name }));
  });
  await agentList.refresh();
}
