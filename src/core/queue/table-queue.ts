import type { JsonMap } from '../../shared/json.ts';
import type { MessageStatus, QueueCounts, QueueLoss, QueueMessage, QueuePause } from '../../shared/model/queue.ts';
import type { NewMessage, QueueRepository } from '../storage/index.ts';
import type { Claim, Hold, QueueBackend, QueueNews, QueueRules, Release } from './backend.ts';
import { messageNotFound, notDead, queueFull, SILENT_WORKER } from './faults.ts';

const ENDED: readonly MessageStatus[] = ['completed', 'failed', 'dead_letter'];

/** What a queue in a table is made of. */
export interface TableQueueOptions {
  readonly type: 'local' | 'memory';
  readonly name: string;
  readonly rules: QueueRules;
  readonly rows: QueueRepository;
  readonly now: () => number;
  /** How long what has ended stays (SPEC §9 "Retention"); asked each time. */
  readonly historyMs: () => number;
  /** A sign that nobody else makes. */
  readonly newLease: () => string;
  /** Default: the rows are their owner's to close. */
  readonly onClose?: () => void;
}

/**
 * A queue in a table of SQLite: `local` in the store of the project, `memory` in this process. Invariants: (1) each act is one transaction; (2) a
 * message that is at work has a lease, and only who knows it ends it; (3) an attempt is counted when it is claimed, so one that kills its
 * worker is counted too.
 */
export class TableQueue implements QueueBackend {
  readonly type: 'local' | 'memory';
  readonly name: string;
  readonly rules: QueueRules;
  readonly place = null;
  readonly #rows: QueueRepository;
  readonly #options: TableQueueOptions;
  readonly #listeners = new Set<(news: QueueNews) => void>();

  constructor(options: TableQueueOptions) {
    this.type = options.type;
    this.name = options.name;
    this.rules = options.rules;
    this.#rows = options.rows;
    this.#options = options;
  }

