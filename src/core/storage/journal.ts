import { AppError } from '../../shared/errors.ts';
import type { JournalEvent, ProjectEvent, RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { BlobStore } from './blobs.ts';
import { type Connection, translateStoreError } from './database.ts';
import { decodeEvent, EVENT_VERSION, encodeEvent } from './event-codec.ts';
import { failpoint } from './failpoint.ts';
import { type ProjectionStatements, prepareStatements, writeProjections } from './projections.ts';
import type { RunCommit } from './rows.ts';

interface Waiting {
  readonly write: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface JournalRow {
  readonly position: number;
  readonly stream: string;
  readonly seq: number;
  readonly v: number;
  readonly at: number;
  readonly actor: string;
  readonly data: string;
}

const RETRY_MS = 500;

/**
 * The journal: the truth of every run. Invariants:
 * 1. A commit is one SQLite transaction with its events and their projections, or nothing.
 * 2. `append` resolves only after the commit is durable; commits that are asked for in the same turn share one transaction.
 * 3. Positions and run numbers are given here, in order; there is one writer per project (the lease), so none is given twice.
 * 4. When the disk is full or the store busy, waiting commits stay in order and are tried again: nothing is lost, nothing
 *    overtakes. `stalledBy` says why for the screens and for starts, which are refused meanwhile.
 */
export class Journal {
  readonly #db: Connection;
  readonly #blobs: BlobStore;
  readonly #statements: ProjectionStatements;
  readonly #actors = new WeakMap<Actor, string>();
  #nextPosition: number;
  #nextRunNo: number;
  #projectSeq: number;
  #waiting: Waiting[] = [];
  #scheduled = false;
  #stalledBy: AppError | null = null;

  constructor(db: Connection, blobs: BlobStore) {
    this.#db = db;
    this.#blobs = blobs;
    this.#statements = prepareStatements(db);
    this.#nextPosition = maximum(db, 'SELECT max(position) FROM journal') + 1;
    this.#nextRunNo = maximum(db, 'SELECT max(run_no) FROM runs') + 1;
    this.#projectSeq = maximum(db, "SELECT max(seq) FROM journal WHERE stream = 'project'");
  }

  /** The position of the newest event that was handed out. */
  get position(): number {
    return this.#nextPosition - 1;
  }

  get stalledBy(): AppError | null {
    return this.#stalledBy;
  }

  takePosition(): number {
    return this.#nextPosition++;
  }

  takeRunNo(): number {
    return this.#nextRunNo++;
  }

  /** Makes the commit durable; see invariants. Rejects with `store.corrupt` and the like, never for a full or busy disk. */
  append(commit: RunCommit): Promise<void> {
    return this.#enqueue(() => {
      for (const stored of commit.events) this.#insert(stored);
      writeProjections(this.#statements, commit);
    });
  }

  /** Appends one event of the project's own stream. */
  appendProject(event: ProjectEvent, at: number, actor: Actor): Promise<void> {
    this.#projectSeq += 1;
    const stored = {
      position: this.takePosition(),
      stream: 'project',
      seq: this.#projectSeq,
      v: EVENT_VERSION,
      at,
      actor,
      event,
    };
    return this.#enqueue(() => this.#insert(stored));
  }

  /** Events of a run in order. `limit` -1 = all. */
  readRun(runId: string, afterSeq = 0, limit = -1): StoredEvent<RunEvent>[] {
    const rows = this.#statements.readStream.all(`run:${runId}`, afterSeq, limit) as JournalRow[];
    return rows.map((row) => ({
      position: row.position,
      stream: row.stream,
      seq: row.seq,
      v: row.v,
      at: row.at,
      actor: JSON.parse(row.actor) as Actor,
      event: decodeEvent(row.data, this.#blobs) as RunEvent,
    }));
  }

  countRun(runId: string): number {
    return (this.#statements.countStream.get(`run:${runId}`) as { n: number }).n;
  }

  #insert(stored: StoredEvent<JournalEvent>): void {
    this.#statements.insertEvent.run(
      stored.position,
      stored.stream,
      stored.seq,
      stored.event.type,
      stored.v,
      stored.at,
      this.#actorJson(stored.actor),
      encodeEvent(stored.event, this.#blobs),
    );
  }

  #actorJson(actor: Actor): string {
    let text = this.#actors.get(actor);
    if (text === undefined) {
      text = JSON.stringify(actor);
      this.#actors.set(actor, text);
    }
    return text;
  }

  #enqueue(write: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    try {
      this.#commit(batch);
      this.#stalledBy = null;
    } catch (error) {
      this.#handleFailure(batch, translateStoreError(error));
      return;
    }
    failpoint('journal.afterCommit');
    for (const one of batch) one.resolve();
  }

  #commit(batch: readonly Waiting[]): void {
    this.#statements.begin.run();
    try {
      for (const one of batch) one.write();
      failpoint('journal.beforeCommit');
      this.#statements.commit.run();
    } catch (error) {
      if (this.#db.inTransaction) this.#statements.rollback.run();
      throw error;
    }
  }

  #handleFailure(batch: Waiting[], error: unknown): void {
    if (error instanceof AppError && error.retryable) {
      this.#stalledBy = error;
      this.#waiting = [...batch, ...this.#waiting];
      this.#scheduled = true;
      setTimeout(() => this.#flush(), RETRY_MS);
      return;
    }
    for (const one of batch) one.reject(error);
  }
}

const maximum = (db: Connection, sql: string): number => (db.prepare(sql).pluck().get() as number | null) ?? 0;
