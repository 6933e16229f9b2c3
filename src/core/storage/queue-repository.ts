import Database, { type Statement } from 'better-sqlite3';
import type { JsonMap } from '../../shared/json.ts';
import { type MessageStatus, QUEUE_PRIORITIES, type QueueMessage, type QueuePause } from '../../shared/model/queue.ts';
import type { Connection } from './database.ts';
import { createQueueTables } from './migrations/state-029-queue.ts';
import { type MessageRow, messageOf, toMessage } from './queue-rows.ts';

/** What a sender gives: everything else begins empty. */
export type NewMessage = Pick<
  QueueMessage,
  | 'id'
  | 'workflowId'
  | 'workflowPath'
  | 'versionHash'
  | 'payload'
  | 'priority'
  | 'createdAt'
  | 'maxAttempts'
  | 'notBefore'
  | 'dedupeKey'
  | 'metadata'
  | 'actor'
>;

/** A row as it is claimed: the lease says who may end it. */
export interface LeasedMessage {
  readonly message: QueueMessage;
  readonly lease: string;
}

/** How a leased message stands from now on. */
export interface LeasedChange {
  readonly status: MessageStatus;
  readonly error: string | null;
  readonly runId: string | null;
  /** UTC ms; null = at once. */
  readonly notBefore: number | null;
  /** Whether it goes behind all others of its priority. */
  readonly isAtEnd: boolean;
  /** False takes back that the attempt was counted. */
  readonly counts: boolean;
  readonly deadLetterQueue: string | null;
  readonly at: number;
}

/** Which messages of a queue are looked at, newest first. */
export interface MessageFilter {
  readonly statuses: readonly MessageStatus[];
  readonly limit: number;
}

/** A part of the line of those that wait. */
export interface LinePart {
  readonly limit: number;
  /** So many before it are left out. */
  readonly offset: number;
  /** UTC ms: what is not to begin before a later time stands behind all others. */
  readonly now: number;
}

const ENDED: readonly MessageStatus[] = ['completed', 'failed', 'dead_letter'];
const NEXT_PLACE = '(SELECT coalesce(max(place), 0) + 1 FROM queue_messages WHERE queue = @queue)';

/** The tables of queues: one statement or one transaction for each act. */
export class QueueRepository {
  readonly #db: Connection;
  readonly #insert: Statement;
  readonly #find: Statement;
  readonly #known: Statement;
  readonly #next: Statement;
  readonly #lease: Statement;
  readonly #leased: Statement;
  readonly #renew: Statement;
  readonly #change: Statement;
  readonly #ready: Statement;
  readonly #later: Statement;
  readonly #ended: Statement;
  readonly #counts: Statement;
  readonly #delayed: Statement;
  readonly #oldest: Statement;
  readonly #depths: Statement;
  readonly #done: Statement;
  readonly #due: Statement;
  readonly #expire: Statement;
  readonly #expiring: Statement;
  readonly #loseLeases: Statement;
  readonly #forget: Statement;
  readonly #purge: Statement;
  readonly #drop: Statement;
  readonly #requeued: Statement;
  readonly #names: Statement;
  readonly #holds: Statement;
  readonly #pauseOf: Statement;
  readonly #pause: Statement;
  readonly #resume: Statement;

