import type { Statement } from 'better-sqlite3';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { BlobStore } from './blobs.ts';
import { type Connection, translateStoreError } from './database.ts';
import { type JournalRow, JournalRows } from './journal-rows.ts';

/** SQL: the number of a run's stream in the journal. */
export const STREAM_OF_RUN = 'stream = (SELECT run_no FROM runs WHERE run_id = ?)';

/** SQL: rows of a run from an event on, in order. */
export const READ_STREAM = `SELECT position, seq, type, v, at, actor, data, sum FROM journal
    WHERE ${STREAM_OF_RUN} AND seq > ? ORDER BY seq LIMIT ?`;

/** Reads the committed events of single runs, over any connection to the store. */
export class RunEvents {
  readonly #rows: JournalRows;
  readonly #read: Statement;

  constructor(db: Connection, blobs: BlobStore) {
    this.#rows = new JournalRows(blobs);
    this.#read = db.prepare(READ_STREAM);
  }

  /** Events of a run in order, from the one after `afterSeq` on. `limit` -1 = all. `store.corrupt` when a row is damaged. */
  read(runId: string, afterSeq: number, limit: number): StoredEvent<RunEvent>[] {
    try {
      const rows = this.#read.all(runId, afterSeq, limit) as JournalRow[];
      const events = rows.flatMap((row) => this.#rows.readRow(`run:${runId}`, row)) as StoredEvent<RunEvent>[];
      const wanted = events.filter(({ seq }) => seq > afterSeq);
      return limit < 0 ? wanted : wanted.slice(0, limit);
    } catch (error) {
      throw translateStoreError(error);
    }
  }
}
