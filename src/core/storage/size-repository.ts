import type { Statement } from 'better-sqlite3';
import type { PinnedRun } from '../../shared/model/storage.ts';
import type { Connection } from './database.ts';

/** A run, as who looks after the room sees it. Sizes are bytes of its own rows. */
export interface RunSize {
  readonly runNo: number;
  readonly runId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly versionHash: string;
  readonly createdAt: number;
  /** UTC ms; null = it has not ended. */
  readonly endedAt: number | null;
  readonly parentRunId: string | null;
  readonly isPinned: boolean;
  readonly journalBytes: number;
}

/** How a database file is filled. */
export interface FileFill {
  readonly bytes: number;
  /** Pages that hold nothing: what compacting gives back. */
  readonly freeBytes: number;
  /** Of the tables whose rows go with their runs. */
  readonly runBytes: number;
}

/** What is remembered of the room that is looked after. */
export type StorageMark = 'cleaned-at' | 'agreed-days' | 'logged-to' | 'traced-to';

/** Tables whose rows, and indexes, belong to single runs. Costs and audit stay when a run goes. */
const RUN_TABLES = [
  'journal',
  'runs',
  'steps',
  'failures',
  'blob_uses',
  'approvals',
  'kept_outputs',
  'sealed_inputs',
  'sealed_uses',
];

/** Sizes and ages of what is stored, and the marks of who looks after them. */
export class SizeRepository {
  readonly #db: Connection;
  readonly #logs: Connection;
  readonly #runs: Statement;
  readonly #logBytes: Statement;
  readonly #blobUses: Statement;
  readonly #oldDeliveries: Statement;
  readonly #dropDeliveries: Statement;
  readonly #mark: Statement;
  readonly #putMark: Statement;
  readonly #pin: Statement;
  readonly #unpin: Statement;
  readonly #isPinned: Statement;
  readonly #pins: Statement;

  constructor(db: Connection, logs: Connection) {
    this.#db = db;
    this.#logs = logs;
    this.#runs = db.prepare(`SELECT r.run_no AS runNo, r.run_id AS runId, r.workflow_id AS workflowId,
      r.workflow_name AS workflowName, r.version_hash AS versionHash, r.created_at AS createdAt,
      iif(r.status IN ('completed', 'failed', 'cancelled'), r.completed_at, NULL) AS endedAt, r.parent_run_id AS parentRunId,
      EXISTS (SELECT 1 FROM run_pins p WHERE p.run_id = r.run_id) AS isPinned,
      (SELECT coalesce(sum(octet_length(data)) + 60 * count(*), 0) FROM journal WHERE stream = r.run_no) AS journalBytes
      FROM runs r WHERE r.run_no > ? ORDER BY r.run_no LIMIT ?`);
    this.#logBytes = logs
      .prepare(`SELECT
      (SELECT coalesce(sum(octet_length(text) + octet_length(path)) + 30 * count(*), 0) FROM lines WHERE log_no = l.log_no)
      FROM logs l WHERE l.run_id = ?`)
      .pluck();
    this.#blobUses = db.prepare(
      'SELECT DISTINCT j.stream AS runNo, b.hash FROM blob_uses b JOIN journal j USING (position)',
    );
    this.#oldDeliveries = db
      .prepare("SELECT count(*) FROM deliveries WHERE received_at < ? AND state <> 'received'")
      .pluck();
    this.#dropDeliveries = db.prepare(`DELETE FROM deliveries WHERE delivery_no IN (SELECT delivery_no FROM deliveries
      WHERE received_at < ? AND state <> 'received' ORDER BY received_at LIMIT ?)`);
    this.#mark = db.prepare('SELECT value FROM storage_marks WHERE name = ?').pluck();
    this.#putMark = db.prepare('INSERT OR REPLACE INTO storage_marks VALUES (?, ?)');
    this.#pin = db.prepare('INSERT OR IGNORE INTO run_pins SELECT run_id, ?, ? FROM runs WHERE run_id = ?');
    this.#isPinned = db.prepare('SELECT 1 FROM run_pins WHERE run_id = ?').pluck();
    this.#pins =
      db.prepare(`SELECT r.run_id AS runId, r.workflow_name AS workflowName, r.created_at AS createdAt, p.by, p.at
      FROM run_pins p JOIN runs r USING (run_id) ORDER BY p.at DESC, r.run_no DESC`);
    this.#unpin = db.prepare('DELETE FROM run_pins WHERE run_id = ?');
  }

  /** Runs after a number, in the order of their numbers. */
  runs(afterNo: number, limit: number): readonly RunSize[] {
    const rows = this.#runs.all(afterNo, limit) as (Omit<RunSize, 'isPinned'> & { isPinned: number })[];
    return rows.map((row) => ({ ...row, isPinned: row.isPinned === 1 }));
  }

  /** Bytes of the lines of a run. */
  logBytes(runId: string): number {
    return (this.#logBytes.get(runId) as number | undefined) ?? 0;
  }

  /** Which runs hold which values in files, by the numbers of the runs. */
  blobUses(): readonly { readonly runNo: number; readonly hash: string }[] {
    return this.#blobUses.all() as { runNo: number; hash: string }[];
  }

  /** How `state.db` is filled; reads every page's head. */
  stateFill(): FileFill {
    const tables = JSON.stringify(RUN_TABLES);
    const runBytes = this.#db
      .prepare(`SELECT coalesce(sum(s.pgsize), 0) FROM dbstat('main', 1) s JOIN sqlite_schema m ON m.name = s.name
        WHERE m.tbl_name IN (SELECT value FROM json_each(?))`)
      .pluck()
      .get(tables) as number;
    return { ...fillOf(this.#db), runBytes };
  }

  /** How `logs.db` is filled: all of it belongs to runs. */
  logsFill(): FileFill {
    const { bytes, freeBytes } = fillOf(this.#logs);
    return { bytes, freeBytes, runBytes: bytes - freeBytes };
  }

  oldDeliveries(before: number): number {
    return this.#oldDeliveries.get(before) as number;
  }

  /** Removes some deliveries that were received before, the oldest first; gives how many. What has no end yet stays. */
  dropDeliveries(before: number, limit: number): number {
    return this.#dropDeliveries.run(before, limit).changes;
  }

  /** Null = never set. */
  mark(name: StorageMark): number | null {
    return (this.#mark.get(name) as number | undefined) ?? null;
  }

  setMark(name: StorageMark, value: number): void {
    this.#putMark.run(name, value);
  }

  /** The run is to stay whatever its age. */
  isPinned(runId: string): boolean {
    return this.#isPinned.get(runId) !== undefined;
  }

  /** The run stays whatever its age. */
  pin(runId: string, by: string, at: number): void {
    this.#pin.run(by, at, runId);
  }

  unpin(runId: string): void {
    this.#unpin.run(runId);
  }

  /** All pinned runs, those that were pinned last first. */
  pins(): readonly PinnedRun[] {
    return this.#pins.all() as PinnedRun[];
  }

  /** Writes both files anew without the room that nothing takes. Errors: `store.busy`, `file.disk_full` as SQLite throws them. */
  compact(): void {
    for (const db of [this.#db, this.#logs]) {
      db.exec('VACUUM');
      db.pragma('wal_checkpoint(TRUNCATE)');
    }
  }
}

function fillOf(db: Connection): { readonly bytes: number; readonly freeBytes: number } {
  const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map(
    (name) => db.pragma(name, { simple: true }) as number,
  ) as [number, number, number];
  return { bytes: pages * size, freeBytes: free * size };
}
