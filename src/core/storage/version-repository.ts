import type { Statement } from 'better-sqlite3';
import type { Connection } from './database.ts';

/** A version of a workflow that was started at least once; its whole folder stands in `state/archives/<hash>`. */
export interface StoredVersion {
  readonly hash: string;
  readonly workflowId: string;
  readonly label: string;
  readonly source: string;
  /** File name of the workflow inside the archive. */
  readonly sourceName: string;
  readonly firstSeenAt: number;
}

interface VersionRow {
  hash: string;
  workflow_id: string;
  label: string;
  source: string;
  source_name: string;
  first_seen_at: number;
}

/** Started versions by content hash (SPEC §6.5). */
export class VersionRepository {
  readonly #insert: Statement;
  readonly #find: Statement;
  readonly #list: Statement;

  constructor(db: Connection) {
    this.#insert = db.prepare('INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?, ?)');
    this.#find = db.prepare('SELECT * FROM versions WHERE hash = ?');
    // Runs are counted once for all versions: a count for each would read the table again for each.
    this.#list = db.prepare(`SELECT v.*, coalesce(n.runs, 0) AS runs FROM versions v
      LEFT JOIN (SELECT version_hash, count(*) AS runs FROM runs WHERE workflow_id = @id GROUP BY version_hash) n
      ON n.version_hash = v.hash WHERE v.workflow_id = @id ORDER BY v.first_seen_at DESC LIMIT 200`);
  }

  /** Remembers a version; one that is known stays as it is. */
  save(version: StoredVersion): void {
    this.#insert.run(
      version.hash,
      version.workflowId,
      version.label,
      version.source,
      version.sourceName,
      version.firstSeenAt,
    );
  }

  /** The version of a content hash, or null when it was never started here. */
  find(hash: string): StoredVersion | null {
    const row = this.#find.get(hash) as VersionRow | undefined;
    return row === undefined ? null : toVersion(row);
  }

  /** The versions of a workflow with their number of runs, newest first, at most 200. */
  list(workflowId: string): readonly (StoredVersion & { readonly runs: number })[] {
    const rows = this.#list.all({ id: workflowId }) as (VersionRow & { runs: number })[];
    return rows.map((row) => ({ ...toVersion(row), runs: row.runs }));
  }
}

const toVersion = (row: VersionRow): StoredVersion => ({
  hash: row.hash,
  workflowId: row.workflow_id,
  label: row.label,
  source: row.source,
  sourceName: row.source_name,
  firstSeenAt: row.first_seen_at,
});
