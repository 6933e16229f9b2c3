import type { OperationName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Actor, RunResult } from '../../shared/model/run.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import {
  isEnded,
  planRetry,
  type RunnableVersion,
  type RunState,
  resultOf,
  type StartRequest,
  viewRun,
  viewStep,
  viewTurn,
  viewTurns,
} from '../engine/index.ts';
import { requireInputs } from './check-start.ts';
import type { HandlersOf } from './handlers.ts';
import { readLogText } from './log-text.ts';
import { planRun } from './plan-run.ts';
import type { ProjectSession } from './project-session.ts';
import { requireSettings } from './project-settings.ts';
import { planReplay, replayInputs } from './replay-run.ts';
import { listRunFiles, readRunFile } from './run-files.ts';
import { runStatistics } from './run-statistics.ts';
import { inputContext, openInputs, sealInputs, shownInputs } from './secret-inputs.ts';
import { requireNoApproval } from './start-approval.ts';
import { prepareStart, readStart, startRun } from './start-run.ts';
import { requireNotWithdrawn } from './trust-gate.ts';

type RunOperation = Extract<OperationName, `runs.${string}`>;

/** The use cases of runs over one open project. */
export function runHandlers(session: ProjectSession): HandlersOf<RunOperation> {
  return { ...withSettings(session, actHandlers(session)), ...readHandlers(session), ...logAndFileHandlers(session) };
}

type Acting =
  | 'runs.start'
  | 'runs.plan'
  | 'runs.cancel'
  | 'runs.pause'
  | 'runs.resume'
  | 'runs.retry'
  | 'runs.replay'
  | 'runs.resolve'
  | 'runs.delete';

function actHandlers(session: ProjectSession): HandlersOf<Acting> {
  const { engine } = session;
  return {
    'runs.start': (input, actor) => startRun(session, input, actor),
    'runs.plan': async (input) => {
      const { version, inputs } = await prepareStart(session, input);
      const average = session.store.runs.average(version.workflow.id);
      return planRun(version, engine.builtIns, {
        inputs: shownInputs(version.workflow.inputs, inputs),
        averageMs: average?.durationMs ?? null,
        now: session.clock.now(),
      });
    },
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
        const plan = planRetry(state, version.workflow, from ?? null);
        repeats = plan.repeats;
        const { inputs, sealed, originRunId } = state.created;
        const more = {
          inputs,
          ...(sealed === undefined ? {} : { sealed }),
          originRunId,
          attemptsBefore: state.attempt,
          carried: plan.carried,
        };
        return { ...startLike(state, actor), ...more, version };
      });
      return { ...started, repeats };
    },
    'runs.replay': async ({ runId, latest, ...given }, actor) => {
      const { state: old } = session.engine.stateOf(runId);
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
    (['runs.start', 'runs.resume', 'runs.retry', 'runs.replay', 'runs.resolve'] as const).map((name) => {
      const handler = handlers[name] as (input: unknown, actor: Actor) => unknown;
      const guard = async (input: unknown, actor: Actor): Promise<unknown> => {
        requireSettings(session.settingsProblems);
        await session.gate.require();
        return handler(input, actor);
      };
      return [name, guard];
    }),
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
  return session.holdVersions([versionHash, ...pins.map((pin) => pin.versionHash)], async () =>
    session.engine.start(await request(state, await session.host.loadVersion(state.created))),
  );
}

type Reading =
  | 'runs.list'
  | 'runs.totals'
  | 'runs.counts'
  | 'runs.statistics'
  | 'runs.get'
  | 'runs.result'
  | 'runs.step'
  | 'runs.turns'
  | 'runs.turn'
  | 'runs.earlierOutput'
  | 'runs.planRetry'
  | 'runs.planReplay'
  | 'runs.events';

function readHandlers(session: ProjectSession): HandlersOf<Reading> {
  const { store, engine } = session;
  return {
    'runs.list': (filter) => {
      const page = store.runs.list(filter);
      const interrupted = page.runs.filter((run) => engine.isInterrupted(run)).map(({ runId }) => runId);
      const runs = page.runs.map((run) => session.clocks.show(run));
      return { ...page, runs, position: store.journal.position, interrupted };
    },
    'runs.totals': (filter) => store.runs.totals(filter),
    'runs.statistics': (asked) => runStatistics(session, asked),
    'runs.counts': () => {
      const byStatus = store.runs.countByStatus();
      return {
        byStatus,
        total: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
        needsPerson: store.runs.totals({ needsPerson: true }).runs,
        pendingApprovals: store.approvals.countPending(),
      };
    },
    'runs.get': async ({ runId }) => {
      const { state, workflow, position } = await openRun(session, runId);
      const { workflowId } = state.created;
      const average = store.runs.average(workflowId, runId);
      const view = viewRun(state, workflow, {
        position,
        isLive: engine.isLive(runId),
        isLeft: engine.isLeft(state),
        needsPerson: engine.needsPerson(state),
        average,
        usualSteps: isEnded(state.status) || average === null ? {} : store.runs.usualSteps(workflowId, runId),
        logLines: store.logs.total(runId),
        conversationEntries: store.conversations.total(runId),
        eventCount: state.seq,
      });
      return { ...view, run: session.clocks.show(view.run) };
    },
    'runs.result': async ({ runId }) => {
      const { state, workflow } = await openRun(session, runId);
      const result = priced(resultOf(state, workflow), state);
      return engine.isInterrupted(state) ? { ...result, interrupted: true } : result;
    },
    'runs.step': async ({ runId, path }) => {
      const { state, workflow } = await openRun(session, runId);
      const start = store.journal.lastStart(runId, path);
      return viewStep(state, workflow, path, {
        inputs: start?.inputs ?? null,
        action: start?.action ?? null,
        logLines: store.logs.countOf(runId, path),
      });
    },
    'runs.turns': ({ runId, path, ...page }) => viewTurns(engine.stateOf(runId).state, path, page),
    'runs.turn': ({ runId, path }) => viewTurn(engine.stateOf(runId).state, path),
    'runs.earlierOutput': ({ runId, path }) => {
      const { state } = engine.stateOf(runId);
      const found = store.runs.findCompletedStep(state.created.workflowId, path, runId);
      if (found === null) return null;
      return { ...found, output: engine.stateOf(found.runId).state.steps.get(path)?.output ?? null };
    },
    'runs.planRetry': async ({ runId, from }) => {
      const { state, workflow } = await openRun(session, runId);
      const plan = planRetry(state, workflow, from ?? null);
      const records = plan.repeats.flatMap((path) => state.steps.get(path) ?? []);
      return { from: plan.from, repeats: records.map(({ path, name, effect }) => ({ path, name, effect })) };
    },
    'runs.planReplay': (input) => planReplay(session, input),
    'runs.events': ({ runId, afterSeq, limit }) => {
      requireRun(session, runId);
      return { events: store.journal.readRun(runId, afterSeq, limit), total: store.journal.countRun(runId) };
    },
  };
}

