import { fromE10 } from '../../shared/decimal.ts';
import { NO_USAGE, type StepAgent } from '../../shared/model/agent.ts';
import type { RunSummary, StepAttempt, StepState } from '../../shared/model/run.ts';
import type { Step } from '../../shared/model/workflow.ts';
import type { StepRow } from '../storage/index.ts';
import { rollbackStatus } from './fold-rollback.ts';
import { stepIdOf } from './plan.ts';
import { runRollback } from './rollbacks.ts';
import type { AttemptRecord, RunState, StepRecord } from './run-state.ts';
import { restsOfChild } from './worked-time.ts';

/** The run's row and list entry. */
export function projectRun(state: RunState): RunSummary {
  const { created } = state;
  return {
    runId: state.runId,
    workflowId: created.workflowId,
    workflowName: created.workflowName,
    workflowPath: created.workflowPath,
    versionHash: created.versionHash,
    versionLabel: created.versionLabel,
    status: state.status,
    outcome: state.outcome,
    trigger: created.trigger.type,
    actor: state.actor,
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    completedAt: state.completedAt,
    workedMs: state.workedMs,
    workingSince: state.workingSince,
    stepsTotal: created.stepsTotal,
    stepsSucceeded: state.succeeded,
    stepsFailed: state.failed,
    stepsSkipped: state.skipped,
    currentStep: state.currentStep,
    agent: created.agent,
    error: state.error,
    parentRunId: created.parentRunId,
    linkedRunId: created.linkedRunId,
    waitsFor: state.waitsFor,
    wakeAt: state.wakeAt,
    hears: state.hears,
    pauseRequested: state.pauseRequested,
    cancelRequested: state.cancelRequested,
    ...rollbackOfRow(state),
    cost: { usd: fromE10(state.costE10), calls: state.modelCalls, unpricedCalls: state.unpricedCalls },
  };
}

/** The rollback of the run itself, as its row says. */
function rollbackOfRow(state: RunState): Pick<RunSummary, 'rollback'> {
  const rollback = runRollback(state);
  return rollback === null ? {} : { rollback: rollbackStatus(rollback) };
}

/** The row of one attempt. */
export function projectAttempt(record: StepRecord, attempt: AttemptRecord): StepRow {
  return {
    path: record.path,
    attempt: attempt.attempt,
    index: record.index,
    name: record.name,
    status: attempt.status,
    startedAt: attempt.startedAt,
    completedAt: attempt.completedAt,
    startPosition: attempt.startPosition,
    endPosition: attempt.endPosition,
  };
}

/** The row with attempt 0 of a step that ended without one (skipped, carried over). */
function projectEndWithoutAttempt(record: StepRecord, end: NonNullable<StepRecord['endedWithoutAttempt']>): StepRow {
  return {
    path: record.path,
    attempt: 0,
    index: record.index,
    name: record.name,
    status: end.status,
    startedAt: end.at,
    completedAt: end.at,
    startPosition: null,
    endPosition: end.position,
  };
}

/** The rows of a step, in the order of its attempts: what the store must hold for the state. `newest` = only so many attempts. */
export function projectStepRows(record: StepRecord, newest = record.attempts.length): readonly StepRow[] {
  const rows = record.attempts.slice(-newest).map((attempt) => projectAttempt(record, attempt));
  return record.endedWithoutAttempt === null
    ? rows
    : [projectEndWithoutAttempt(record, record.endedWithoutAttempt), ...rows];
}

const toAttempt = (attempt: AttemptRecord): StepAttempt => ({
  attempt: attempt.attempt,
  startedAt: attempt.startedAt,
  completedAt: attempt.completedAt,
  status: attempt.status,
  error: attempt.error,
  agent: attempt.agent,
});

/** Who did an agent step; null for every other. */
export function stepAgent(record: StepRecord): StepAgent | null {
  const tried = record.attempts.map((one) => one.agent).filter((name) => name !== null);
  const used = tried.at(-1);
  if (used === undefined) return null;
  const { spending } = record;
  return {
    agentUsed: used,
    agentsTried: [...new Set(tried)],
    model: spending?.model ?? null,
    usage: spending?.usage ?? NO_USAGE,
    cost: fromE10(spending?.costE10 ?? 0),
    calls: spending?.calls ?? 0,
    unpricedCalls: spending?.unpricedCalls ?? 0,
  };
}

/** When a kept output was made. */
function cachedOf({ metadata }: StepRecord): Pick<StepState, 'cachedAt'> {
  const at = metadata?.cached === true ? metadata.cached_at : null;
  return typeof at === 'string' ? { cachedAt: Date.parse(at) } : {};
}

/** When the run that the step waited for was not at work. */
function childRestsOf({ waitpoint }: StepRecord): Pick<StepState, 'childRests'> {
  const work = waitpoint?.resolved?.child?.work;
  return waitpoint == null || waitpoint.resolved === null || work === undefined
    ? {}
    : { childRests: restsOfChild(work, waitpoint.openedAt, waitpoint.resolved.at) };
}

/** A step as screens see it. */
export function projectStepState(record: StepRecord): StepState {
  const { path, isCall } = record;
  return {
    path,
    stepId: isCall ? (path.split('.').at(-1) ?? path) : stepIdOf(path),
    index: record.index,
    name: record.name,
    status: record.status,
    attempt: record.attempt,
    startedAt: record.startedAt,
    completedAt: record.completedAt,
    skipReason: record.skipReason,
    error: record.error,
    retryAt: record.retryAt,
    dueAt: record.status === 'waiting' ? (record.waitpoint?.dueAt ?? null) : null,
    awaits: record.status === 'waiting' ? (record.waitpoint?.awaits ?? null) : null,
    childRunId: record.waitpoint?.child?.runId ?? null,
    ...childRestsOf(record),
    fallbackUsed: record.fallbackUsed,
    ...(record.undone === null ? {} : { undone: record.undone }),
    ...cachedOf(record),
    warnings: record.warnings,
    attempts: record.attempts.map(toAttempt),
    agent: stepAgent(record),
  };
}

/** A step that nothing has happened to yet. */
export function pendingStepState(step: Step, path: string, index: number): StepState {
  return {
    path,
    stepId: step.id,
    index,
    name: step.name,
    status: 'pending',
    attempt: 0,
    startedAt: null,
    completedAt: null,
    skipReason: null,
    error: null,
    retryAt: null,
    dueAt: null,
    awaits: null,
    childRunId: null,
    fallbackUsed: false,
    warnings: [],
    attempts: [],
    agent: null,
  };
}
