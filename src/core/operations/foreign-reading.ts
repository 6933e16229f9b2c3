import type { OperationName, RunActions } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Handler, HandlersOf } from './handlers.ts';
import type { RunSource } from './open-run.ts';
import type { ProjectSession } from './project-session.ts';
import { logAndFileHandlers, readHandlers } from './run-reading.ts';

type RunOperation = Extract<OperationName, `runs.${string}`>;

/** What can be asked about a run of another control center; everything else of a run is refused. */
const READS = [
  'runs.get',
  'runs.result',
  'runs.step',
  'runs.turns',
  'runs.turn',
  'runs.events',
  'runs.log',
  'runs.logText',
  'runs.searchLog',
  'runs.firstError',
  'runs.conversation',
  'runs.files',
] as const satisfies readonly RunOperation[];

const REFUSED = [
  'runs.compare',
  'runs.earlierOutput',
  'runs.planRetry',
  'runs.planReplay',
  'runs.planRollback',
  'runs.planTake',
  'runs.readTake',
  'runs.planUndo',
  'runs.readUndo',
  'runs.readFile',
  'runs.export',
  'runs.cancel',
  'runs.pause',
  'runs.resume',
  'runs.retry',
  'runs.replay',
  'runs.rollback',
  'runs.undo',
  'runs.resolve',
  'runs.delete',
] as const satisfies readonly RunOperation[];

const REASON = 'It ran in another control center.';
const no = { enabled: false, reason: REASON } as const;
const NO_ACTS: RunActions = { cancel: no, pause: no, resume: no, retry: no, rollback: no, undo: no, remove: no };

const foreignRefused = (runId: string): AppError =>
  new AppError('run.foreign', `The run ${runId} is of another control center: it can only be looked at.`, {
    hint: 'Start its workflow here to have a run of your own.',
  });

/** The same operations, which know the runs of other control centers too: reading goes to where they lie, acts are refused. */
export function withForeign(session: ProjectSession, own: HandlersOf<RunOperation>): HandlersOf<RunOperation> {
  const { foreign } = session.exchange;
  const foreignIn = (input: unknown): string | null => {
    const runId = (input as { readonly runId?: unknown }).runId;
    return typeof runId === 'string' && session.store.runs.find(runId) === null && foreign.has(runId) ? runId : null;
  };
  const reading = READS.map((name) => {
    const handler: Handler<RunOperation> = async (input, actor, permissions) => {
      const runId = foreignIn(input);
      if (runId === null) return (own[name] as Handler<RunOperation>)(input, actor, permissions);
      const answer = await (foreignHandlers(session)[name] as Handler<RunOperation>)(input, actor, permissions);
      if (name !== 'runs.get') return answer;
      const { run: _run, ...about } = (await foreign.find(runId)) ?? { run: null };
      return { ...(answer as object), actions: NO_ACTS, needsPerson: false, foreign: about } as typeof answer;
    };
    return [name, handler] as const;
  });
  const refusing = REFUSED.map((name) => {
    const handler: Handler<RunOperation> = (input, actor, permissions) => {
      const runId = foreignIn(input);
      if (runId !== null) throw foreignRefused(runId);
      return (own[name] as Handler<RunOperation>)(input, actor, permissions);
    };
    return [name, handler] as const;
  });
  return { ...own, ...Object.fromEntries([...reading, ...refusing]) };
}

function foreignHandlers(session: ProjectSession): HandlersOf<(typeof READS)[number]> {
  const { store, stateOf, workflowOf } = session.exchange.foreign.source;
  const source: RunSource = {
    store,
    engine: {
      stateOf,
      isLive: () => false,
      isLeft: () => false,
      isInterrupted: () => false,
      needsPerson: () => false,
    },
    clocks: { show: (run) => run },
    host: {
      loadVersion: async ({ versionHash }) => ({ workflow: await workflowOf(versionHash) }),
      // Its files stayed where it ran.
      runDir: (runId) => `${session.paths.stateDir}/foreign/files/${runId}`,
    },
  };
  return { ...readHandlers(source), ...logAndFileHandlers(source) };
}
