import { create } from 'zustand';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import { getClient } from '../../client/bridge.ts';
import { type LiveMessage, listenLive } from '../../client/live.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
import { createRefetcher } from '../../client/refetcher.ts';
import { applyRun, hasSameRefs, type LibraryFilter, NO_FILTER, type Sort } from './library-rows.ts';

export type LibraryLook = 'list' | 'cards';

interface LibraryState {
  readonly entries: Loadable<readonly LibraryEntry[]>;
  /** Counts up when rows came or went: only then, or when somebody sorts or filters, rows may move. */
  readonly orderKey: number;
  readonly filter: LibraryFilter;
  readonly sort: Sort;
  readonly look: LibraryLook;
}

export const useLibrary = create<LibraryState>()(() => ({
  entries: loading(),
  orderKey: 0,
  filter: NO_FILTER,
  sort: { key: 'result', isDescending: true },
  look: 'list',
}));

export const setFilter = (change: Partial<LibraryFilter>): void =>
  useLibrary.setState((state) => ({ filter: { ...state.filter, ...change } }));
export const setLook = (look: LibraryLook): void => useLibrary.setState({ look });
export const toggleSort = (key: Sort['key']): void =>
  useLibrary.setState(({ sort }) => ({
    sort: { key, isDescending: sort.key === key ? !sort.isDescending : key !== 'name' },
  }));

export const loadLibrary = createRefetcher(async () => {
  try {
    const { workflows } = await getClient().call('workflows.list', {});
    useLibrary.setState((state) => ({
      entries: ready(workflows),
      orderKey: hasSameRefs(state.entries.value ?? [], workflows) ? state.orderKey : state.orderKey + 1,
    }));
  } catch (thrown) {
    useLibrary.setState((state) => ({ entries: failed(thrown, state.entries.value) }));
  }
});

const ENDED = new Set(['completed', 'failed', 'cancelled']);
let averagesTimer: number | undefined;

/** Averages come from the server: asked again once after a burst of ended runs. */
function refreshSoon(): void {
  window.clearTimeout(averagesTimer);
  averagesTimer = window.setTimeout(() => void loadLibrary(), 1500);
}

function take(messages: readonly LiveMessage[]): void {
  for (const message of messages) {
    if (message.kind === 'project') useLibrary.setState({ entries: loading(), filter: NO_FILTER });
    if (message.kind === 'library' || message.kind === 'project' || message.kind === 'resync') void loadLibrary();
    if (message.kind === 'run_deleted') refreshSoon();
    if (message.kind === 'run') {
      const { entries } = useLibrary.getState();
      if (entries.status === 'ready') useLibrary.setState({ entries: ready(applyRun(entries.value, message.run)) });
      if (ENDED.has(message.run.status)) refreshSoon();
    }
  }
}

/** Subscribes, then asks; called when the screen comes, its answer when it goes. */
export function startLibrary(): () => void {
  const stop = listenLive(take);
  void loadLibrary();
  return () => {
    stop();
    window.clearTimeout(averagesTimer);
  };
}
