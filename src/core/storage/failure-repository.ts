import type { Statement } from 'better-sqlite3';
import type { ErrorRecord } from '../../shared/errors.ts';
import { failureCause } from '../../shared/failure-cause.ts';
import { sha256Hex } from '../crypto/index.ts';
import type { Connection } from './database.ts';

/** What runs of one cause share: a hash of what made them fail, without what is another in each of them. */
export const fingerprintOf = (error: Pick<ErrorRecord, 'code' | 'message'> | null): string =>
  sha256Hex(failureCause(error)).slice(0, 32);

/** A failed run that nobody has dealt with. */
export interface OpenFailure {
  readonly runNo: number;
  readonly fingerprint: string;
}

/** SQL: which schedule made a run; its start key ends with the instant that was planned (SPEC §3.1), `:` and 24 characters. */
const jobOf = (run: string): string => `substr(${run}.start_key, 1, length(${run}.start_key) - 25)`;

/**
 * Dealt with is: begun again since, by a retry or a replay that did the work; taken note of; and, for what a schedule started, a later start of the same
 * schedule that came through. What a run of its own was started for fails with it: only that one counts.
 */
const OPEN = `SELECT f.run_no AS runNo, f.fingerprint FROM failures f JOIN runs r ON r.run_no = f.run_no
  LEFT JOIN acknowledged_failures a ON a.fingerprint = f.fingerprint
  WHERE f.at >= ? AND r.status = 'failed' AND r.trigger <> 'replay' AND r.parent_run_id IS NULL AND (a.until IS NULL OR f.at > a.until)
    AND NOT EXISTS (SELECT 1 FROM runs n WHERE n.linked_run_id = r.run_id AND n.trigger <> 'replay')
    AND NOT (r.start_key LIKE 'schedule:%' AND EXISTS (SELECT 1 FROM runs s WHERE s.workflow_id = r.workflow_id
      AND s.created_at > r.created_at AND s.status = 'completed' AND ${jobOf('s')} = ${jobOf('r')}))
  ORDER BY f.at DESC, f.run_no DESC LIMIT ?`;

/** Failures by their causes. */
export class FailureRepository {
  readonly #open: Statement;
  readonly #acknowledge: Statement;
  readonly #reopen: Statement;
  readonly #newest: Statement;

  constructor(db: Connection) {
    this.#open = db.prepare(OPEN);
    this.#newest = db.prepare('SELECT max(at) FROM failures WHERE fingerprint = ? AND at <= ?').pluck();
    this.#acknowledge = db.prepare(
      `INSERT INTO acknowledged_failures(fingerprint, until, at, by) VALUES (?, ?, ?, ?)
       ON CONFLICT(fingerprint) DO UPDATE SET until = max(until, excluded.until), at = excluded.at, by = excluded.by`,
    );
    this.#reopen = db.prepare('DELETE FROM acknowledged_failures WHERE fingerprint = ?');
  }

  /** Those since `since` (UTC ms), newest first, at most `limit`. */
  open(since: number, limit: number): readonly OpenFailure[] {
    return this.#open.all(since, limit) as OpenFailure[];
  }

  /** Takes note of all failures of a cause up to `until`; false = there is none. A later one stands open again. */
  acknowledge(
    fingerprint: string,
    { until, at, by }: { readonly until: number; readonly at: number; readonly by: string },
  ): boolean {
    if (this.#newest.get(fingerprint, until) === null) return false;
    this.#acknowledge.run(fingerprint, until, at, by);
    return true;
  }

  /** Takes the note back; false = there was none. */
  reopen(fingerprint: string): boolean {
    return this.#reopen.run(fingerprint).changes > 0;
  }
}
