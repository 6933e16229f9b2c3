import type { Statement } from 'better-sqlite3';
import type { BreakerState } from '../../shared/model/agent.ts';
import { damaged } from './damage.ts';
import type { Connection } from './database.ts';

/** A breaker as it is stored (SPEC §3.5); `openedAt` in UTC ms, null = closed. */
export interface StoredBreaker {
  readonly state: BreakerState;
  readonly failures: number;
  readonly openedAt: number | null;
  readonly calls: number;
  readonly successes: number;
}

interface BreakerRow {
  state: string;
  failures: number;
  opened_at: number | null;
  calls: number;
  successes: number;
}

const STATES: readonly BreakerState[] = ['closed', 'open', 'half_open'];

/** Breakers by kind (`agent`, `workflow`, `tool`) and name. */
export class BreakerRepository {
  readonly #find: Statement;
  readonly #save: Statement;

  constructor(db: Connection) {
    this.#find = db.prepare('SELECT * FROM breakers WHERE kind = ? AND name = ?');
    this.#save = db.prepare(
      'INSERT OR REPLACE INTO breakers(kind, name, state, failures, opened_at, calls, successes) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
  }

  /** The breaker as it was saved last; null = it never was. `store.corrupt` for a state that is none. */
  load(kind: string, name: string): StoredBreaker | null {
    const row = this.#find.get(kind, name) as BreakerRow | undefined;
    if (row === undefined) return null;
    const state = STATES.find((one) => one === row.state);
    if (state === undefined)
      throw damaged('What is stored of an agent that calls are held back from is damaged and cannot be read.');
    return { state, failures: row.failures, openedAt: row.opened_at, calls: row.calls, successes: row.successes };
  }

  save(kind: string, name: string, breaker: StoredBreaker): void {
    const { state, failures, openedAt, calls, successes } = breaker;
    this.#save.run(kind, name, state, failures, openedAt, calls, successes);
  }
}
