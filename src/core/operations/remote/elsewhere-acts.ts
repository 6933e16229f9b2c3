import type { OperationName } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { requireDoubt } from '../../engine/index.ts';
import type { Handler, HandlersOf } from '../handlers.ts';
import type { ProjectSession } from '../project-session.ts';
import { withPlace } from './elsewhere-view.ts';

type RunOperation = Extract<OperationName, `runs.${string}`>;

/** What nobody can do to a run while another project goes on with it. */
const REFUSED = ['runs.retry', 'runs.replay', 'runs.rollback', 'runs.undo', 'runs.delete'] as const;
/** What cannot be done here to a run that a worker elsewhere has ended: what it left is there. */
const REFUSED_AFTERWARDS = ['runs.rollback', 'runs.undo'] as const;

/**
 * The same operations, which know the runs that go on elsewhere: cancel, pause and resume are asked of the worker, everything else that would
 * change one is refused. A run whose worker is lost is resumed here.
 */
export function withElsewhere(session: ProjectSession, own: HandlersOf<RunOperation>): HandlersOf<RunOperation> {
  const { remote, store } = session;
  const statusOf = (runId: string) => store.runs.find(runId)?.status ?? 'running';
  const asking: Pick<
    HandlersOf<RunOperation>,
    'runs.get' | 'runs.cancel' | 'runs.pause' | 'runs.resume' | 'runs.resolve'
  > = {
    'runs.get': async (input, actor, permissions) =>
      withPlace(session, await own['runs.get'](input, actor, permissions)),
    'runs.cancel': async (input, actor, permissions) => {
      const run = remote.elsewhere(input.runId);
      if (run === null) return own['runs.cancel'](input, actor, permissions);
      await remote.ask(run, { type: 'cancel', by: actor });
      return { status: statusOf(input.runId) };
    },
    'runs.pause': async (input, actor, permissions) => {
      const run = remote.elsewhere(input.runId);
      if (run === null) return own['runs.pause'](input, actor, permissions);
      await remote.ask(run, { type: 'pause', by: actor });
      return { status: statusOf(input.runId) };
    },
    'runs.resolve': async (input, actor, permissions) => {
      const run = remote.elsewhere(input.runId);
      if (run === null) return own['runs.resolve'](input, actor, permissions);
      const { path, as, output = null } = input;
      requireDoubt(session.engine.stateOf(input.runId).state, path);
      await remote.ask(run, { type: 'resolve', by: actor, path, as, output });
      return { status: statusOf(input.runId) };
    },
    'runs.resume': async (input, actor, permissions) => {
      refuseEnded(store, input.runId);
      const run = remote.elsewhere(input.runId);
      if (run === null) return own['runs.resume'](input, actor, permissions);
      const isThere = statusOf(input.runId) === 'paused' && (await remote.isThere(run));
      if (isThere) await remote.ask(run, { type: 'resume', by: actor });
      else {
        await remote.takeBack(run);
        await own['runs.resume'](input, actor, permissions);
      }
      return { runId: input.runId };
    },
  };
  const refusing = REFUSED.map((name) => {
    const handler: Handler<RunOperation> = (input, actor, permissions) => {
      const { runId } = input as { readonly runId: string };
      refuse(session, runId, name);
      return (own[name] as Handler<RunOperation>)(input, actor, permissions);
    };
    return [name, handler] as const;
  });
  return { ...own, ...asking, ...Object.fromEntries(refusing) };
}

/** What another control center had done here and has ended, goes on there or not at all. */
function refuseEnded({ remoteRuns }: ProjectSession['store'], runId: string): void {
  const known = remoteRuns.ofRun(runId);
  if (known?.role !== 'worker' || known.state !== 'ended') return;
  throw new AppError('run.elsewhere', `The run ${runId} is of another control center, which retries it.`);
}

function refuse({ remote, store }: ProjectSession, runId: string, name: (typeof REFUSED)[number]): void {
  const run = remote.elsewhere(runId);
  if (run !== null)
    throw new AppError('run.elsewhere', `The run ${runId} goes on at ${run.workerName ?? 'its control center'}.`, {
      hint: 'Cancel it, or wait for its end.',
    });
  const before = store.remoteRuns.ofRun(runId);
  const ranElsewhere = before?.role === 'home' && before.state === 'ended';
  if (ranElsewhere && REFUSED_AFTERWARDS.some((one) => one === name))
    throw new AppError(
      'run.elsewhere',
      `The run ${runId} was worked on at ${before.workerName}: what it left is there.`,
    );
}
