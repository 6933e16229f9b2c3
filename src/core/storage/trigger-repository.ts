import type { Statement } from 'better-sqlite3';
import type { TriggerKind } from '../../shared/model/trigger.ts';
import type { Connection } from './database.ts';

/** A pause by a person or by a guard; instants are UTC ms. */
export interface StoredPause {
  readonly at: number;
  /** It ends by itself then; null = only a person ends it. */
  readonly until: number | null;
  readonly by: string;
  readonly reason: string;
}

/** What the project remembers of a trigger beside its definition. Instants are UTC ms. */
export interface StoredTrigger {
  readonly triggerNo: number;
  readonly key: string;
  readonly kind: TriggerKind;
  readonly workflowId: string;
  /** When it was first seen: where the grid of `@every` begins. */
  readonly createdAt: number;
  /** Of a schedule: every planned instant up to here has its row; null = it was never armed. */
  readonly plannedUntil: number | null;
  /** Switched off by a person, whatever its definition says. */
  readonly isOff: boolean;
  readonly pause: StoredPause | null;
  /** What whoever watches or listens for it has to say; null = nothing. */
  readonly notice: string | null;
  /** How often in a row a start of it failed. */
  readonly failures: number;
  readonly runCount: number;
  readonly lastRunId: string | null;
  readonly lastStartedAt: number | null;
}

interface TriggerRow {
  trigger_no: number;
  key: string;
  kind: TriggerKind;
  workflow_id: string;
  created_at: number;
  planned_until: number | null;
  is_off: number;
  pause: string | null;
  notice: string | null;
  failures: number;
  run_count: number;
  last_run_id: string | null;
  last_started_at: number | null;
}

/** What may be changed of a stored trigger. */
export type TriggerChange = Partial<Pick<StoredTrigger, 'plannedUntil' | 'isOff' | 'pause' | 'notice' | 'failures'>>;

/** State of triggers, of the switches of workflows and of the one pause of all; cursors of whoever reads the journal. */
export class TriggerRepository {
  readonly #insert: Statement;
  readonly #find: Statement;
  readonly #list: Statement;
  readonly #update: Statement;
  readonly #noteStart: Statement;
  readonly #switch: Statement;
  readonly #switchedOff: Statement;
  readonly #pause: Statement;
  readonly #unpause: Statement;
  readonly #findPause: Statement;
  readonly #endPause: Statement;
  readonly #cursor: Statement;
  readonly #moveCursor: Statement;

