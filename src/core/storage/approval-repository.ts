import type { Statement } from 'better-sqlite3';
import type { ApprovalStatus, ApprovalSummary, ApprovalType, RequestKind } from '../../shared/model/approval.ts';
import type { Connection } from './database.ts';

/** Which requests are looked at; all given fields must hold. */
export interface ApprovalFilter {
  readonly status?: readonly ApprovalStatus[] | undefined;
  readonly runId?: string | undefined;
  readonly requester?: string | undefined;
  readonly limit: number;
}

interface ApprovalRow {
  readonly id: string;
  readonly type: ApprovalType;
  readonly kind: RequestKind | null;
  readonly run_id: string | null;
  readonly workflow_id: string | null;
  readonly workflow_name: string | null;
  readonly path: string | null;
  readonly requester: string;
  readonly title: string;
  readonly status: ApprovalStatus;
  readonly round: number;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly resolved_at: number | null;
  readonly asked_again: 0 | 1;
}

/** The questions of runs, and what people have asked for. */
const ALL = `SELECT * FROM (
  SELECT a.id, 'step' AS type, NULL AS kind, r.run_id, r.workflow_id, r.workflow_name, a.path, a.requester, a.title, a.status, a.round,
    a.created_at, a.expires_at, a.resolved_at,
    EXISTS (SELECT 1 FROM approvals l WHERE l.run_no = a.run_no AND l.path = a.path AND l.round > a.round) AS asked_again
    FROM approvals a JOIN runs r USING (run_no)
  UNION ALL
  SELECT id, type, kind, run_id, workflow_id, workflow_name, NULL, requester, title, status, 1, created_at, expires_at, resolved_at, 0
    FROM requests
)`;

/** Reads of everything that is asked (SPEC §12.2): who was asked what, and what became of it. */
export class ApprovalRepository {
  readonly #find: Statement;
  readonly #list: Statement;
  readonly #countPending: Statement;

  constructor(db: Connection) {
    this.#find = db.prepare(`${ALL} WHERE id = ?`);
    this.#list = db.prepare(`${ALL} WHERE (@statuses IS NULL OR status IN (SELECT value FROM json_each(@statuses)))
      AND (@runId IS NULL OR run_id = @runId) AND (@requester IS NULL OR requester = @requester) ORDER BY created_at DESC, id LIMIT @limit`);
    this.#countPending = db
      .prepare(
        `SELECT (SELECT count(*) FROM approvals WHERE status = 'pending') + (SELECT count(*) FROM requests WHERE status = 'pending')`,
      )
      .pluck();
  }

  /** The request, or null when there is none with this id. */
  find(id: string): ApprovalSummary | null {
    const row = this.#find.get(id) as ApprovalRow | undefined;
    return row === undefined ? null : toSummary(row);
  }

  /** Requests that meet the filter, newest first. */
  list({ status, runId, requester, limit }: ApprovalFilter): readonly ApprovalSummary[] {
    const statuses = status === undefined ? null : JSON.stringify(status);
    return (
      this.#list.all({ statuses, runId: runId ?? null, requester: requester ?? null, limit }) as ApprovalRow[]
    ).map(toSummary);
  }

  /** How many wait for a decision. */
  countPending(): number {
    return this.#countPending.get() as number;
  }
}

const toSummary = (row: ApprovalRow): ApprovalSummary => ({
  id: row.id,
  type: row.type,
  kind: row.kind,
  runId: row.run_id,
  workflowId: row.workflow_id,
  workflowName: row.workflow_name,
  stepPath: row.path,
  requesterId: row.requester,
  title: row.title,
  status: row.status,
  round: row.round,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  resolvedAt: row.resolved_at,
  isAskedAgain: row.asked_again === 1,
});
