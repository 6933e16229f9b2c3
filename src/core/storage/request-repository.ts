import type { Statement } from 'better-sqlite3';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { Permission } from '../../shared/model/access.ts';
import type { ApprovalDecision, ApprovalStatus, ApprovalType, RequestKind } from '../../shared/model/approval.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { AuditDraft, AuditWriter } from './audit/audit-writer.ts';
import { parseStored } from './damage.ts';
import type { Connection } from './database.ts';

/** What a person has asked others to let happen. Instants are UTC ms. */
export interface StoredRequest {
  /** 32 hex digits. */
  readonly id: string;
  readonly kind: RequestKind;
  readonly type: ApprovalType;
  /** What it is about: a path of the library, the key of a trigger, the name of a tool. */
  readonly subject: string;
  readonly workflowId: string | null;
  readonly workflowName: string | null;
  readonly title: string;
  readonly description: string;
  /** Of all that was asked: what a decision is bound to. */
  readonly hash: string;
  /** What is done once it is approved. */
  readonly asked: JsonMap;
  /** The same for people. */
  readonly fields: JsonMap;
  /** Ids of the sealed values that `asked` holds markers of. */
  readonly sealed: readonly string[];
  /** What whoever asked may not do himself: whoever approves must be able to. */
  readonly needs: Permission | null;
  readonly requester: string;
  readonly door: Actor['door'];
  readonly approvers: readonly string[];
  readonly minApprovals: number;
  readonly allowsSelf: boolean;
  readonly status: ApprovalStatus;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly resolvedAt: number | null;
  readonly outcome: 'done' | 'failed' | null;
  readonly problem: string | null;
  readonly runId: string | null;
}

/** What somebody has said about one. */
export interface RequestWord {
  /** UTC ms. */
  readonly at: number;
  readonly by: string;
  readonly decision: ApprovalDecision;
  readonly comment: string;
  /** For `delegate`: to whom. */
  readonly to: string | null;
}

/** What a request comes to by a word, or without one. */
export interface RequestChange {
  readonly word: RequestWord | null;
  /** Absent: it goes on waiting. */
  readonly status?: Exclude<ApprovalStatus, 'pending'>;
  /** What is done instead once it is approved: a part of what was asked. */
  readonly asked?: JsonMap;
  readonly audit: AuditDraft;
}

interface RequestRow {
  readonly id: string;
  readonly kind: RequestKind;
  readonly type: ApprovalType;
  readonly subject: string;
  readonly workflow_id: string | null;
  readonly workflow_name: string | null;
  readonly title: string;
  readonly description: string;
  readonly hash: string;
  readonly asked: string;
  readonly fields: string;
  readonly sealed: string;
  readonly needs: Permission | null;
  readonly requester: string;
  readonly door: Actor['door'];
  readonly approvers: string;
  readonly min_approvals: number;
  readonly allow_self: number;
  readonly status: ApprovalStatus;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly resolved_at: number | null;
  readonly outcome: 'done' | 'failed' | null;
  readonly problem: string | null;
  readonly run_id: string | null;
}

/** Requests of people and what was said about them. What is written is written together with its line of the audit, or not at all. */
export class RequestRepository {
  readonly #db: Connection;
  readonly #audit: AuditWriter;
  readonly #find: Statement;
  readonly #words: Statement;

