import type { ErrorRecord } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { ProjectSession } from './project-session.ts';

const PAUSED_RUNS = 1000;
/** Nobody in particular: whoever unlocked, or raised a limit, is in the audit. */
export const OPENED_ACTOR: Actor = { kind: 'system', id: 'secrets', door: 'engine' };
/** The same where a limit of spending was raised. */
export const RAISED_ACTOR: Actor = { kind: 'system', id: 'costs', door: 'engine' };

/** Runs that stand for a cause that is gone go on; those that a person paused have none. */
export function resumePaused(
  { store, engine }: Pick<ProjectSession, 'store' | 'engine'>,
  isCause: (error: ErrorRecord) => boolean,
  actor: Actor,
  onBug: (error: unknown) => void,
): void {
  const { runs } = store.runs.list({ status: ['paused'], limit: PAUSED_RUNS });
  const here = runs.filter(({ runId }) => !store.remoteRuns.isElsewhere(runId));
  for (const { runId, error } of here) if (error !== null && isCause(error)) engine.resume(runId, actor).catch(onBug);
}
