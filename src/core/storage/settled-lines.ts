import type { Statement } from 'better-sqlite3';
import type { LogLine } from '../../shared/model/run.ts';
import { type Connection, holdsText } from './database.ts';
import { checkedLine, type LineRow } from './log-rows.ts';

const OF_RUN = `SELECT line, at, path, stream, level, text, sum FROM lines
  WHERE log_no = (SELECT log_no FROM logs WHERE run_id = @runId) AND line > @after AND line <= @to`;

/** Reads log lines that are written for good, over any connection to the file of logs. */
export class SettledLines {
  readonly #db: Connection;
  readonly #read: Statement;

  constructor(db: Connection) {
    this.#db = db;
    this.#read = db.prepare(`${OF_RUN} ORDER BY line`);
  }

  /** Lines of a run behind a number, in order. `store.corrupt` where one is not what was written. */
  read(runId: string, after: number, count: number): readonly LogLine[] {
    return (this.#read.all({ runId, after, to: after + count }) as LineRow[]).map(checkedLine);
  }

  /** Those of them that hold a text, in any case. `store.corrupt` as above. */
  holding(asked: { runId: string; text: string; after: number; to: number; limit: number }): readonly LogLine[] {
    const { text, ...span } = asked;
    const { sql, pattern } = holdsText('text', text);
    const statement = this.#db.prepare(`${OF_RUN} AND ${sql.replace('?', '@pattern')} ORDER BY line LIMIT @limit`);
    return (statement.all({ ...span, pattern }) as LineRow[]).map(checkedLine);
  }
}
