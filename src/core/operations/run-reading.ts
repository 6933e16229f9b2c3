import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import { isEnded, planRetry, planRollback, viewRun, viewStep, viewTurn, viewTurns } from '../engine/index.ts';
import type { HandlersOf } from './handlers.ts';
import { readLogText } from './log-text.ts';
import { openResult, openRun, openToRead, type RunSource, requireRun } from './open-run.ts';
import { listRunFiles, readRunFile } from './run-files.ts';

type Reading =
  | 'runs.list'
  | 'runs.totals'
  | 'runs.counts'
  | 'runs.get'
  | 'runs.result'
  | 'runs.step'
  | 'runs.turns'
  | 'runs.turn'
  | 'runs.earlierOutput'
  | 'runs.planRetry'
  | 'runs.planRollback'
  | 'runs.events';

/** What is read of a run, wherever it comes from. */
export function readHandlers(session: RunSource): HandlersOf<Reading> {
  const { store, engine } = session;
  return {
    'runs.list': (filter) => {
      const page = store.runs.list(filter);
      const interrupted = page.runs.filter((run) => engine.isInterrupted(run)).map(({ runId }) => runId);
      const runs = page.runs.map((run) => session.clocks.show(run));
      return { ...page, runs, position: store.journal.position, interrupted };
    },
    'runs.totals': (filter) => store.runs.totals(filter),
    'runs.counts': () => {
      const byStatus = store.runs.countByStatus();
      return {
        byStatus,
        total: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
        needsPerson: store.runs.totals({ needsPerson: true }).runs,
      };
    },
    'runs.get': async ({ runId }) => {
      const { state, workflow, position } = await openToRead(session, runId);
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
      const turn = state.waitsFor === 'queue' ? (engine.places?.waitOf(runId) ?? null) : null;
      return { ...view, run: session.clocks.show(view.run), ...(turn === null ? {} : { turn }) };
    },
    'runs.result': async ({ runId }) => (await openResult(session, runId)).result,
    'runs.step': async ({ runId, path }) => {
      const { state, workflow } = await openToRead(session, runId);
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
    'runs.planRollback': async ({ runId, to }) => {
      const { state, workflow } = await openRun(session, runId);
      return planRollback(state, workflow, to ?? null);
    },
    'runs.planRetry': async ({ runId, from }) => {
      const { state, workflow } = await openRun(session, runId);
      const plan = planRetry(state, workflow, from ?? null);
      const records = plan.repeats.flatMap((path) => state.steps.get(path) ?? []);
      return { from: plan.from, repeats: records.map(({ path, name, effect }) => ({ path, name, effect })) };
    },
    'runs.events': ({ runId, afterSeq, limit }) => {
      requireRun(session, runId);
      const events = store.journal.readRun(runId, afterSeq, limit).map(withoutTape);
      return { events, total: store.journal.countRun(runId) };
    },
  };
}

/** A recording is as large as a run: who looks at the events of its replay is told its name. */
function withoutTape(stored: StoredEvent<RunEvent>): StoredEvent<RunEvent> {
  const { event } = stored;
  if (event.type !== 'run.created' || event.replay === undefined) return stored;
  const { tape, ...replay } = event.replay;
  return {
    ...stored,
    event: { ...event, replay: { ...replay, tape: { ...tape, steps: [], exchanges: [], parts: {} } } },
  };
}

type LogOrFile =
  | 'runs.log'
  | 'runs.logText'
  | 'runs.searchLog'
  | 'runs.firstError'
  | 'runs.conversation'
  | 'runs.files'
  | 'runs.readFile';

/** Log, conversation and files of a run, wherever it comes from. */
export function logAndFileHandlers(session: RunSource): HandlersOf<LogOrFile> {
  const { store, host } = session;
  return {
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
