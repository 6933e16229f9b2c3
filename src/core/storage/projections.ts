import type { Statement } from 'better-sqlite3';
import { toE10 } from '../../shared/decimal.ts';
import type { Connection } from './database.ts';
import { sumOfRun } from './row-sum.ts';
import { actorText, type RunCommit } from './rows.ts';

/** The writer's prepared statements. */
export interface ProjectionStatements {
  readonly begin: Statement;
  readonly commit: Statement;
  readonly rollback: Statement;
  readonly insertEvent: Statement;
  readonly insertBlobUse: Statement;
  readonly readStream: Statement;
  readonly countStream: Statement;
  /** What of a run's events says how it fared, newest first; nothing of their values. */
  readonly readTraces: Statement;
  readonly insertRun: Statement;
  readonly updateRun: Statement;
  /** The columns that a step's end moves; none of them is indexed, so no index page is written. */
  readonly updateProgress: Statement;
  readonly upsertStep: Statement;
  readonly updateCost: Statement;
  readonly insertCost: Statement;
}

/** Prepares them once for a connection. */
export function prepareStatements(db: Connection): ProjectionStatements {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    insertEvent: db.prepare(
      'INSERT INTO journal(position, stream, seq, type, v, at, actor, data, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    insertBlobUse: db.prepare('INSERT OR IGNORE INTO blob_uses(position, hash) VALUES (?, ?)'),
    readStream: db.prepare(
      'SELECT position, stream, seq, type, v, at, actor, data, sum FROM journal WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?',
    ),
    countStream: db.prepare('SELECT count(*) AS n FROM journal WHERE stream = ?'),
    readTraces: db.prepare(`SELECT type, actor ->> '$.kind' = 'user' AS isByPerson, data ->> '$.path' AS path,
      coalesce(data ->> '$.role', '') = 'call' AS isCall, coalesce(data ->> '$.suspect', 0) AS isSuspect
      FROM journal WHERE stream = ? ORDER BY seq DESC LIMIT 10000`),
    insertRun:
      db.prepare(`INSERT INTO runs(run_no, run_id, start_key, workflow_id, workflow_name, workflow_path, version_hash,
      version_label, trigger, actor, agent, parent_run_id, linked_run_id, created_at, steps_total, status, outcome, started_at,
      completed_at, steps_succeeded, steps_failed, steps_skipped, current_step, error, pause_requested, cancel_requested, worked_ms, working_since, sum)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    updateRun:
      db.prepare(`UPDATE runs SET status = ?, outcome = ?, started_at = ?, completed_at = ?, steps_succeeded = ?,
      steps_failed = ?, steps_skipped = ?, current_step = ?, error = ?, pause_requested = ?, cancel_requested = ?, worked_ms = ?,
      working_since = ?, sum = ? WHERE run_no = ?`),
    updateProgress: db.prepare(
      `UPDATE runs SET steps_succeeded = ?, steps_failed = ?, steps_skipped = ?, current_step = ?, worked_ms = ?, working_since = ?,
      sum = ? WHERE run_no = ?`,
    ),
    upsertStep: db.prepare(`INSERT INTO steps(run_no, path, attempt, step_index, name, status, started_at, completed_at,
      start_position, end_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT(run_no, path, attempt) DO UPDATE SET status = excluded.status, started_at = excluded.started_at,
      completed_at = excluded.completed_at, end_position = excluded.end_position`),
    updateCost: db.prepare('UPDATE runs SET cost_e10 = ?, model_calls = ?, unpriced_calls = ? WHERE run_no = ?'),
    insertCost:
      db.prepare(`INSERT INTO cost_records(position, at, workflow_id, run_id, step, agent, model, input_tokens,
      output_tokens, cached_tokens, reasoning_tokens, cost_e10, source, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  };
}

/** Writes the rows of a commit, inside its transaction (SPEC §11: a cost stands in the transaction of its call's end). */
export function writeProjections(statements: ProjectionStatements, commit: RunCommit): void {
  if (commit.isNew) insertRun(statements, commit);
  else if (commit.isProgressOnly) updateProgress(statements, commit);
  else updateRun(statements, commit);
  writeCosts(statements, commit);
  for (const step of commit.steps) {
    statements.upsertStep.run(
      commit.runNo,
      step.path,
      step.attempt,
      step.index,
      step.name,
      step.status,
      step.startedAt,
      step.completedAt,
      step.startPosition,
      step.endPosition,
    );
  }
}

function writeCosts(statements: ProjectionStatements, { run, runNo, events }: RunCommit): void {
  let hasCosts = false;
  for (const { event, position, at } of events) {
    if (event.type !== 'agent.call_ended') continue;
    hasCosts = true;
    const { usage } = event;
    const metadata = {
      attempt: event.attempt,
      duration_seconds: event.durationMs / 1000,
      cache_write_tokens: usage.cacheWriteTokens,
      error: event.error?.code ?? null,
    };
    statements.insertCost.run(
      position,
      at,
      run.workflowId,
      run.runId,
      event.path,
      event.agent,
      event.model,
      usage.inputTokens,
      usage.outputTokens,
      usage.cachedTokens,
      usage.reasoningTokens,
      event.cost === null ? null : toE10(event.cost),
      event.source,
      JSON.stringify(metadata),
    );
  }
  if (hasCosts) statements.updateCost.run(toE10(run.cost.usd), run.cost.calls, run.cost.unpricedCalls, runNo);
}

function insertRun(statements: ProjectionStatements, { run, runNo, startKey, events }: RunCommit): void {
  const actor = events[0] === undefined ? '' : actorText(events[0].actor);
  statements.insertRun.run(
    runNo,
    run.runId,
    startKey,
    run.workflowId,
    run.workflowName,
    run.workflowPath,
    run.versionHash,
    run.versionLabel,
    run.trigger,
    actor,
    run.agent,
    run.parentRunId,
    run.linkedRunId,
    run.createdAt,
    run.stepsTotal,
    run.status,
    run.outcome,
    run.startedAt,
    run.completedAt,
    run.stepsSucceeded,
    run.stepsFailed,
    run.stepsSkipped,
    run.currentStep,
    run.error === null ? null : JSON.stringify(run.error),
    run.pauseRequested ? 1 : 0,
    run.cancelRequested ? 1 : 0,
    run.workedMs,
    run.workingSince,
    sumOfRun(runNo, { ...run, actor }),
  );
}

function updateRun(statements: ProjectionStatements, { run, runNo }: RunCommit): void {
  statements.updateRun.run(
    run.status,
    run.outcome,
    run.startedAt,
    run.completedAt,
    run.stepsSucceeded,
    run.stepsFailed,
    run.stepsSkipped,
    run.currentStep,
    run.error === null ? null : JSON.stringify(run.error),
    run.pauseRequested ? 1 : 0,
    run.cancelRequested ? 1 : 0,
    run.workedMs,
    run.workingSince,
    sumOfRun(runNo, run),
    runNo,
  );
}

function updateProgress(statements: ProjectionStatements, { run, runNo }: RunCommit): void {
  statements.updateProgress.run(
    run.stepsSucceeded,
    run.stepsFailed,
    run.stepsSkipped,
    run.currentStep,
    run.workedMs,
    run.workingSince,
    sumOfRun(runNo, run),
    runNo,
  );
}
