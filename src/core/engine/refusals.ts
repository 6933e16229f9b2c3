import { AppError } from '../../shared/errors.ts';
import { undoneBy } from '../../shared/model/undo.ts';
import type { Store } from '../storage/index.ts';
import type { RunState } from './run-state.ts';

/** `run.not_found`. */
export const runNotFound = (runId: string): AppError =>
  new AppError('run.not_found', `Run not found: ${runId}`, { hint: "List the runs with 'aiworkflow runs list'." });

/** `run.illegal_state`: what the run is, and what to do instead. */
export const illegalState = (runId: string, what: string, hint: string): AppError =>
  new AppError('run.illegal_state', `Run ${runId} ${what}.`, { hint, details: { run_id: runId } });

/** `run.illegal_state`: only a step in doubt can be decided about. */
export function requireDoubt({ steps }: RunState, path: string): void {
  const record = steps.get(path);
  if (record?.isCall && undoneBy(path) === null) {
    throw new AppError('run.illegal_state', `'${path}' is a call of an agent.`, {
      hint: 'Decide about the step of the agent: it cannot go on from the middle.',
    });
  }
  if (record?.status !== 'in_doubt') {
    throw new AppError('run.illegal_state', `Step '${path}' is not in doubt.`, {
      hint: 'It may have been decided already: look again.',
    });
  }
}

/** What to do instead of resuming a run that waits. */
export const waitHint = ({ waitsFor, wakeAt, hears }: RunState): string =>
  waitsFor === 'approval'
    ? 'Decide about its request first.'
    : waitsFor === 'event'
      ? `It goes on when what it waits for comes at the webhook ${hears}.`
      : `It goes on by itself${wakeAt === null ? '' : ` at ${new Date(wakeAt).toISOString()}`}.`;

/** True for the error that the pinned version of a run was deleted. */
export const isVersionGone = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'workflow.version_not_found';

/** For whoever can do without the version. */
export function nullWhenGone(error: unknown): null {
  if (isVersionGone(error)) return null;
  throw error;
}

/** Loads runs, but none that another goes on with: error `run.elsewhere`. */
export const onlyHere =
  <T>({ remoteRuns }: Pick<Store, 'remoteRuns'>, load: (runId: string) => T) =>
  (runId: string): T => {
    if (!remoteRuns.isElsewhere(runId)) return load(runId);
    throw new AppError(
      'run.elsewhere',
      `The run ${runId} goes on at a worker elsewhere: that cannot be done from here.`,
      {
        hint: 'Cancel it, or wait for its end.',
      },
    );
  };
