import { AppError } from '../../shared/errors.ts';
import type { RunResult, RunSummary } from '../../shared/model/run.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { type Engine, type RunState, resultOf } from '../engine/index.ts';
import type { Store } from '../storage/index.ts';
import type { ProjectSession } from './project-session.ts';

/** What runs are read from: the open project, or what came from another one. */
export interface RunSource {
  readonly store: Store;
  readonly engine: Pick<Engine, 'stateOf' | 'isLive' | 'isLeft' | 'isInterrupted' | 'needsPerson'> & {
    /** Absent = no run is driven here. */
    readonly places?: Pick<Engine['places'], 'waitOf'>;
  };
  readonly clocks: Pick<ProjectSession['clocks'], 'show'>;
  readonly host: {
    loadVersion(
      pinned: Pick<RunState['created'], 'versionHash' | 'workflowPath'>,
    ): Promise<{ readonly workflow: Workflow }>;
    runDir(runId: string): string;
  };
}

/** The row of a run. Throws `run.not_found` where there is no such run. */
export function requireRun(session: Pick<RunSource, 'store'>, runId: string): RunSummary {
  const run = session.store.runs.find(runId);
  if (run !== null) return run;
  throw new AppError('run.not_found', `Run not found: ${runId}`, {
    hint: "List the runs with 'aiworkflow runs list'.",
  });
}

/** A run's state beside the pinned workflow that names its steps. */
export async function openRun(
  session: Pick<RunSource, 'engine' | 'host'>,
  runId: string,
): Promise<{ readonly state: RunState; readonly position: number; readonly workflow: Workflow }> {
  const { state, position } = session.engine.stateOf(runId);
  const { workflow } = await session.host.loadVersion(state.created);
  return { state, position, workflow };
}

/** The same of a run that is looked at: `workflow` null = its version cannot be read now, as on a drive that is away. */
export async function openToRead(
  session: Pick<RunSource, 'engine' | 'host'>,
  runId: string,
): Promise<{ readonly state: RunState; readonly position: number; readonly workflow: Workflow | null }> {
  const { state, position } = session.engine.stateOf(runId);
  const version = await session.host.loadVersion(state.created).catch(nullWhenUnread);
  return { state, position, workflow: version?.workflow ?? null };
}

/** A fault of this program is none of a folder that is away. */
function nullWhenUnread(thrown: unknown): null {
  if (thrown instanceof AppError) return null;
  throw thrown;
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

/** A run's state beside its result (SPEC §3.3). */
export async function openResult(
  session: Pick<RunSource, 'engine' | 'host'>,
  runId: string,
): Promise<{ readonly state: RunState; readonly result: RunResult }> {
  const { state, workflow } = await openToRead(session, runId);
  const result = priced(resultOf(state, workflow), state);
  return { state, result: session.engine.isInterrupted(state) ? { ...result, interrupted: true } : result };
}
