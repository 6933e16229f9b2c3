import type { Statement } from 'better-sqlite3';
import { toE10 } from '../../shared/decimal.ts';
import type { AgentCallEnded, StoredEvent } from '../../shared/model/events.ts';
import type { Connection } from './database.ts';
import type { RunCommit, StepRow } from './rows.ts';
import { RunRowWriter } from './run-row-writer.ts';

type SqlValue = string | number | null;

interface EndedCall {
  readonly commit: RunCommit;
  readonly stored: Omit<StoredEvent, 'event'>;
  readonly event: AgentCallEnded;
}

/** Each column and what it holds. */
const COST_COLUMNS: readonly (readonly [name: string, value: (ended: EndedCall) => SqlValue])[] = [
  ['position', ({ stored }) => stored.position],
  ['at', ({ stored }) => stored.at],
  ['workflow_id', ({ commit }) => commit.run.workflowId],
  ['run_id', ({ commit }) => commit.run.runId],
  ['step', ({ event }) => event.path],
  ['agent', ({ event }) => event.agent],
  ['model', ({ event }) => event.model],
  ['input_tokens', ({ event }) => event.usage.inputTokens],
  ['output_tokens', ({ event }) => event.usage.outputTokens],
  ['cached_tokens', ({ event }) => event.usage.cachedTokens],
  ['reasoning_tokens', ({ event }) => event.usage.reasoningTokens],
  ['cost_e10', ({ event }) => (event.cost === null ? null : toE10(event.cost))],
  ['source', ({ event }) => event.source],
  ['metadata', ({ event }) => JSON.stringify(costMetadata(event))],
];

const costMetadata = (event: AgentCallEnded): Readonly<Record<string, SqlValue>> => ({
  attempt: event.attempt,
  duration_seconds: event.durationMs / 1000,
  cache_write_tokens: event.usage.cacheWriteTokens,
  error: event.error?.code ?? null,
});

/** The writer's prepared statements. */
export interface ProjectionStatements {
  readonly begin: Statement;
  readonly commit: Statement;
  readonly rollback: Statement;
  readonly insertEvents: Statement;
  readonly insertBlobUse: Statement;
  readonly runs: RunRowWriter;
  readonly upsertStep: Statement;
  readonly insertCost: Statement;
}

/** Prepares them once for a connection. */
export function prepareStatements(db: Connection): ProjectionStatements {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    insertEvents: db.prepare(
      'INSERT INTO journal(position, stream, seq, type, v, at, actor, data, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    insertBlobUse: db.prepare('INSERT OR IGNORE INTO blob_uses(position, hash) VALUES (?, ?)'),
    runs: new RunRowWriter(db),
    upsertStep: db.prepare(`INSERT INTO steps(run_no, path, attempt, step_index, name, status, started_at, completed_at,
      start_position, end_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT(run_no, path, attempt) DO UPDATE SET status = excluded.status, started_at = excluded.started_at,
      completed_at = excluded.completed_at, end_position = excluded.end_position`),
    insertCost: db.prepare(
      `INSERT INTO cost_records(${COST_COLUMNS.map(([name]) => name).join(', ')}) VALUES (${COST_COLUMNS.map(() => '?').join(', ')})`,
    ),
  };
}

/** Writes the rows of a commit, inside its transaction (SPEC §11: a cost stands in the transaction of its call's end). */
export function writeProjections(statements: ProjectionStatements, commit: RunCommit): void {
  statements.runs.write(commit);
  for (const stored of commit.events) {
    const { event } = stored;
    if (event.type === 'agent.call_ended')
      statements.insertCost.run(COST_COLUMNS.map(([, value]) => value({ commit, stored, event })));
  }
  for (const step of commit.steps) {
    // An attempt gets its row when it has settled: until then its start is in the journal, and what is open is folded from there.
    if (step.status === 'running') continue;
    writeStep(statements.upsertStep, commit.runNo, step);
  }
}

const writeStep = (upsert: Statement, runNo: number, step: StepRow): unknown =>
  upsert.run(
    runNo,
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
