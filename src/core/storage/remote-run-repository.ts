import type { Statement } from 'better-sqlite3';
import type { Connection } from './database.ts';

/** What this project is to a run that is worked on elsewhere: its control center, or the one that works on it. */
export type RemoteRole = 'home' | 'worker';

/** `sent` = nobody has begun it; `open` = it goes on at the worker; `ended`; `taken` = somebody else goes on with it. */
export type RemoteState = 'sent' | 'open' | 'ended' | 'taken';

/** A run of a message whose control center and worker are two projects. */
export interface RemoteRun {
  readonly messageId: string;
  readonly runId: string;
  readonly role: RemoteRole;
  readonly state: RemoteState;
  readonly queue: string;
  /** Id of its control center. */
  readonly home: string;
  readonly worker: string | null;
  readonly workerName: string | null;
  /** Where the workflow stands at home, from the project. */
  readonly workflowPath: string | null;
  readonly versionHash: string;
  /** Newest event, line and entry that the server of the queue has confirmed to the worker. */
  readonly seq: number;
  readonly line: number;
  readonly entry: number;
  /** What stands up to this position of the journal was begun at a worker that was lost. */
  readonly lostAt: number;
  /** What went wrong with it, for people. */
  readonly note: string | null;
}

/** What is known of one from the beginning. */
export type NewRemoteRun = Pick<RemoteRun, 'messageId' | 'runId' | 'role' | 'state' | 'queue' | 'home'> &
  Pick<RemoteRun, 'workflowPath' | 'versionHash'>;

type Change = Partial<
  Pick<RemoteRun, 'state' | 'worker' | 'workerName' | 'seq' | 'line' | 'entry' | 'lostAt' | 'note'>
>;

const COLUMNS = `message_id AS messageId, run_id AS runId, role, state, queue, home, worker, worker_name AS workerName,
  workflow_path AS workflowPath, version_hash AS versionHash, seq, line, entry, lost_at AS lostAt, note`;

const FIELDS: Readonly<Record<keyof Change, string>> = {
  ...{ state: 'state', worker: 'worker', workerName: 'worker_name', seq: 'seq', line: 'line', entry: 'entry' },
  ...{ lostAt: 'lost_at', note: 'note' },
};

/** Runs of this project that go on elsewhere, and runs of others that go on here. */
export class RemoteRunRepository {
  readonly #db: Connection;
  readonly #byMessage: Statement;
  readonly #byRun: Statement;
  readonly #inState: Statement;
  readonly #insert: Statement;
  readonly #remove: Statement;
  readonly #holds: Statement;
  /** Runs that go on elsewhere and of which nothing is done here: asked for at every turn, so kept. */
  readonly #elsewhere: Set<string>;
  /** Runs of others that go on here. */
  readonly #served: Set<string>;

  constructor(db: Connection) {
    this.#db = db;
    this.#byMessage = db.prepare(`SELECT ${COLUMNS} FROM remote_runs WHERE message_id = ?`);
    this.#byRun = db.prepare(`SELECT ${COLUMNS} FROM remote_runs WHERE run_id = ?`);
    this.#inState = db.prepare(`SELECT ${COLUMNS} FROM remote_runs WHERE role = ? AND state = ? ORDER BY run_id`);
    this.#insert = db.prepare(`INSERT OR IGNORE INTO remote_runs(message_id, run_id, role, state, queue, home,
      workflow_path, version_hash) VALUES (@messageId, @runId, @role, @state, @queue, @home, @workflowPath, @versionHash)`);
    this.#remove = db.prepare('DELETE FROM remote_runs WHERE message_id = ?');
    this.#holds = db
      .prepare("SELECT 1 FROM remote_runs WHERE version_hash = ? AND state IN ('sent', 'open') LIMIT 1")
      .pluck();
    this.#served = new Set(this.list('worker', 'open').map(({ runId }) => runId));
    this.#elsewhere = new Set(
      [...this.list('home', 'open'), ...this.list('worker', 'taken')].map(({ runId }) => runId),
    );
  }

  /** Names this control center among all; `fresh` is what it is called from now on where it has no name yet. */
  homeId(fresh: () => string): string {
    const known = this.#db.prepare('SELECT id FROM remote_home').pluck().get() as string | undefined;
    if (known !== undefined) return known;
    const id = fresh();
    this.#db.prepare('INSERT INTO remote_home VALUES (?)').run(id);
    return id;
  }

  find(messageId: string): RemoteRun | null {
    return (this.#byMessage.get(messageId) as RemoteRun | undefined) ?? null;
  }

  ofRun(runId: string): RemoteRun | null {
    return (this.#byRun.get(runId) as RemoteRun | undefined) ?? null;
  }

  list(role: RemoteRole, state: RemoteState): readonly RemoteRun[] {
    return this.#inState.all(role, state) as RemoteRun[];
  }

  /** Whether a run goes on elsewhere: nobody here drives it, wakes it or takes it over. */
  isElsewhere(runId: string): boolean {
    return this.#elsewhere.has(runId);
  }

  /** Whether a run of another control center goes on here. */
  isServed(runId: string): boolean {
    return this.#served.has(runId);
  }

  /** Keeps a new one; one that is known stays as it is. */
  add(run: NewRemoteRun): void {
    this.#insert.run(run);
    this.#noteState(run);
  }

  change(messageId: string, change: Change): void {
    const names = Object.keys(change) as (keyof Change)[];
    this.#db
      .prepare(
        `UPDATE remote_runs SET ${names.map((name) => `${FIELDS[name]} = @${name}`).join(', ')} WHERE message_id = @id`,
      )
      .run({ ...change, id: messageId });
    const run = this.find(messageId);
    if (run !== null) this.#noteState(run);
  }

  remove(messageId: string): void {
    const run = this.find(messageId);
    if (run !== null) for (const known of [this.#elsewhere, this.#served]) known.delete(run.runId);
    this.#remove.run(messageId);
  }

  /** Whether a message that has not ended needs the version. */
  holds(versionHash: string): boolean {
    return this.#holds.get(versionHash) !== undefined;
  }

  #noteState({ runId, role, state }: Pick<RemoteRun, 'runId' | 'role' | 'state'>): void {
    if ((role === 'home' && state === 'open') || (role === 'worker' && state === 'taken')) this.#elsewhere.add(runId);
    else this.#elsewhere.delete(runId);
    if (role === 'worker' && state === 'open') this.#served.add(runId);
    else this.#served.delete(runId);
  }
}
