import type { Statement } from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import type { JournalEvent, ProjectEvent, RunEvent, StepStarted, StoredEvent } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { AuditWriter } from './audit/audit-writer.ts';
import type { BlobStore } from './blobs.ts';
import { damaged } from './damage.ts';
import { type Connection, translateStoreError } from './database.ts';
import { EVENT_VERSION } from './event-codec.ts';
import { failpoint } from './failpoint.ts';
import type { HeightFile } from './height-file.ts';
import { type JournalRow, JournalRows } from './journal-rows.ts';
import { type ProjectionStatements, prepareStatements, writeProjections } from './projections.ts';
import type { EventTrace, RunCommit } from './rows.ts';
import { READ_STREAM, RunEvents, STREAM_OF_RUN } from './run-events.ts';

interface Waiting {
  readonly stream: string;
  /** Position of its newest event. */
  readonly position: number;
  readonly write: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface JournalReads {
  readonly readStream: Statement;
  /** Rows of a run that hold a text, newest first. */
  readonly readHolding: Statement;
  /** Whether an event of the project itself holds a text. */
  readonly projectHolding: Statement;
  readonly lastSeq: Statement;
  /** What of a run's events says how it fared, newest first; nothing of their values. */
  readonly readTraces: Statement;
}

/** The stream of the project itself; that of a run has the run's number. */
const PROJECT_STREAM = 0;

const prepareReads = (db: Connection): JournalReads => ({
  readStream: db.prepare(READ_STREAM),
  readHolding: db.prepare(`SELECT position, seq, type, v, at, actor, data, sum FROM journal
    WHERE ${STREAM_OF_RUN} AND instr(data, ?) > 0 ORDER BY seq DESC`),
  projectHolding: db
    .prepare(`SELECT 1 FROM journal WHERE stream = ${PROJECT_STREAM} AND instr(data, ?) > 0 LIMIT 1`)
    .pluck(),
  lastSeq: db.prepare(`SELECT max(seq) FROM journal WHERE ${STREAM_OF_RUN}`).pluck(),
  readTraces: db.prepare(`SELECT e.value ->> '$.type' AS type, j.actor ->> '$.kind' = 'user' AS isByPerson,
    e.value ->> '$.path' AS path, coalesce(e.value ->> '$.role', '') = 'call' AS isCall,
    coalesce(e.value ->> '$.suspect', 0) AS isSuspect
    FROM journal j, json_each(iif(j.data LIKE '[%', j.data, json_array(json(j.data)))) e
    WHERE ${STREAM_OF_RUN} ORDER BY j.seq DESC, e.key DESC LIMIT 10000`),
});

const RETRY_MS = 500;

/** Transactions that follow each other before everything else in the process has its turn. */
const MOST_IN_A_TURN = 4;

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
  readonly #rows: JournalRows;
  readonly #height: HeightFile;
  readonly #statements: ProjectionStatements;
  readonly #reads: JournalReads;
  readonly #events: RunEvents;
  #durable: number;
  #nextPosition: number;
  #nextRunNo: number;
  #projectSeq: number;
  #waiting: Waiting[] = [];
  #scheduled = false;
  #stalledBy: AppError | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(
    db: Connection,
    parts: { readonly blobs: BlobStore; readonly height: HeightFile; readonly audit: AuditWriter },
  ) {
    const { blobs, height, audit } = parts;
    this.#db = db;
    this.#rows = new JournalRows(blobs);
    this.#height = height;
    this.#statements = prepareStatements(db, audit);
    this.#reads = prepareReads(db);
    this.#events = new RunEvents(db, blobs);
    this.#durable = maximum(db, HEIGHT);
    this.#nextPosition = this.#durable + 1;
    this.#nextRunNo = maximum(db, RUN_NUMBERS) + 1;
    this.#projectSeq = maximum(db, `SELECT max(seq) FROM journal WHERE stream = ${PROJECT_STREAM}`);
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
    this.#db.prepare("UPDATE heights SET value = max(value, ?) WHERE name = 'journal'").run(position);
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
      this.#insert(commit.runNo, commit.events);
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
    return this.#enqueue([stored], () => this.#insert(PROJECT_STREAM, [stored]));
  }

  /** Whether a change of the library has its event already. */
  hasProjectChange(change: string): boolean {
    return this.#reads.projectHolding.get(`"change":${JSON.stringify(change)}`) !== undefined;
  }

  /** Events of a run in order, from the one after `afterSeq` on. `limit` -1 = all. `store.corrupt` when a row is damaged. */
  readRun(runId: string, afterSeq = 0, limit = -1): StoredEvent<RunEvent>[] {
    return this.#events.read(runId, afterSeq, limit);
  }

  /** Those events of a run that have these numbers, which ascend; a row between them is not taken apart. `store.corrupt` when one is damaged. */
  readThese(runId: string, seqs: readonly number[]): StoredEvent<RunEvent>[] {
    const found: StoredEvent<RunEvent>[] = [];
    const isWanted = new Set(seqs);
    const last = seqs.at(-1) ?? 0;
    let next = 0;
    try {
      for (const row of this.#reads.readStream.iterate(runId, (seqs[0] ?? 1) - 1, -1) as IterableIterator<JournalRow>) {
        if (row.seq < (seqs[next] ?? 0)) continue;
        for (const stored of this.#rows.readRow(`run:${runId}`, row) as StoredEvent<RunEvent>[])
          if (isWanted.has(stored.seq)) found.push(stored);
        while (next < seqs.length && (seqs[next] ?? 0) <= row.seq) next += 1;
        if (row.seq >= last) break;
      }
      return found;
    } catch (error) {
      throw this.#isClosed ? closed() : translateStoreError(error);
    }
  }

  /**
   * How the newest attempt of a step began; null = none did. Only rows that name the step are read: a loop of 10,000 turns has as many
   * others. `store.corrupt` when a row is damaged.
   */
  lastStart(runId: string, path: string): StepStarted | null {
    try {
      const naming = this.#reads.readHolding.iterate(runId, `"path":${JSON.stringify(path)}`);
      for (const row of naming as IterableIterator<JournalRow>) {
        const found = this.#rows
          .readRow(`run:${runId}`, row)
          .findLast(({ event }) => event.type === 'step.started' && event.path === path);
        if (found !== undefined) return found.event as StepStarted;
      }
      return null;
    } catch (error) {
      throw translateStoreError(error);
    }
  }

  /** The newest events of a run, newest first, without their values. `store.corrupt` when a row is damaged. */
  readTraces(runId: string): readonly EventTrace[] {
    try {
      const rows = this.#reads.readTraces.all(runId) as (Omit<EventTrace, 'isByPerson' | 'isCall' | 'isSuspect'> &
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
    return (this.#reads.lastSeq.get(runId) as number | null) ?? 0;
  }

  #insert(streamNo: number, events: readonly StoredEvent<JournalEvent>[]): void {
    const { insertEvents, insertBlobUse } = this.#statements;
    for (const { position, seq, type, v, at, actor, data, sum, blobs } of this.#rows.toRows(events)) {
      insertEvents.run(position, streamNo, seq, type, v, at, actor, data, sum);
      for (const hash of blobs) insertBlobUse.run(position, hash);
    }
  }

  #enqueue(events: readonly StoredEvent<JournalEvent>[], write: () => void): Promise<void> {
    if (this.#isClosed) return Promise.reject(closed());
    const stream = events[0]?.stream ?? '';
    const position = events.at(-1)?.position ?? 0;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stream, position, write, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush(MOST_IN_A_TURN));
    });
  }

  /**
   * What a transaction brings about by itself is asked for by the time the promises of the turn are through: it follows at once, for a
   * turn of the event loop costs as much as two statements.
   */
  #followUp(left: number): void {
    this.#scheduled = true;
    queueMicrotask(() =>
      process.nextTick(() => {
        if (this.#waiting.length > 0) this.#flush(left);
        else this.#scheduled = false;
      }),
    );
  }

  #flush(left = 1): void {
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
    if (left > 1) this.#followUp(left - 1);
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

/** The highest number that a run ever had, also when it is gone. */
const RUN_NUMBERS = `SELECT max(run_no) FROM (SELECT max(run_no) AS run_no FROM runs
  UNION ALL SELECT value FROM heights WHERE name = 'run_no')`;

const maximum = (db: Connection, sql: string): number => (db.prepare(sql).pluck().get() as number | null) ?? 0;
