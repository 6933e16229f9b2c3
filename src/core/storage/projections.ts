import type { Statement } from 'better-sqlite3';
import { toE10 } from '../../shared/decimal.ts';
import { grouped } from '../../shared/grouped.ts';
import type { AgentCallEnded, RunEvent, StoredEvent, WaitpointResolved } from '../../shared/model/events.ts';
import { auditOfClosedRequest, auditOfEvent } from './audit/audit-of-event.ts';
import type { AuditWriter } from './audit/audit-writer.ts';
import type { Connection } from './database.ts';
import { fingerprintOf } from './failure-repository.ts';
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
  ['actor', ({ commit }) => commit.run.actor],
  ['unpriced_part', ({ event }) => unpricedPart(event)],
];

/** What of a call is in no amount although its tokens are; who reports a cost has counted it. */
function unpricedPart({ source, usage }: AgentCallEnded): string | null {
  const count = usage.paidToolCalls ?? 0;
  if (source === 'reported' || count === 0) return null;
  return `${grouped(count)} ${count === 1 ? 'call' : 'calls'} of the provider's own tools`;
}

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
  readonly forgetStep: Statement;
  readonly insertCost: Statement;
  readonly repriceCost: Statement;
  readonly settleReservation: Statement;
  readonly insertApproval: Statement;
  readonly closeApprovals: Statement;
  readonly voidApproval: Statement;
  readonly insertSealedUse: Statement;
  readonly insertFailure: Statement;
  readonly audit: AuditWriter;
}

/** Prepares them once for a connection. */
export function prepareStatements(db: Connection, audit: AuditWriter): ProjectionStatements {
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
    forgetStep: db.prepare('DELETE FROM steps WHERE run_no = ? AND path = ? AND attempt = ?'),
    insertCost: db.prepare(
      `INSERT INTO cost_records(${COST_COLUMNS.map(([name]) => name).join(', ')}) VALUES (${COST_COLUMNS.map(() => '?').join(', ')})`,
    ),
    repriceCost: db.prepare('UPDATE cost_records SET cost_e10 = ? WHERE position = ? AND run_id = ?'),
    settleReservation: db.prepare(`DELETE FROM cost_reservations WHERE id =
      (SELECT max(id) FROM cost_reservations WHERE run_id = ? AND path = ? AND attempt = ?)`),
    insertApproval:
      db.prepare(`INSERT INTO approvals(id, run_no, path, attempt, round, title, requester, status, created_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)`),
    closeApprovals: db
      .prepare(`UPDATE approvals SET status = ?, resolved_at = ?
      WHERE run_no = ? AND path = coalesce(?, path) AND status = 'pending' RETURNING id`)
      .pluck(),
    voidApproval: db.prepare(`UPDATE approvals SET status = 'cancelled', resolved_at = ?
      WHERE run_no = ? AND path = ? AND attempt = ?`),
    insertFailure: db.prepare(
      `INSERT INTO failures(run_no, fingerprint, at) VALUES (?, ?, ?)
      ON CONFLICT(run_no) DO UPDATE SET fingerprint = excluded.fingerprint, at = excluded.at`,
    ),
    insertSealedUse: db.prepare('INSERT INTO sealed_uses(id, run_no) VALUES (?, ?)'),
    audit,
  };
}

/** Writes the rows of a commit, inside its transaction (SPEC §11: a cost stands in the transaction of its call's end). */
export function writeProjections(statements: ProjectionStatements, commit: RunCommit): void {
  statements.runs.write(commit);
  for (const stored of commit.events) projectEvent(stored, commit, statements);
  // A block that a resume opens again had settled: its row is not true any more.
  const isResumed = commit.events.some(({ event }) => event.type === 'run.resumed');
  for (const step of commit.steps) {
    // An attempt gets its row when it has settled: until then its start is in the journal, and what is open is folded from there.
    if (step.status === 'running') {
      if (isResumed) statements.forgetStep.run(commit.runNo, step.path, step.attempt);
      continue;
    }
    writeStep(statements.upsertStep, commit.runNo, step);
  }
}

interface ProjectorSource {
  readonly stored: StoredEvent<RunEvent>;
  readonly commit: RunCommit;
  readonly statements: ProjectionStatements;
}

/** Ends the requests of a step, or of the whole run; who ends them without deciding is in the audit. */
function closeApprovals(source: ProjectorSource, path: string | null, status: WaitpointResolved['status']): void {
  const { stored, commit, statements } = source;
  const closed = statements.closeApprovals.all(status, stored.at, commit.runNo, path) as string[];
  const isDecided = stored.event.type === 'waitpoint.resolved' && status !== 'expired';
  if (isDecided || (status !== 'expired' && status !== 'cancelled')) return;
  for (const id of closed) statements.audit.append(auditOfClosedRequest(id, status, stored, commit), stored.at);
}

const closeStep = ({ path }: { readonly path: string }, source: ProjectorSource): void =>
  closeApprovals(source, path, 'cancelled');

const closeRun = (_event: RunEvent, source: ProjectorSource): void => closeApprovals(source, null, 'cancelled');

/** What an event means for tables of their own; the rows of runs and steps follow from the state. */
const PROJECTORS: {
  readonly [T in RunEvent['type']]?: (
    event: Extract<RunEvent, { readonly type: T }>,
    source: ProjectorSource,
  ) => unknown;
} = {
  'run.created': ({ sealed = [] }, { commit, statements }) => {
    for (const id of sealed) statements.insertSealedUse.run(id, commit.runNo);
  },
  'agent.call_ended': (event, { stored, commit, statements }) => {
    statements.insertCost.run(COST_COLUMNS.map(([, value]) => value({ commit, stored, event })));
    statements.settleReservation.run(commit.run.runId, event.path, event.attempt);
  },
  'agent.call_repriced': ({ call, cost }, { commit, statements }) => {
    statements.repriceCost.run(cost === null ? null : toE10(cost), call, commit.run.runId);
  },
  'waitpoint.opened': ({ path, attempt, dueAt, approval }, { stored, commit, statements }) => {
    if (approval === undefined) return;
    const { id, round, title, requester } = approval;
    statements.insertApproval.run(id, commit.runNo, path, attempt, round, title, requester, stored.at, dueAt);
  },
  'waitpoint.resolved': ({ path, status }, source) => {
    if (status !== undefined) closeApprovals(source, path, status);
  },
  'approval.reopened': ({ path, attempt }, { stored, commit, statements }) =>
    statements.voidApproval.run(stored.at, commit.runNo, path, attempt),
  'step.cancelled': closeStep,
  'step.failed': closeStep,
  'run.completed': closeRun,
  'run.failed': (event, source) => {
    closeRun(event, source);
    const { stored, commit, statements } = source;
    statements.insertFailure.run(commit.runNo, fingerprintOf(commit.run.error), stored.at);
  },
  'run.cancelled': closeRun,
};

function projectEvent(stored: StoredEvent<RunEvent>, commit: RunCommit, statements: ProjectionStatements): void {
  const projector = PROJECTORS[stored.event.type] as
    | ((event: RunEvent, source: ProjectorSource) => unknown)
    | undefined;
  projector?.(stored.event, { stored, commit, statements });
  const audited = auditOfEvent(stored, commit);
  if (audited !== null) statements.audit.append(audited, stored.at);
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
