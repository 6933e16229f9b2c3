import { create } from 'zustand';
import type { LiveEvent } from '../../shared/contract/index.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { call } from './bridge.ts';
import { listenLive } from './live.ts';
import { createLiveQuery } from './live-query.ts';
import { leavePreview, myRights } from './rights.ts';

/** Counts up when another project is opened: screens key on it and start anew. */
const useGenerations = create<{ readonly generation: number }>()(() => ({ generation: 0 }));
export const useGeneration = (): number => useGenerations((state) => state.generation);

/** The app, its project, its user. */
export const appInfo = createLiveQuery({
  ask: () => call('app.info', {}),
  // With the library, whether its folder is trusted.
  dueOn: ({ kind }) => (kind === 'library' ? 'soon' : null),
});

interface RunningNow {
  readonly count: number;
  /** Runs that wait for a person: in doubt, or for a decision. */
  readonly needsYou: number;
  /** The newest run that runs now, for the rail. */
  readonly newest: RunSummary | null;
}

const isAboutRuns = ({ kind }: LiveEvent): boolean => kind === 'run' || kind === 'run_deleted';

/** What runs now; a failure leaves the old answer, the connection banner says why. */
export const runningNow = createLiveQuery<RunningNow>({
  ask: async () => {
    const [counts, live] = await Promise.all([
      call('runs.counts', {}),
      call('runs.list', { status: ['running'], limit: 1 }),
    ]);
    const { needsPerson: needsYou, byStatus } = counts;
    return { count: byStatus.running ?? 0, needsYou, newest: live.runs[0] ?? null };
  },
  dueOn: (event) => (isAboutRuns(event) ? 'now' : null),
});

/** How many requests wait, and how many of them for whoever is here, as far as runs, users and roles say it now. */
export const requestCounts = createLiveQuery({
  ask: () => call('approvals.counts', {}),
  dueOn: (event) => {
    if (event.kind === 'approvals' || event.kind === 'access') return 'now';
    if (event.kind === 'run' && event.run.waitsFor === 'approval') return 'now';
    return isAboutRuns(event) ? 'soon' : null;
  },
  soonMs: 250,
});

/** Starts what the shell knows; returns the way to stop. */
export function startApp(): () => void {
  const stops = [
    listenLive((messages) => {
      if (!messages.some(({ kind }) => kind === 'project')) return;
      // Its roles are those of the project that was left.
      leavePreview();
      useGenerations.setState((state) => ({ generation: state.generation + 1 }));
    }),
    myRights.open(null),
    appInfo.open(null),
    runningNow.open(null),
    requestCounts.open(null),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
