import type { Statement } from 'better-sqlite3';
import type { PinnedRun } from '../../shared/model/storage.ts';
import type { Connection } from './database.ts';

/** What is remembered of the room that is looked after. */
export type StorageMark = 'cleaned-at' | 'agreed-days' | 'logged-to' | 'traced-to';

/** What is kept of who looks after the room that a project takes: marks, pinned runs, what is too old. `RoomReader` measures it. */
export class SizeRepository {
  readonly #db: Connection;
  readonly #logs: Connection;
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