  constructor(db: Connection) {
    this.#insert = db.prepare('INSERT OR IGNORE INTO triggers(key, kind, workflow_id, created_at) VALUES (?, ?, ?, ?)');
    this.#find = db.prepare('SELECT * FROM triggers WHERE key = ?');
    this.#list = db.prepare('SELECT * FROM triggers ORDER BY key');
    this.#update = db.prepare(
      'UPDATE triggers SET planned_until = ?, is_off = ?, pause = ?, notice = ?, failures = ? WHERE key = ?',
    );
    this.#noteStart = db.prepare(
      'UPDATE triggers SET run_count = run_count + 1, last_run_id = ?, last_started_at = ?, failures = 0 WHERE key = ?',
    );
    this.#switch = db.prepare(
      'INSERT OR REPLACE INTO workflow_switches(workflow_id, is_off, by, at) VALUES (?, ?, ?, ?)',
    );
    this.#switchedOff = db.prepare('SELECT workflow_id FROM workflow_switches WHERE is_off = 1').pluck();
    this.#pause = db.prepare('INSERT OR REPLACE INTO pauses(name, at, until, by, reason) VALUES (?, ?, ?, ?, ?)');
    this.#unpause = db.prepare('DELETE FROM pauses WHERE name = ?');
    this.#findPause = db.prepare('SELECT at, until, by, reason FROM pauses WHERE name = ?');
    this.#endPause = db.prepare('DELETE FROM pauses WHERE name = ? AND until <= ?');
    this.#cursor = db.prepare('SELECT position FROM cursors WHERE name = ?').pluck();
    this.#moveCursor = db.prepare('INSERT OR REPLACE INTO cursors(name, position) VALUES (?, ?)');
  }

  /** The stored trigger of the key, made when it is new. */
  ensure(trigger: Pick<StoredTrigger, 'key' | 'kind' | 'workflowId'>, now: number): StoredTrigger {
    const known = this.find(trigger.key);
    if (known !== null) return known;
    this.#insert.run(trigger.key, trigger.kind, trigger.workflowId, now);
    return this.find(trigger.key) as StoredTrigger;
  }

  /** Null for a key that was never seen. */
  find(key: string): StoredTrigger | null {
    const row = this.#find.get(key) as TriggerRow | undefined;
    return row === undefined ? null : toTrigger(row);
  }

  /** All that were ever seen, also those whose definition is gone. */
  list(): readonly StoredTrigger[] {
    return (this.#list.all() as TriggerRow[]).map(toTrigger);
  }

  /** Changes what is given; a key that is not stored changes nothing. */
  change(key: string, change: TriggerChange): void {
    const known = this.find(key);
    if (known === null) return;
    const next = { ...known, ...change };
    const pause = next.pause === null ? null : JSON.stringify(next.pause);
    this.#update.run(next.plannedUntil, next.isOff ? 1 : 0, pause, next.notice, next.failures, key);
  }

  /** A run of it was started; failures in a row are over. `at` in UTC ms. */
  noteStart(key: string, runId: string, at: number): void {
    this.#noteStart.run(runId, at, key);
  }

  /** Ids of the workflows of which no trigger may start anything. */
  switchedOff(): ReadonlySet<string> {
    return new Set(this.#switchedOff.all() as string[]);
  }

  switchWorkflow(
    workflowId: string,
    { isOff, by, at }: { readonly isOff: boolean; readonly by: string; readonly at: number },
  ): void {
    this.#switch.run(workflowId, isOff ? 1 : 0, by, at);
  }

  /** The pause of all triggers; their own flags stay as they are. */
  pauseOfAll(): StoredPause | null {
    return (this.#findPause.get('all') as StoredPause | undefined) ?? null;
  }

  pauseAll({ at, until, by, reason }: StoredPause): void {
    this.#pause.run('all', at, until, by, reason);
  }

  /** Takes off what has ended by `now`, UTC ms; true = the pause of all was one of them. The caller puts it in a transaction. */
  endPauses(now: number): { readonly all: boolean; readonly keys: readonly string[] } {
    const keys = this.list().flatMap(({ key, pause }) => (pause?.until != null && pause.until <= now ? [key] : []));
    for (const key of keys) this.change(key, { pause: null });
    return { all: this.#endPause.run('all', now).changes > 0, keys };
  }

  resumeAll(): void {
    this.#unpause.run('all');
  }

  /** Up to which position of the journal a reader has read; null = it never read. */
  cursor(name: string): number | null {
    return (this.#cursor.get(name) as number | undefined) ?? null;
  }

  moveCursor(name: string, position: number): void {
    this.#moveCursor.run(name, position);
  }
}

const toTrigger = (row: TriggerRow): StoredTrigger => ({
  triggerNo: row.trigger_no,
  key: row.key,
  kind: row.kind,
  workflowId: row.workflow_id,
  createdAt: row.created_at,
  plannedUntil: row.planned_until,
  isOff: row.is_off === 1,
  // One that was stored before pauses had an end has none.
  pause: row.pause === null ? null : { until: null, ...(JSON.parse(row.pause) as Omit<StoredPause, 'until'>) },
  notice: row.notice,
  failures: row.failures,
  runCount: row.run_count,
  lastRunId: row.last_run_id,
  lastStartedAt: row.last_started_at,
});
