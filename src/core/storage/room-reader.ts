import type { Statement } from 'better-sqlite3';
import { type Connection, fileFill } from './database.ts';
import { packedSize, type Removal } from './packed-size.ts';

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
  /** Of its log lines. */
  readonly logBytes: number;
}

/** What a cleanup removes from the files. */
export interface Removed {
  readonly runs: readonly Pick<RunSize, 'runNo' | 'runId'>[];
  /** How many of them. */
  readonly deliveries: number;
  readonly auditEvents: number;
}

/** Bytes of the files, or what they will have. */
export interface FileSizes {
  readonly state: number;
  readonly logs: number;
}

/** Tables of `state.db` whose rows go with their runs, by number. Costs and audit stay when a run goes. */
const OF_RUNS = ['runs', 'steps', 'failures', 'approvals', 'kept_outputs', 'sealed_uses'];
/** Those whose rows differ much. */
const VARIED = new Set(['runs', 'kept_outputs']);

const byRun = (table: string): Removal => ({
  ...{ table, goes: 'run_no IN (SELECT run_no FROM gone_runs)' },
  ...(VARIED.has(table) ? { isVaried: true as const } : {}),
});

const OLDEST_DELIVERIES = "SELECT delivery_no FROM deliveries WHERE state <> 'received' ORDER BY received_at";

/** Measures what takes room in both files, over connections of its own. */
export class RoomReader {
  readonly #db: Connection;
  readonly #logs: Connection;
  readonly #runs: Statement;
  readonly #logBytes: Statement;
  readonly #blobUses: Statement;

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
      (SELECT coalesce(sum(octet_length(text) + octet_length(path)) + 30 * count(*), 0) FROM lines WHERE log_no = l.log_no) +
      (SELECT coalesce(sum(octet_length(item)) + 30 * count(*), 0) FROM conversation WHERE log_no = l.log_no)
      FROM logs l WHERE l.run_id = ?`)
      .pluck();
    this.#blobUses = db.prepare(
      'SELECT DISTINCT j.stream AS runNo, b.hash FROM blob_uses b JOIN journal j USING (position)',
    );
  }

  /** Runs after a number, in the order of their numbers. */
  runs(afterNo: number, limit: number): readonly RunSize[] {
    const rows = this.#runs.all(afterNo, limit) as (Omit<RunSize, 'isPinned' | 'logBytes'> & { isPinned: number })[];
    return rows.map((row) => ({
      ...row,
      isPinned: row.isPinned === 1,
      logBytes: (this.#logBytes.get(row.runId) as number | undefined) ?? 0,
    }));
  }

  /** Which runs hold which values in files, by the numbers of the runs. */
  blobUses(): readonly { readonly runNo: number; readonly hash: string }[] {
    return this.#blobUses.all() as { runNo: number; hash: string }[];
  }

  /** What both files have now. */
  sizes(): FileSizes {
    return { state: fileFill(this.#db).bytes, logs: fileFill(this.#logs).bytes };
  }

  /** What both will have once these are removed and the files are compacted. Reads every page of them. */
  sizesWithout({ runs, deliveries, auditEvents }: Removed): FileSizes {
    for (const db of [this.#db, this.#logs]) nameGone(db, runs);
    const goes = 'log_no IN (SELECT log_no FROM logs WHERE run_id IN (SELECT run_id FROM gone_runs))';
    return {
      state: packedSize(this.#db, [
        { table: 'journal', goes: 'stream IN (SELECT run_no FROM gone_runs)', isVaried: true },
        ...OF_RUNS.map(byRun),
        {
          table: 'blob_uses',
          goes: 'position IN (SELECT position FROM journal WHERE stream IN (SELECT run_no FROM gone_runs))',
        },
        {
          table: 'sealed_inputs',
          goes: 'id NOT IN (SELECT id FROM sealed_uses WHERE run_no NOT IN (SELECT run_no FROM gone_runs))',
        },
        { table: 'deliveries', goes: `delivery_no IN (${OLDEST_DELIVERIES} LIMIT ${deliveries})` },
        { table: 'audit', goes: `seq IN (SELECT seq FROM audit ORDER BY seq LIMIT ${auditEvents})` },
      ]),
      logs: packedSize(this.#logs, [
        { table: 'logs', goes: 'run_id IN (SELECT run_id FROM gone_runs)' },
        { table: 'lines', goes, isVaried: true },
        { table: 'conversation', goes, isVaried: true },
      ]),
    };
  }
}

/** Names the runs in a table that only this connection sees. */
function nameGone(db: Connection, runs: Removed['runs']): void {
  db.exec(
    'DROP TABLE IF EXISTS temp.gone_runs; CREATE TEMP TABLE gone_runs(run_no INTEGER PRIMARY KEY, run_id TEXT UNIQUE)',
  );
  const insert = db.prepare('INSERT INTO temp.gone_runs VALUES (?, ?)');
  db.transaction(() => {
    for (const { runNo, runId } of runs) insert.run(runNo, runId);
  })();
}