type LogOrFile =
  | 'runs.search'
  | 'runs.log'
  | 'runs.logText'
  | 'runs.searchLog'
  | 'runs.firstError'
  | 'runs.conversation'
  | 'runs.files'
  | 'runs.readFile';

function logAndFileHandlers(session: ProjectSession): HandlersOf<LogOrFile> {
  const { store, host } = session;
  return {
    'runs.search': async ({ text, runId, limit, places, cursor, ...filter }) => {
      if (runId !== undefined) requireRun(session, runId);
      const before = cursor === undefined ? undefined : Number(cursor);
      const { runs, next } = await session.search.find({ text, filter, runId, limit, places, before });
      return {
        runs: runs.map((one) => ({ ...one, run: session.clocks.show(one.run) })),
        nextCursor: next === null ? null : String(next),
        index: store.search.state,
      };
    },
    'runs.log': ({ runId, from, limit, path, level }) => {
      requireRun(session, runId);
      return store.logs.read(runId, { from, limit, path, level });
    },
    'runs.logText': ({ runId, from, path, level }) => {
      requireRun(session, runId);
      return readLogText(store.logs, runId, { from, path, level });
    },
    'runs.searchLog': ({ runId, text, limit }) => {
      requireRun(session, runId);
      return store.logs.search(runId, text, limit);
    },
    'runs.firstError': async ({ runId, path }) => {
      const { state } = session.engine.stateOf(runId);
      const failed = [...state.steps.values()].filter((step) => step.status === 'failed');
      const inStep = path ?? failed.find((step) => store.logs.countOf(runId, step.path) > 0)?.path;
      const line = inStep === undefined ? null : await store.logs.firstError(runId, inStep);
      return { line: line ?? (path === undefined ? await store.logs.firstError(runId) : null) };
    },
    'runs.conversation': ({ runId, from, limit, path }) => {
      requireRun(session, runId);
      return store.conversations.read(runId, { from, limit, path });
    },
    'runs.files': async ({ runId }) => {
      requireRun(session, runId);
      const folder = host.runDir(runId);
      return { folder, files: await listRunFiles(folder) };
    },
    'runs.readFile': ({ runId, path, offset, limit }) => {
      requireRun(session, runId);
      return readRunFile(host.runDir(runId), { path, offset, limit });
    },
  };
}

/** A run that may still go on is resumed or cancelled: a retry beside it would have its effects twice. */
function requireEnded({ runId, status }: RunState): void {
  if (status === 'completed' || status === 'failed' || status === 'cancelled') return;
  const hint =
    status === 'running' ? 'Wait for it, or cancel it first.' : 'Resume the run instead, or cancel it first.';
  throw new AppError('run.illegal_state', `Run ${runId} has not ended (${status}).`, { hint });
}

function requireRun(session: ProjectSession, runId: string): void {
  if (session.store.runs.find(runId) !== null) return;
  throw new AppError('run.not_found', `Run not found: ${runId}`, {
    hint: "List the runs with 'aiworkflow runs list'.",
  });
}

/** A run's state beside the pinned workflow that names its steps. */
async function openRun(
  session: ProjectSession,
  runId: string,
): Promise<{ readonly state: RunState; readonly position: number; readonly workflow: Workflow }> {
  const { state, position } = session.engine.stateOf(runId);
  const { workflow } = await session.host.loadVersion(state.created);
  return { state, position, workflow };
}

/** The result with its cost as SPEC §11 wants it: calls without a price are counted apart, and nothing but them is null, never 0. */
function priced(
  result: RunResult,
  { modelCalls, unpricedCalls }: Pick<RunState, 'modelCalls' | 'unpricedCalls'>,
): RunResult {
  if (unpricedCalls === 0) return result;
  const cost = unpricedCalls === modelCalls ? null : result.cost;
  return { ...result, cost, unpriced_requests: unpricedCalls };
}
