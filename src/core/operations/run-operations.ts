import type { OperationName, OutputOf, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import {
  isRollingBack,
  planRetry,
  type RunnableVersion,
  type RunState,
  type StartRequest,
  undoneKeys,
} from '../engine/index.ts';
import { requireInputs } from './check-start.ts';
import { compareRuns } from './compare-runs.ts';
import { withForeign } from './foreign-reading.ts';
import type { HandlersOf } from './handlers.ts';
import { requireRun } from './open-run.ts';
import { planRun } from './plan-run.ts';
import type { ProjectSession } from './project-session.ts';
import { requireSettings } from './project-settings.ts';
import { withElsewhere } from './remote/elsewhere-acts.ts';
import { planReplay, replayInputs } from './replay-run.ts';
import { exportRun } from './run-export.ts';
import { logAndFileHandlers, readHandlers } from './run-reading.ts';
import { runStatistics } from './run-statistics.ts';
import { inputContext, openInputs, sealInputs } from './secret-inputs.ts';
import { requireNoApproval } from './start-approval.ts';
import { readStart, startRun } from './start-run.ts';
import { requireNotWithdrawn } from './trust-gate.ts';

type RunOperation = Extract<OperationName, `runs.${string}`>;

/** The use cases of runs over one open project. */
export function runHandlers(session: ProjectSession): HandlersOf<RunOperation> {
  const { foreign } = session.exchange;
  const here: HandlersOf<RunOperation> = {
    ...withSettings(session, actHandlers(session)),
    ...readHandlers(session),
    ...logAndFileHandlers(session),
    'runs.compare': (input) => compareRuns(session, input),
    'runs.planReplay': (input) => planReplay(session, input),
    'runs.planTake': async ({ runId }) => {
      requireRun(session, runId);
      return { ...(await session.host.copies.plan(runId)), approvalId: session.requests.askedAbout(runId) };
    },
    'runs.readTake': ({ runId, place }) => {
      requireRun(session, runId);
      return session.host.copies.read(runId, place);
    },
    'runs.planUndo': ({ runId }) => {
      requireRun(session, runId);
      return session.host.files.plan(runId);
    },
    'runs.readUndo': ({ runId, place }) => {
      requireRun(session, runId);
      return session.host.files.read(runId, place);
    },
    'runs.search': (input) => searchRuns(session, input),
    'runs.statistics': (asked) => runStatistics(session, asked),
    'runs.export': (input, actor) => exportRun(session, input, actor),
    'runs.foreign': async () => ({ runs: await foreign.list() }),
    'runs.openFile': ({ uploadId }, actor) => foreign.take(uploadId, actor),
    'runs.closeFile': async ({ runId }) => {
      if (!foreign.has(runId)) requireRun(session, runId);
      await foreign.remove(runId);
      return null;
    },
  };
  return withForeign(session, withElsewhere(session, here));
}

type Acting =
  | 'runs.start'
  | 'runs.plan'
  | 'runs.cancel'
  | 'runs.pause'
  | 'runs.resume'
  | 'runs.retry'
  | 'runs.replay'
  | 'runs.rollback'
  | 'runs.undo'
  | 'runs.resolve'
  | 'runs.delete';

function actHandlers(session: ProjectSession): HandlersOf<Acting> {
  const { engine } = session;
  return {
    'runs.start': (input, actor) => startRun(session, input, actor),
    'runs.plan': (input) => planRun(session, input),
    'runs.cancel': async ({ runId }, actor) => ({ status: await engine.cancel(runId, actor) }),
    'runs.pause': async ({ runId }, actor) => ({ status: await engine.pause(runId, actor) }),
    'runs.resume': async ({ runId }, actor) => {
      await engine.resume(runId, actor);
      return { runId };
    },
    'runs.retry': async ({ runId, from }, actor) => {
      let repeats: readonly string[] = [];
      const started = await startPinned(session, runId, (state, version) => {
        requireEnded(state);
        requireOwnWork(state);
        const plan = planRetry(state, version.workflow, from ?? null);
        repeats = plan.repeats;
        const { inputs, sealed, originRunId } = state.created;
        const more = {
          inputs,
          ...(sealed === undefined ? {} : { sealed }),
          originRunId,
          undone: undoneKeys(state),
          attemptsBefore: state.attempt,
          carried: plan.carried,
          kept: plan.kept,
        };
        return { ...startLike(state, actor), ...more, version };
      });
      return { ...started, repeats };
    },
    'runs.replay': async ({ runId, latest, ...given }, actor) => {
      const { state: old } = session.engine.stateOf(runId);
      requireOwnWork(old);
      if (latest) {
        const { workflow } = await readStart(session, old.created.workflowPath);
        const inputs = replayInputs(old, workflow.inputs, given);
        return startRun(session, { workflow: old.created.workflowPath, inputs }, actor, old);
      }
      return startPinned(session, runId, async (state, version) => {
        requireNoApproval(session, [{ version }]);
        const definitions = version.workflow.inputs;
        const inputs = await openInputs(session, definitions, replayInputs(state, definitions, given), state);
        const coerced = requireInputs(version.workflow, inputs, inputContext(session, version));
        const sealed = await sealInputs(session, version, coerced, state);
        return { ...startLike(state, actor), version, ...sealed };
      });
    },
    'runs.rollback': ({ runId, to }, actor) => {
      const { versionHash, workflowPath } = engine.stateOf(runId).state.created;
      requireNotWithdrawn(session, workflowPath);
      return session.heldVersions.during([versionHash], async () => {
        await engine.rollback(runId, to ?? null, actor);
        return { runId };
      });
    },
    'runs.undo': ({ runId, ...choice }, actor) => session.host.files.undo(runId, choice, actor),
    'runs.resolve': async ({ runId, path, as, output }, actor) => ({
      status: await engine.resolve(runId, { path, as, output: output ?? null }, actor),
    }),
    'runs.delete': async ({ runId }) => {
      await session.metrics.catchUp();
      await engine.deleteRun(runId);
      await session.leftovers.sweep();
      return null;
    },
  };
}

/** What starts steps does so on the settings that were written, or not at all. */
function withSettings(session: ProjectSession, handlers: HandlersOf<Acting>): HandlersOf<Acting> {
  const guarded = Object.fromEntries(
    (['runs.start', 'runs.resume', 'runs.retry', 'runs.replay', 'runs.rollback', 'runs.resolve'] as const).map(
      (name) => {
        const handler = handlers[name] as (input: unknown, actor: Actor) => unknown;
        const guard = async (input: unknown, actor: Actor): Promise<unknown> => {
          requireSettings(session.settingsProblems);
          await session.gate.require();
          return handler(input, actor);
        };
        return [name, guard];
      },
    ),
  );
  return { ...handlers, ...guarded };
}

/** What a retry and a replay take over from the run that they follow. */
const startLike = ({ runId, created }: RunState, actor: Actor): Omit<StartRequest, 'version' | 'inputs'> => ({
  trigger: { type: 'manual' },
  actor,
  agent: created.agent,
  agentFrom: created.agentFrom,
  model: created.model,
  timeoutMs: created.timeoutMs,
  linkedRunId: runId,
  pins: created.pins ?? [],
});

/** Starts a run of the version that another one is pinned to; nobody removes it, or what it calls, meanwhile. */
function startPinned(
  session: ProjectSession,
  runId: string,
  request: (state: RunState, version: RunnableVersion) => StartRequest | Promise<StartRequest>,
): Promise<{ readonly runId: string }> {
  const { state } = session.engine.stateOf(runId);
  const { versionHash, pins = [], workflowPath } = state.created;
  requireNotWithdrawn(session, workflowPath);
  return session.heldVersions.during([versionHash, ...pins.map((pin) => pin.versionHash)], async () =>
    session.engine.start(await request(state, await session.host.loadVersion(state.created))),
  );
}

/** What a replay was given and gave is what was recorded, without secrets: no run goes on from there. */
function requireOwnWork({ runId, created }: RunState): void {
  if (created.trigger.type !== 'replay') return;
  throw new AppError('run.illegal_state', `Run ${runId} is a replay: it did no work.`, {
    hint: 'Do it with the run that was recorded.',
  });
}

/** A run that may still go on is resumed or cancelled: a retry beside it would have its effects twice. */
function requireEnded(state: RunState): void {
  const { runId, status } = state;
  if (isRollingBack(state))
    throw new AppError('run.illegal_state', `Run ${runId} is being rolled back.`, {
      hint: 'Wait for the end of that.',
    });
  if (status === 'completed' || status === 'failed' || status === 'cancelled') return;
  const hint =
    status === 'running' ? 'Wait for it, or cancel it first.' : 'Resume the run instead, or cancel it first.';
  throw new AppError('run.illegal_state', `Run ${runId} has not ended (${status}).`, { hint });
}

async function searchRuns(
  session: ProjectSession,
  { text, runId, limit, places, cursor, ...filter }: ParsedInputOf<'runs.search'>,
): Promise<OutputOf<'runs.search'>> {
  if (runId !== undefined) requireRun(session, runId);
  const before = cursor === undefined ? undefined : Number(cursor);
  const { runs, next } = await session.search.find({ text, filter, runId, limit, places, before });
  return {
    runs: runs.map((one) => ({ ...one, run: session.clocks.show(one.run) })),
    nextCursor: next === null ? null : String(next),
    index: session.store.search.state,
  };
}
