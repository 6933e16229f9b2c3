import { create } from 'zustand';
import type { AppInfo } from '../../shared/contract/index.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { getClient } from './bridge.ts';
import { listenLive } from './live.ts';
import { failed, type Loadable, loading, ready } from './loadable.ts';
import { createRefetcher } from './refetcher.ts';

interface AppState {
  readonly info: Loadable<AppInfo>;
  readonly runningCount: number;
  /** The newest run that runs now, for the rail. */
  readonly liveRun: RunSummary | null;
  /** Counts up when another project is opened: screens key on it and start anew. */
  readonly generation: number;
}

export const useApp = create<AppState>()(() => ({
  info: loading(),
  runningCount: 0,
  liveRun: null,
  generation: 0,
}));

const loadInfo = createRefetcher(async () => {
  try {
    const info = await getClient().call('app.info', {});
    useApp.setState({ info: ready(info) });
  } catch (thrown) {
    useApp.setState((state) => ({ info: failed(thrown, state.info.value) }));
  }
});

/** What runs now; a failure leaves the old answer, the connection banner says why. */
const loadRunning = createRefetcher(async () => {
  try {
    const [counts, live] = await Promise.all([
      getClient().call('runs.counts', {}),
      getClient().call('runs.list', { status: ['running'], limit: 1 }),
    ]);
    useApp.setState({ runningCount: counts.byStatus.running ?? 0, liveRun: live.runs[0] ?? null });
  } catch {
    // kept as it was
  }
});

/** Starts the shell's store: subscribes first, then asks, so that nothing falls between. */
export function startApp(): () => void {
  const stop = listenLive((messages) => {
    const kinds = new Set(messages.map((message) => message.kind));
    if (kinds.has('project')) useApp.setState((state) => ({ generation: state.generation + 1 }));
    if (kinds.has('project') || kinds.has('resync')) void loadInfo();
    if (kinds.has('project') || kinds.has('resync') || kinds.has('run') || kinds.has('run_deleted')) void loadRunning();
  });
  void loadInfo();
  void loadRunning();
  return stop;
}
