import { crc32 } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';
import type { JournalEvent, ProjectEvent, RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { BlobStore } from './blobs.ts';
import { damaged, parseStored } from './damage.ts';
import { type Connection, translateStoreError } from './database.ts';
import { decodeEvent, EVENT_VERSION, encodeEvent } from './event-codec.ts';
import { failpoint } from './failpoint.ts';
import type { HeightFile } from './height-file.ts';
import { type ProjectionStatements, prepareStatements, writeProjections } from './projections.ts';
import type { EventTrace, RunCommit } from './rows.ts';

interface Waiting {
  readonly stream: string;
  /** Position of its newest event. */
  readonly position: number;
  readonly write: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface JournalRow {
  readonly position: number;
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly v: number;
  readonly at: number;
  readonly actor: string;
  readonly data: string;
  /** Null in rows of the first schema. */
  readonly sum: number | null;
}

const sumOf = (row: Omit<JournalRow, 'sum'>): number =>
  crc32([row.position, row.stream, row.seq, row.type, row.v, row.at, row.actor, row.data].join('\0'));

const RETRY_MS = 500;

/**
 * The journal: the truth of every run. Invariants:
 * 1. A commit is one SQLite transaction with its events and their projections, or nothing.
 * 2. `append` resolves only after the commit is durable; commits that are asked for in the same turn share one transaction.
 * 3. Positions and run numbers are given here, in order; there is one writer per project (the lease), so none is given twice; nor
 *    after a deletion and a restart: `heights` remembers.
 * 4. When the disk is full or the store busy, waiting commits stay in order and are tried again: nothing is lost, nothing
 *    overtakes. `stalledBy` says why for the screens and for starts, which are refused meanwhile.
 * 5. A commit that cannot be written for another reason is refused alone: what shared its transaction is written without it, but
 *    for later commits of its own stream, which would leave a gap.
 */
export class Journal {
  readonly #db: Connection;
  readonly #blobs: BlobStore;
  readonly #height: HeightFile;
  readonly #statements: ProjectionStatements;
  readonly #actors = new WeakMap<Actor, string>();
  #durable: number;
  #nextPosition: number;
  #nextRunNo: number;
  #projectSeq: number;
  #waiting: Waiting[] = [];
  #scheduled = false;
  #stalledBy: AppError | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(db: Connection, blobs: BlobStore, height: HeightFile) {
    this.#db = db;
    this.#blobs = blobs;
    this.#height = height;
    this.#statements = prepareStatements(db);
    this.#durable = maximum(db, HEIGHT);
    this.#nextPosition = this.#durable + 1;
    this.#nextRunNo = maximum(db, RUN_NUMBERS) + 1;
    this.#projectSeq = maximum(db, "SELECT max(seq) FROM journal WHERE stream = 'project'");
  }

  /** The position of the newest event that was handed out. */
  get position(): number {
    return this.#nextPosition - 1;
  }

  /** The highest position that is durable: what begins now begins after it. */
  get durablePosition(): number {
    return this.#durable;
  }

  /** Gives no position up to this one again: the events that had them are lost. */
  skipTo(position: number): void {
    keepHeight(this.#db, position);
    this.#durable = position;
    this.#nextPosition = position + 1;
  }

  /** Why commits wait at this moment; null = they do not. */
  get stalledBy(): AppError | null {
    return this.#stalledBy;
  }

  /** The position of the next event; whoever takes it appends in the order of taking. */
  takePosition(): number {
    return this.#nextPosition++;
  }

  /** The short key of a new run. */
  takeRunNo(): number {
    return this.#nextRunNo++;
  }

  /** Makes the commit durable; see invariants. Rejects with `store.corrupt` and the like, never for a full or busy disk. */
  append(commit: RunCommit): Promise<void> {
    return this.#enqueue(commit.events, () => {
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
    return this.#enqueue([stored], () => this.#insert(stored));
  }

  /** Events of a run in order, from the one after `afterSeq` on. `limit` -1 = all. `store.corrupt` when a row is damaged. */
  readRun(runId: string, afterSeq = 0, limit = -1): StoredEvent<RunEvent>[] {
    try {
      const rows = this.#statements.readStream.all(`run:${runId}`, afterSeq, limit) as JournalRow[];
      return rows.map((row) => this.#toStored(row));
    } catch (error) {
      throw translateStoreError(error);
    }
  }

  /** The newest events of a run, newest first, without their values. `store.corrupt` when a row is damaged. */
  readTraces(runId: string): readonly EventTrace[] {
    try {
      const rows = this.#statements.readTraces.all(`run:${runId}`) as (Omit<
        EventTrace,
        'isByPerson' | 'isCall' | 'isSuspect'
      > &
        Record<'isByPerson' | 'isCall' | 'isSuspect', number>)[];
      return rows.map((row) => ({
        ...row,
        isByPerson: row.isByPerson === 1,
        isCall: row.isCall === 1,
        isSuspect: row.isSuspect === 1,
      }));
    } catch (error) {
      throw damaged('An event of this run is damaged.', error);
    }
  }

  /** Gives up the commits that wait for room; whoever awaits them hears `engine.stopped`. */
  close(): void {
    this.#isClosed = true;
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    const given = this.#waiting;
    this.#waiting = [];
    for (const one of given) one.reject(closed());
  }

  /** How many events a run has. */
  countRun(runId: string): number {
    return (this.#statements.countStream.get(`run:${runId}`) as { n: number }).n;
  }

  #insert({ position, stream, seq, v, at, actor, event }: StoredEvent<JournalEvent>): void {
    const { type } = event;
    const { data, blobs } = encodeEvent(event, this.#blobs);
    const row = { position, stream, seq, type, v, at, actor: this.#actorJson(actor), data };
    this.#statements.insertEvent.run(position, stream, seq, type, v, at, row.actor, row.data, sumOf(row));
    for (const hash of blobs) this.#statements.insertBlobUse.run(position, hash);
  }

  #toStored(row: JournalRow): StoredEvent<RunEvent> {
    if (row.sum !== null && row.sum !== sumOf(row)) throw damaged('An event of this run is damaged.');
    const { position, stream, seq, v, at } = row;
    const actor = parseStored(row.actor) as Actor;
    return { position, stream, seq, v, at, actor, event: decodeEvent(row.data, this.#blobs) as RunEvent };
  }

  #actorJson(actor: Actor): string {
    let text = this.#actors.get(actor);
    if (text === undefined) {
      text = JSON.stringify(actor);
      this.#actors.set(actor, text);
    }
    return text;
  }

  #enqueue(events: readonly StoredEvent<JournalEvent>[], write: () => void): Promise<void> {
    if (this.#isClosed) return Promise.reject(closed());
    const stream = events[0]?.stream ?? '';
    const position = events.at(-1)?.position ?? 0;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stream, position, write, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    if (this.#isClosed) return;
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
      for (const one of batch) this.#durable = Math.max(this.#durable, one.position);
      this.#height.note(this.#durable);
    } catch (error) {
      if (this.#db.inTransaction) this.#statements.rollback.run();
      throw error;
    }
  }

  #handleFailure(batch: Waiting[], error: unknown): void {
    if (error instanceof AppError && error.retryable) this.#stall(batch, error);
    else if (batch.length === 1) batch[0]?.reject(error);
    else this.#commitOneByOne(batch);
  }

  #stall(batch: Waiting[], reason: AppError): void {
    this.#stalledBy = reason;
    this.#waiting = [...batch, ...this.#waiting];
    this.#scheduled = true;
    this.#retryTimer = setTimeout(() => this.#flush(), RETRY_MS);
  }

  /** Finds out which commit of a batch cannot be written (invariant 5). */
  #commitOneByOne(batch: readonly Waiting[]): void {
    const refused = new Map<string, unknown>();
    for (const [index, one] of batch.entries()) {
      const before = refused.get(one.stream);
      try {
        if (before !== undefined) throw before;
        this.#commit([one]);
        one.resolve();
      } catch (thrown) {
        const error = translateStoreError(thrown);
        if (before === undefined && error instanceof AppError && error.retryable) {
          this.#stall(batch.slice(index), error);
          return;
        }
        refused.set(one.stream, error);
        one.reject(error);
      }
    }
  }
}

const closed = (): AppError => new AppError('engine.stopped', 'The store is closed: nothing more is written.');

/** The highest position that was ever given, also when its event is gone with its run. */
const HEIGHT = `SELECT max(position) FROM (SELECT max(position) AS position FROM journal
  UNION ALL SELECT value FROM heights WHERE name = 'journal')`;

/** Notes a height in the store itself, for when the events that reach it go; inside the transaction that takes them, if there is one. */
export function keepHeight(db: Connection, position?: number): void {
  const value = position ?? maximum(db, HEIGHT);
  db.prepare(
    "INSERT INTO heights VALUES ('journal', ?) ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)",
  ).run(value);
}

/** The highest number that a run ever had, also when it is gone. */
const RUN_NUMBERS = `SELECT max(run_no) FROM (SELECT max(run_no) AS run_no FROM runs
  UNION ALL SELECT value FROM heights WHERE name = 'run_no')`;

const maximum = (db: Connection, sql: string): number => (db.prepare(sql).pluck().get() as number | null) ?? 0;
