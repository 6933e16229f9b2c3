import type { Statement } from 'better-sqlite3';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { BlobStore } from './blobs.ts';
import { type Connection, translateStoreError } from './database.ts';
import { type JournalRow, JournalRows, readBareRow } from './journal-rows.ts';

/** An event of a run, for whoever reads the journal of all runs. */
export interface ReadEvent {
  readonly runId: string;
  readonly stored: StoredEvent<RunEvent>;
}

/**
 * Reads the committed events of all runs by their position, for readers that keep their own place in the journal (triggers, metrics).
 * Runs that work at the same time take positions in turns, so a lower one may become durable a little after a higher one: who must miss
 * nothing reads a stretch before its place again.
 */
export class EventReader {
  readonly #rows: JournalRows;
  readonly #read: Statement;
  readonly #all: Statement;
  readonly #runsAfter: Statement;

  constructor(db: Connection, blobs: BlobStore) {
    this.#rows = new JournalRows(blobs);
    this.#read = db.prepare(`SELECT j.position, j.seq, j.type, j.v, j.at, j.actor, j.data, j.sum, r.run_id AS runId
      FROM journal j JOIN runs r ON r.run_no = j.stream
      WHERE j.position > @after AND (j.type IN (SELECT value FROM json_each(@types)) OR (substr(j.data, 1, 1) = '['
        AND EXISTS (SELECT 1 FROM json_each(@types) WHERE instr(j.data, '"' || value || '"') > 0)))
      ORDER BY j.position LIMIT @limit`);
    this.#runsAfter = db
      .prepare('SELECT DISTINCT r.run_id FROM journal j JOIN runs r ON r.run_no = j.stream WHERE j.position > ?')
      .pluck();
    this.#all = db.prepare(`SELECT j.position, j.seq, j.type, j.v, j.at, j.actor, j.data, j.sum, r.run_id AS runId
      FROM journal j JOIN runs r ON r.run_no = j.stream`);
  }

  /** Holds every event of all runs against what was written. Errors: `store.corrupt` for the first one that is damaged. */
  checkAll(): void {
    try {
      for (const { runId, ...row } of this.#all.iterate() as Iterable<JournalRow & { runId: string }>)
        readBareRow(`run:${runId}`, row);
    } catch (error) {
      throw translateStoreError(error);
    }
  }

  /** The runs to which something was committed after a position. */
  runsAfter(position: number): readonly string[] {
    return this.#runsAfter.all(position) as string[];
  }

  /** Events of the types after a position, oldest first; about `limit` of them. Errors: `store.corrupt` for a damaged row. */
  read(
    after: number,
    { types, limit }: { readonly types: readonly RunEvent['type'][]; readonly limit: number },
  ): readonly ReadEvent[] {
    try {
      const rows = this.#read.all({ after, types: JSON.stringify(types), limit }) as (JournalRow & { runId: string })[];
      return rows.flatMap(({ runId, ...row }) =>
        (this.#rows.readRow(`run:${runId}`, row) as StoredEvent<RunEvent>[])
          .filter(({ event, position }) => types.includes(event.type) && position > after)
          .map((stored) => ({ runId, stored })),
      );
    } catch (error) {
      throw translateStoreError(error);
    }
  }
}