  constructor(db: Connection, audit: AuditWriter) {
    this.#db = db;
    this.#audit = audit;
    this.#find = db.prepare('SELECT * FROM requests WHERE id = ?');
    this.#words = db.prepare(
      'SELECT at, by, decision, comment, handed_to AS "to" FROM request_words WHERE request_id = ? ORDER BY id',
    );
  }

  find(id: string): StoredRequest | null {
    const row = this.#find.get(id) as RequestRow | undefined;
    return row === undefined ? null : toRequest(row);
  }

  /** What was said about it, oldest first. */
  words(id: string): readonly RequestWord[] {
    return this.#words.all(id) as RequestWord[];
  }

  /** Those that wait and are about this, or of this kind. */
  pending(of: { readonly kind?: RequestKind; readonly subject?: string } = {}): readonly StoredRequest[] {
    const sql = `SELECT * FROM requests WHERE status = 'pending' AND (@kind IS NULL OR kind = @kind)
      AND (@subject IS NULL OR subject = @subject) ORDER BY created_at`;
    const rows = this.#db.prepare(sql).all({ kind: of.kind ?? null, subject: of.subject ?? null });
    return (rows as RequestRow[]).map(toRequest);
  }

  /** The last of this kind about this; null = there was none. */
  latest(kind: RequestKind, subject: string): StoredRequest | null {
    const sql = 'SELECT * FROM requests WHERE kind = ? AND subject = ? ORDER BY created_at DESC, id DESC LIMIT 1';
    const row = this.#db.prepare(sql).get(kind, subject) as RequestRow | undefined;
    return row === undefined ? null : toRequest(row);
  }

  /** Those that were approved and are not done yet. */
  undone(): readonly StoredRequest[] {
    const sql = `SELECT * FROM requests WHERE status = 'approved' AND outcome IS NULL ORDER BY resolved_at`;
    return (this.#db.prepare(sql).all() as RequestRow[]).map(toRequest);
  }

  /** Whether exactly this was approved. */
  isApproved(kind: RequestKind, { subject, hash }: Pick<StoredRequest, 'subject' | 'hash'>): boolean {
    const sql = `SELECT 1 FROM requests WHERE kind = ? AND subject = ? AND hash = ? AND status = 'approved' LIMIT 1`;
    return this.#db.prepare(sql).get(kind, subject, hash) !== undefined;
  }

  add(request: StoredRequest, audit: AuditDraft): void {
    this.#db
      .transaction(() => {
        const row = toRow(request);
        const names = Object.keys(row);
        this.#db
          .prepare(`INSERT INTO requests(${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`)
          .run(row);
        this.#audit.append(audit, request.createdAt);
      })
      .immediate();
  }

  /** Looks at a request and changes it as `decide` says, in one transaction: of many at once each sees what the one before it has done. */
  change(
    id: string,
    at: number,
    decide: (request: StoredRequest | null, words: readonly RequestWord[]) => RequestChange | null,
  ): StoredRequest | null {
    return this.#db
      .transaction(() => {
        const change = decide(this.find(id), this.words(id));
        if (change === null) return this.find(id);
        const { word, status, asked, audit } = change;
        if (word !== null)
          this.#db
            .prepare(
              'INSERT INTO request_words(request_id, at, by, decision, comment, handed_to) VALUES (?, ?, ?, ?, ?, ?)',
            )
            .run(id, word.at, word.by, word.decision, word.comment, word.to);
        if (status !== undefined)
          this.#db.prepare('UPDATE requests SET status = ?, resolved_at = ? WHERE id = ?').run(status, at, id);
        if (asked !== undefined)
          this.#db.prepare('UPDATE requests SET asked = ? WHERE id = ?').run(JSON.stringify(asked), id);
        this.#audit.append(audit, at);
        return this.find(id);
      })
      .immediate();
  }

  /** Writes down what became of an approved one. */
  settle(id: string, { outcome, problem, runId }: Pick<StoredRequest, 'outcome' | 'problem' | 'runId'>): void {
    this.#db
      .prepare('UPDATE requests SET outcome = ?, problem = ?, run_id = ? WHERE id = ?')
      .run(outcome, problem, runId, id);
  }
}

const toRow = (request: StoredRequest): RequestRow => ({
  id: request.id,
  kind: request.kind,
  type: request.type,
  subject: request.subject,
  workflow_id: request.workflowId,
  workflow_name: request.workflowName,
  title: request.title,
  description: request.description,
  hash: request.hash,
  asked: JSON.stringify(request.asked),
  fields: JSON.stringify(request.fields),
  sealed: JSON.stringify(request.sealed),
  needs: request.needs,
  requester: request.requester,
  door: request.door,
  approvers: JSON.stringify(request.approvers),
  min_approvals: request.minApprovals,
  allow_self: request.allowsSelf ? 1 : 0,
  status: request.status,
  created_at: request.createdAt,
  expires_at: request.expiresAt,
  resolved_at: request.resolvedAt,
  outcome: request.outcome,
  problem: request.problem,
  run_id: request.runId,
});

const textsOf = (text: string): readonly string[] => parseStored(text) as Json as readonly string[];

const toRequest = (row: RequestRow): StoredRequest => ({
  id: row.id,
  kind: row.kind,
  type: row.type,
  subject: row.subject,
  workflowId: row.workflow_id,
  workflowName: row.workflow_name,
  title: row.title,
  description: row.description,
  hash: row.hash,
  asked: parseStored(row.asked) as JsonMap,
  fields: parseStored(row.fields) as JsonMap,
  sealed: textsOf(row.sealed),
  needs: row.needs,
  requester: row.requester,
  door: row.door,
  approvers: textsOf(row.approvers),
  minApprovals: row.min_approvals,
  allowsSelf: row.allow_self === 1,
  status: row.status,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  resolvedAt: row.resolved_at,
  outcome: row.outcome,
  problem: row.problem,
  runId: row.run_id,
});
