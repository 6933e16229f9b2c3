import type { Statement } from 'better-sqlite3';
import type { Json } from '../../shared/json.ts';
import { sha256Hex } from '../crypto/index.ts';
import { BLOB_THRESHOLD_BYTES } from './blobs.ts';
import type { Connection } from './database.ts';

/** Rows beyond these go, the oldest first. */
const MAX_ROWS = 1_000;

interface CacheRow {
  made_at: number;
  value: string;
  sum: string;
}

/** An output that was kept, and when it was made, UTC ms. */
export interface KeptOutput {
  readonly output: Json;
  readonly madeAt: number;
}

/**
 * Outputs of steps with `cache` by a key that stands for all that they depend on (SPEC §1.5). Bounded by number, size and age. It never
 * fails: what cannot be read or written is not kept.
 */
export class OutputCache {
  readonly #find: Statement;
  readonly #keep: Statement;
  readonly #trim: Statement;

  constructor(db: Connection) {
    this.#find = db.prepare(
      'SELECT made_at, value, sum FROM kept_outputs WHERE key = ? AND made_at >= ? AND until > ?',
    );
    this.#keep = db.prepare(`INSERT OR REPLACE INTO kept_outputs(key, run_no, made_at, until, value, sum)
      SELECT ?, run_no, ?, ?, ?, ? FROM runs WHERE run_id = ?`);
    this.#trim = db.prepare(`DELETE FROM kept_outputs WHERE until <= ? OR key IN (
      SELECT key FROM kept_outputs ORDER BY made_at DESC LIMIT -1 OFFSET ${MAX_ROWS})`);
  }

  /** What was kept under the key for at most `maxAgeMs`; null = nothing, or it is damaged. */
  find(key: string, { now, maxAgeMs }: { readonly now: number; readonly maxAgeMs: number }): KeptOutput | null {
    try {
      const row = this.#find.get(key, now - maxAgeMs, now) as CacheRow | undefined;
      if (row === undefined || sha256Hex(row.value) !== row.sum) return null;
      return { output: JSON.parse(row.value) as Json, madeAt: row.made_at };
    } catch {
      return null;
    }
  }

  /** Keeps an output of the run until then, UTC ms; large ones are not kept. */
  keep(key: string, output: Json, made: { readonly runId: string; readonly at: number; readonly until: number }): void {
    const value = JSON.stringify(output);
    if (Buffer.byteLength(value) > BLOB_THRESHOLD_BYTES) return;
    try {
      this.#keep.run(key, made.at, made.until, value, sha256Hex(value), made.runId);
      this.#trim.run(made.at);
    } catch {
      // A full disk or a busy store: the step is done anew the next time.
    }
  }
}