  async publish(message: NewMessage): Promise<{ readonly message: QueueMessage; readonly isDuplicate: boolean }> {
    const { dedupeKey } = message;
    const published = this.#rows.together(() => {
      const known = dedupeKey === null ? null : this.#rows.findByKey(this.name, dedupeKey);
      if (known !== null) return { message: known, isDuplicate: true };
      this.#add(message);
      return { message: this.#require(message.id), isDuplicate: false };
    });
    if (!published.isDuplicate) this.#tell();
    return published;
  }

  async claim(): Promise<Claim | null> {
    return this.claimNow();
  }

  /**
   * See `claim`; with what was written in the same transaction before it. A claim that is lost with the power is made again: its run is found
   * by the message's id. `newcomer` = one that was just written down and may have waited elsewhere for longer than what waits here.
   */
  claimNow(newcomer: NewMessage | null = null): Claim | null {
    const claimed = this.#rows.lightly(() => {
      if (this.#rows.pauseOf(this.name) !== null) return null;
      const now = this.#options.now();
      for (;;) {
        const next = this.#rows.next(this.name, now);
        if (next === null) return null;
        const isDue = next.expiresAt === null || next.expiresAt > now;
        if (isDue) return this.#lease(newcomer !== null && isBehind(next, newcomer) ? newcomer.id : next.id);
        this.#bury(next.id, now);
      }
    });
    if (claimed !== null) this.#tell();
    return claimed;
  }

  async takeOver(): Promise<readonly Claim[]> {
    const claims = this.#rows.together(() => this.#rows.leasedIds(this.name).map((id) => this.#lease(id)));
    if (claims.length > 0) this.#tell();
    return claims;
  }

  async renew(claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    const leased = claims.map(({ message, lease }) => ({ id: message.id, lease }));
    this.#rows.renew(leased, this.#options.now() + this.rules.visibilityTimeoutMs);
  }

  /** One process works on the table of a project: nobody else can have it. */
  async hold(id: string): Promise<Hold> {
    return this.#rows.find(this.name, id) === null ? 'unknown' : 'held';
  }

  /** See `hold`: what is lost here was given back by this very process. */
  async noteLate(): Promise<void> {}

  async ack(claim: Claim, runId: string): Promise<boolean> {
    return this.#end(claim, { status: 'completed', runId });
  }

  async retry(claim: Claim, error: string): Promise<boolean> {
    const notBefore = this.#options.now() + this.rules.retryDelayMs;
    return this.#end(claim, { status: 'pending', error, notBefore, isAtEnd: true });
  }

  async release(claim: Claim, { reason, notBefore }: Release): Promise<boolean> {
    return this.#end(claim, { status: 'pending', error: reason, notBefore, counts: false });
  }

  async deadLetter(claim: Claim, reason: string, runId: string | null): Promise<boolean> {
    return this.#end(claim, {
      status: this.#deadStatus,
      error: reason,
      runId,
      deadLetterQueue: this.rules.deadLetterQueue,
    });
  }

  async requeue(id: string, message: NewMessage, noted: JsonMap): Promise<QueueMessage> {
    const sent = this.#rows.together(() => {
      const old = this.#requireDead(id);
      this.#add(message);
      this.#rows.noteRequeued(id, message.id, { ...old.metadata, ...noted });
      return this.#require(message.id);
    });
    this.#tell();
    return sent;
  }

  async drop(id: string): Promise<void> {
    this.#requireDead(id);
    this.#rows.drop(this.name, id);
    this.#tell();
  }

  async find(id: string): Promise<QueueMessage | null> {
    return this.#rows.find(this.name, id);
  }

  async peek(limit: number, offset = 0): Promise<readonly QueueMessage[]> {
    return this.#rows.waiting(this.name, { limit, offset, now: this.#options.now() });
  }

  async list(statuses: readonly MessageStatus[], limit: number): Promise<readonly QueueMessage[]> {
    return this.#rows.list(this.name, { statuses, limit });
  }

  async counts(): Promise<QueueCounts> {
    const counts = this.#rows.counts(this.name);
    const of = (status: MessageStatus): number => counts.get(status) ?? 0;
    return {
      pending: of('pending'),
      delayed: this.#rows.delayed(this.name, this.#options.now()),
      processing: of('processing'),
      completed: of('completed'),
      deadLetter: of('failed') + of('dead_letter'),
      oldestAt: this.#rows.oldestAt(this.name),
    };
  }

  async depths(instants: readonly number[]): Promise<readonly number[]> {
    return this.#rows.depths(this.name, instants);
  }

  async doneSince(at: number): Promise<number> {
    return this.#rows.doneSince(this.name, at);
  }

  async pause(by: string): Promise<void> {
    this.#rows.pause(this.name, { at: this.#options.now(), by });
    this.#tell();
  }

  async resume(): Promise<void> {
    this.#rows.resume(this.name);
    this.#tell();
  }

  async paused(): Promise<QueuePause | null> {
    return this.#rows.pauseOf(this.name);
  }

  async purge(all: boolean): Promise<number> {
    const removed = this.#rows.purge(this.name, all ? ['pending', ...ENDED] : ['pending']);
    if (removed > 0) this.#tell();
    return removed;
  }

  async sweep(): Promise<void> {
    const now = this.#options.now();
    const changed = this.#rows.together(() => {
      const expired = this.#rows.expired(this.name, now);
      for (const id of expired) this.#bury(id, now);
      const lost = this.#rows.loseLeases(this.name, now, SILENT_WORKER);
      return expired.length + lost + this.#rows.forget(this.name, now - this.#options.historyMs());
    });
    if (changed > 0) this.#tell();
  }

  async dueAt(): Promise<number | null> {
    return this.#rows.dueAt(this.name, this.#options.now());
  }

  async versions(): Promise<ReadonlySet<string>> {
    return new Set();
  }

  async loss(): Promise<QueueLoss> {
    return this.type === 'local' ? 'none' : 'all';
  }

  onChange(listener: (news: QueueNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#options.onClose?.();
  }

  get #deadStatus(): MessageStatus {
    return this.rules.deadLetterQueue === null ? 'failed' : 'dead_letter';
  }

  #add(message: NewMessage): void {
    const { maxSize, messageTtlMs } = this.rules;
    if (maxSize > 0 && (this.#rows.counts(this.name).get('pending') ?? 0) >= maxSize)
      throw queueFull(this.name, maxSize);
    const from = Math.max(message.createdAt, message.notBefore ?? 0);
    this.#rows.add(this.name, message, from + messageTtlMs);
  }

  #lease(id: string): Claim {
    const now = this.#options.now();
    return this.#rows.lease(id, this.#options.newLease(), { now, visibleAt: now + this.rules.visibilityTimeoutMs });
  }

  #bury(id: string, now: number): void {
    const { deadLetterQueue } = this.rules;
    this.#rows.bury(id, { status: this.#deadStatus, reason: 'expired', now, deadLetterQueue });
  }

  #end(
    claim: Claim,
    {
      status,
      error = null,
      runId = null,
      notBefore = null,
      isAtEnd = false,
      counts = true,
      deadLetterQueue = null,
    }: {
      readonly status: MessageStatus;
      readonly error?: string | null;
      readonly runId?: string | null;
      readonly notBefore?: number | null;
      readonly isAtEnd?: boolean;
      readonly counts?: boolean;
      readonly deadLetterQueue?: string | null;
    },
  ): boolean {
    const change = { status, error, runId, notBefore, isAtEnd, counts, deadLetterQueue, at: this.#options.now() };
    const end = (): boolean => this.#rows.endLease(claim, change);
    // What its run came to is stored: an end that is lost with the power is written again.
    const isOurs = status === 'completed' ? this.#rows.lightly(end) : end();
    if (isOurs) this.#tell();
    return isOurs;
  }

  #require(id: string): QueueMessage {
    const found = this.#rows.find(this.name, id);
    if (found === null) throw messageNotFound(id);
    return found;
  }

  #requireDead(id: string): QueueMessage {
    const found = this.#require(id);
    if ((found.status !== 'failed' && found.status !== 'dead_letter') || found.requeuedAs !== null) throw notDead(id);
    return found;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener('changed');
  }
}

/** A further attempt goes behind what was sent before it was due. */
const isBehind = ({ attempts, notBefore, priority }: QueueMessage, newcomer: NewMessage): boolean =>
  attempts > 0 && notBefore !== null && priority === newcomer.priority && newcomer.createdAt <= notBefore;