  constructor(db: Connection) {
    this.#db = db;
    this.#insert =
      db.prepare(`INSERT INTO queue_messages(id, queue, place, workflow_id, workflow_path, version_hash, payload, priority,
      status, created_at, max_attempts, not_before, expires_at, dedupe_key, metadata, actor) VALUES (@id, @queue, ${NEXT_PLACE},
      @workflowId, @workflowPath, @versionHash, @payload, @priority, 'pending', @createdAt, @maxAttempts, @notBefore, @expiresAt,
      @dedupeKey, @metadata, @actor)`);
    this.#find = db.prepare('SELECT * FROM queue_messages WHERE queue = ? AND id = ?');
    this.#known = db.prepare(`SELECT * FROM queue_messages WHERE queue = ? AND dedupe_key = ?
      AND status IN ('pending', 'processing', 'completed') ORDER BY message_no DESC LIMIT 1`);
    this.#next =
      db.prepare(`SELECT * FROM queue_messages WHERE queue = ? AND status = 'pending' AND coalesce(not_before, 0) <= ?
      ORDER BY priority DESC, place LIMIT 1`);
    this.#lease = db.prepare(`UPDATE queue_messages SET status = 'processing', attempts = attempts + 1, lease = @lease,
      visible_at = @visibleAt, processed_at = coalesce(processed_at, @now), expires_at = NULL, not_before = NULL
      WHERE id = @id RETURNING *`);
    this.#leased = db
      .prepare("SELECT id FROM queue_messages WHERE queue = ? AND status = 'processing' ORDER BY place")
      .pluck();
    this.#renew = db.prepare(`UPDATE queue_messages SET visible_at = ? WHERE status = 'processing'
      AND (id, lease) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`);
    this.#change =
      db.prepare(`UPDATE queue_messages SET status = @status, error = @error, run_id = coalesce(@runId, run_id),
      not_before = @notBefore, attempts = attempts - @uncounted, ended_at = @endedAt, dead_letter_queue = @deadLetterQueue,
      place = CASE WHEN @isAtEnd THEN ${NEXT_PLACE} ELSE place END, lease = NULL, visible_at = NULL
      WHERE id = @id AND lease IS @lease AND status = @was`);
    this.#ready =
      db.prepare(`SELECT * FROM queue_messages WHERE queue = @queue AND status = 'pending' AND coalesce(not_before, 0) <= @now
      ORDER BY priority DESC, place LIMIT @limit OFFSET @offset`);
    this.#later =
      db.prepare(`SELECT * FROM queue_messages WHERE queue = @queue AND status = 'pending' AND not_before > @now
      ORDER BY not_before, place LIMIT @limit OFFSET @offset`);
    this.#ended =
      db.prepare(`SELECT * FROM queue_messages WHERE queue = ? AND status IN (SELECT value FROM json_each(?))
      ORDER BY message_no DESC LIMIT ?`);
    this.#counts = db.prepare(
      `SELECT status, count(*) AS n FROM queue_messages WHERE queue = ? AND requeued_as IS NULL GROUP BY status`,
    );
    this.#delayed = db
      .prepare("SELECT count(*) FROM queue_messages WHERE queue = ? AND status = 'pending' AND not_before > ?")
      .pluck();
    this.#oldest = db
      .prepare("SELECT min(created_at) FROM queue_messages WHERE queue = ? AND status = 'pending'")
      .pluck();
    this.#depths = db
      .prepare(`SELECT count(m.at) FROM json_each(@instants) i LEFT JOIN (
        SELECT created_at AS at, processed_at AS until FROM queue_messages WHERE queue = @queue AND processed_at >= @first UNION ALL
        SELECT created_at, 9e15 FROM queue_messages WHERE queue = @queue AND status = 'pending' AND processed_at IS NULL
      ) m ON m.at <= i.value AND m.until > i.value GROUP BY i.key ORDER BY i.key`)
      .pluck();
    this.#done = db
      .prepare("SELECT count(*) FROM queue_messages WHERE queue = ? AND ended_at >= ? AND status = 'completed'")
      .pluck();
    this.#due = db
      .prepare(`SELECT min(at) FROM (
      SELECT min(not_before) AS at FROM queue_messages WHERE queue = @queue AND status = 'pending' AND not_before > @now UNION ALL
      SELECT min(expires_at) FROM queue_messages WHERE queue = @queue AND status = 'pending' AND expires_at IS NOT NULL UNION ALL
      SELECT min(visible_at) FROM queue_messages WHERE queue = @queue AND status = 'processing')`)
      .pluck();
    this.#expiring = db
      .prepare(`SELECT id FROM queue_messages WHERE queue = ? AND status = 'pending' AND expires_at <= ?`)
      .pluck();
    this.#expire =
      db.prepare(`UPDATE queue_messages SET status = @status, error = @reason, ended_at = @now, dead_letter_queue = @deadLetterQueue
      WHERE id = @id`);
    this.#loseLeases =
      db.prepare(`UPDATE queue_messages SET status = 'pending', lease = NULL, visible_at = NULL, error = ?
      WHERE queue = ? AND status = 'processing' AND visible_at <= ?`);
    this.#forget = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND ended_at < ?');
    this.#purge = db.prepare(
      'DELETE FROM queue_messages WHERE queue = ? AND status IN (SELECT value FROM json_each(?))',
    );
    this.#drop = db.prepare(
      "DELETE FROM queue_messages WHERE queue = ? AND id = ? AND status IN ('failed', 'dead_letter')",
    );
    this.#requeued = db.prepare('UPDATE queue_messages SET requeued_as = ?, metadata = ? WHERE id = ?');
    this.#names = db.prepare('SELECT DISTINCT queue FROM queue_messages').pluck();
    this.#holds = db
      .prepare(`SELECT 1 FROM queue_messages WHERE version_hash = ? AND status IN ('pending', 'processing') LIMIT 1`)
      .pluck();
    this.#pauseOf = db.prepare('SELECT at, by FROM queue_pauses WHERE queue = ?');
    this.#pause = db.prepare('INSERT INTO queue_pauses(queue, at, by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    this.#resume = db.prepare('DELETE FROM queue_pauses WHERE queue = ?');
  }

  /** Does what is to be one commit. */
  together<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  /**
   * One commit that may be lost with the power of the computer, not with the process: for what is found out again from what was stored before
   * it. The next lasting commit keeps it too.
   */
  lightly<T>(work: () => T): T {
    if (this.#db.inTransaction) return work();
    this.#db.pragma('synchronous = NORMAL');
    try {
      return this.together(work);
    } finally {
      this.#db.pragma('synchronous = FULL');
    }
  }

  /** Adds it behind all others of its priority; `expiresAt` UTC ms, null = never. */
  add(queue: string, message: NewMessage, expiresAt: number | null): void {
    const { payload, priority, metadata, actor } = message;
    this.#insert.run({
      ...message,
      queue,
      expiresAt,
      payload: JSON.stringify(payload),
      priority: QUEUE_PRIORITIES.indexOf(priority),
      metadata: JSON.stringify(metadata),
      actor: JSON.stringify(actor),
    });
  }

  find(queue: string, id: string): QueueMessage | null {
    return toMessage(this.#find.get(queue, id));
  }

  /** The newest one with the key that waits, is at work or was done. */
  findByKey(queue: string, dedupeKey: string): QueueMessage | null {
    return toMessage(this.#known.get(queue, dedupeKey));
  }

  /** The one whose turn it is; null = none waits that may begin now. */
  next(queue: string, now: number): (QueueMessage & { readonly expiresAt: number | null }) | null {
    const row = this.#next.get(queue, now) as (MessageRow & { expires_at: number | null }) | undefined;
    return row === undefined ? null : { ...messageOf(row), expiresAt: row.expires_at };
  }

  /** Gives it to whoever knows the lease, and counts the attempt. */
  lease(
    id: string,
    lease: string,
    { now, visibleAt }: { readonly now: number; readonly visibleAt: number },
  ): LeasedMessage {
    return { message: messageOf(this.#lease.get({ id, lease, now, visibleAt }) as MessageRow), lease };
  }

  /** Those that somebody was at work on. */
  leasedIds(queue: string): readonly string[] {
    return this.#leased.all(queue) as string[];
  }

  renew(leased: readonly { readonly id: string; readonly lease: string }[], visibleAt: number): void {
    this.#renew.run(visibleAt, JSON.stringify(leased.map(({ id, lease }) => [id, lease])));
  }

  /** Ends a lease; false = it was lost, and nothing is changed. */
  endLease({ message, lease }: LeasedMessage, change: LeasedChange): boolean {
    const { status, error, runId, notBefore, isAtEnd, counts, deadLetterQueue, at } = change;
    const { changes } = this.#change.run({
      ...{ id: message.id, queue: message.queue, lease, was: 'processing' },
      ...{ status, error, runId, notBefore, deadLetterQueue },
      isAtEnd: isAtEnd ? 1 : 0,
      uncounted: counts ? 0 : 1,
      endedAt: ENDED.includes(status) ? at : null,
    });
    return changes > 0;
  }

  /** In their turn where only those that wait are asked for, else newest first. */
  list(queue: string, { statuses, limit }: MessageFilter): readonly QueueMessage[] {
    return (this.#ended.all(queue, JSON.stringify(statuses), limit) as MessageRow[]).map(messageOf);
  }

  /** Those that may begin in their turn, then those that wait for a time, the next first. */
  waiting(queue: string, { limit, offset, now }: LinePart): readonly QueueMessage[] {
    const ready = this.#ready.all({ queue, limit, offset, now }) as MessageRow[];
    const rest = limit - ready.length;
    if (rest === 0) return ready.map(messageOf);
    const before = ready.length > 0 || offset === 0 ? 0 : this.#pending(queue) - this.delayed(queue, now);
    const from = ready.length > 0 ? 0 : offset - before;
    const later = this.#later.all({ queue, limit: rest, offset: from, now }) as MessageRow[];
    return [...ready, ...later].map(messageOf);
  }

  #pending(queue: string): number {
    return this.counts(queue).get('pending') ?? 0;
  }

  /** How many there are of each status; those that were sent again are not counted. */
  counts(queue: string): ReadonlyMap<MessageStatus, number> {
    const rows = this.#counts.all(queue) as { status: MessageStatus; n: number }[];
    return new Map(rows.map(({ status, n }) => [status, n]));
  }

  delayed(queue: string, now: number): number {
    return this.#delayed.get(queue, now) as number;
  }

  oldestAt(queue: string): number | null {
    return this.#oldest.get(queue) as number | null;
  }

  /** How many had been sent and not begun at each instant; UTC ms, oldest first. */
  depths(queue: string, instants: readonly number[]): readonly number[] {
    return this.#depths.all({ queue, instants: JSON.stringify(instants), first: instants[0] ?? 0 }) as number[];
  }

  /** How many were done since; UTC ms. */
  doneSince(queue: string, at: number): number {
    return this.#done.get(queue, at) as number;
  }

  /** When something of the queue changes by itself next; UTC ms. */
  dueAt(queue: string, now: number): number | null {
    return this.#due.get({ queue, now }) as number | null;
  }

  /** Ids of those that were waited for too long. */
  expired(queue: string, now: number): readonly string[] {
    return this.#expiring.all(queue, now) as string[];
  }

  /** A message that nobody has begun is a dead letter from now on. */
  bury(
    id: string,
    how: {
      readonly status: MessageStatus;
      readonly reason: string;
      readonly now: number;
      readonly deadLetterQueue: string | null;
    },
  ): void {
    this.#expire.run({ id, ...how });
  }

  /** Those whose lease is over wait again; gives how many. */
  loseLeases(queue: string, now: number, error: string): number {
    return this.#loseLeases.run(error, queue, now).changes;
  }

  /** Removes what ended before; UTC ms. */
  forget(queue: string, before: number): number {
    return this.#forget.run(queue, before).changes;
  }

  /** Removes all of these states; gives how many. */
  purge(queue: string, statuses: readonly MessageStatus[]): number {
    return this.#purge.run(queue, JSON.stringify(statuses)).changes;
  }

  /** Removes a dead letter; false = there is none. */
  drop(queue: string, id: string): boolean {
    return this.#drop.run(queue, id).changes > 0;
  }

  /** Another message has taken its place. */
  noteRequeued(id: string, requeuedAs: string, metadata: JsonMap): void {
    this.#requeued.run(requeuedAs, JSON.stringify(metadata), id);
  }

  /** All queues that have messages. */
  names(): readonly string[] {
    return this.#names.all() as string[];
  }

  /** Whether a message that is to be run needs this version. */
  holds(versionHash: string): boolean {
    return this.#holds.get(versionHash) !== undefined;
  }

  pauseOf(queue: string): QueuePause | null {
    return (this.#pauseOf.get(queue) as QueuePause | undefined) ?? null;
  }

  /** Holds the queue back; one that is held back already stays as it is. */
  pause(queue: string, { at, by }: QueuePause): void {
    this.#pause.run(queue, at, by);
  }

  resume(queue: string): void {
    this.#resume.run(queue);
  }
}

/** The tables of queues in memory: they are gone with the process. */
export function openMemoryQueues(): { readonly rows: QueueRepository; close(): void } {
  const db = new Database(':memory:');
  createQueueTables(db);
  return { rows: new QueueRepository(db), close: () => void db.close() };
}
