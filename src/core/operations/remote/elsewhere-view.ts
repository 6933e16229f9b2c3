import type { Availability, RunView } from '../../../shared/contract/index.ts';
import { SILENT_MS } from '../../../shared/model/queue.ts';
import type { RunElsewhere } from '../../../shared/model/remote-run.ts';
import { isEnded } from '../../engine/index.ts';
import type { ProjectSession } from '../project-session.ts';

const no = (reason: string): Availability => ({ enabled: false, reason });

/** A run as it is shown, with where it goes on, or went on, and what can be done about it from here. */
export async function withPlace({ remote, store }: ProjectSession, view: RunView): Promise<RunView> {
  const known = store.remoteRuns.ofRun(view.run.runId);
  if (known === null || known.state === 'sent') return view;
  const { role, state, worker, workerName, note } = known;
  const isOpen = state === 'open' && role === 'home';
  const silentMs = isOpen ? await remote.silence(known) : null;
  const place = { worker: workerName ?? worker ?? '', role, state, note, silentMs } satisfies RunElsewhere;
  const { actions, run } = view;
  if (state === 'taken' && role === 'worker') {
    const gone = no('Another goes on with it.');
    return { ...view, elsewhere: place, actions: { ...ALL(gone), remove: actions.remove } };
  }
  if (isEnded(run.status)) {
    const there = no(`What it left is at ${place.worker}.`);
    const back = { resume: no('Its control center retries it.'), rollback: no('Its control center retries it.') };
    const left = state !== 'ended' ? {} : role === 'home' ? { rollback: there, undo: there } : back;
    return { ...view, elsewhere: place, actions: { ...actions, ...left } };
  }
  if (!isOpen) return { ...view, elsewhere: place };
  const isLost = silentMs === null || silentMs > SILENT_MS;
  const isPaused = run.status === 'paused';
  const goesOn = no(`It goes on at ${place.worker}.`);
  const resume = isLost || isPaused ? { enabled: true as const } : goesOn;
  const pause = isLost || run.status !== 'running' ? actions.pause : { enabled: true as const };
  return { ...view, elsewhere: place, actions: { ...actions, pause, resume, retry: goesOn } };
}

const ALL = (one: Availability): RunView['actions'] => ({
  ...{ cancel: one, pause: one, resume: one, retry: one, rollback: one, undo: one, remove: one },
});
