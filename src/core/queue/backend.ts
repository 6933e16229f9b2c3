import type {
  MessageStatus,
  QueueCounts,
  QueueLoss,
  QueueMessage,
  QueuePause,
  QueueType,
} from '../../shared/model/queue.ts';
import type { LeasedMessage, NewMessage } from '../storage/index.ts';

/** What `queue` of the settings says about every queue (SPEC §8). */
export interface QueueRules {
  /** How many may wait at once; 0 = any number. */
  readonly maxSize: number;
  /** A message that nobody has begun by then is a dead letter. */
  readonly messageTtlMs: number;
  /** Where dead letters go; null = they are kept as `failed`. */
  readonly deadLetterQueue: string | null;
  readonly retryDelayMs: number;
  /** Whoever is silent for so long has lost what he holds. */
  readonly visibilityTimeoutMs: number;
}

/** What another project on the queue has begun for a message: its run is there, and only that project can go on with it. */
export interface BegunElsewhere {
  /** In words: which project on which computer. */
  readonly by: string;
  readonly runId: string;
  /** The first of its steps that may have had an effect. */
  readonly step: string;
  /** UTC ms. */
  readonly at: number;
  /** False = nothing was heard of it for `visibility_timeout`. */
  readonly isAlive: boolean;
}

/** A message that somebody is at work on, and the sign that he may end it. */
export interface Claim extends LeasedMessage {
  /** Absent = nobody else has begun an effect for it. */
  readonly begun?: BegunElsewhere;
}

/** What is about to be done for a message. */
export interface EffectAhead {
  readonly runId: string;
  readonly step: string;
}

/** `lost` = another has the message now, or it was sent again; `unknown` = it is none of this queue; `unsure` = the server cannot be asked. */
export type Hold = 'held' | 'lost' | 'unknown' | 'unsure';

/** Back to the others that wait, in its old place and with its attempt not counted; for what was no fault of the message. */
export interface Release {
  readonly reason: string | null;
  /** UTC ms; null = at once. */
  readonly notBefore: number | null;
}

/** `back` = the server that keeps the queue is there again: what could not be said to it can be now. */
export type QueueNews = 'changed' | 'back';

/**
 * One queue, wherever it lies (SPEC §8). Order: the higher priority first, within one as they came. Delivery is at least once: whoever acts on
 * a claim must be able to bear that somebody did before him. Acts on a claim resolve to false, and change nothing, once it was lost.
 * Errors of every act on a queue that a server keeps: `queue.unreachable`, `queue.refused`.
 */
export interface QueueBackend {
  readonly type: QueueType;
  readonly name: string;
  readonly rules: QueueRules;
  /** The server that keeps it, without its password; null = this project does. */
  readonly place: string | null;
  /**
   * Stores a message; one with the key of another that waits, is at work or was done gives that one. Errors: `queue.full`, those of the place
   * where it is stored.
   */
  publish(message: NewMessage): Promise<{ readonly message: QueueMessage; readonly isDuplicate: boolean }>;
  /** The message whose turn it is, its attempt counted; null = none, or the queue is held back. */
  claim(): Promise<Claim | null>;
  /** What workers that are gone for certain have held, claimed anew with its attempt counted. */
  takeOver(): Promise<readonly Claim[]>;
  /** Whoever holds these is still there. */
  renew(claims: readonly Claim[]): Promise<void>;
  /**
   * Asked before an effect of a message's run: whether this project still has the message. From the first time on no other begins it anew,
   * however long this one is silent.
   */
  hold(id: string, ahead: EffectAhead): Promise<Hold>;
  /** An end that came after the claim was lost is not counted, and said beside the message. */
  noteLate(id: string, note: string): Promise<void>;
  /** It is done: its run has ended, and that is stored. */
  ack(claim: Claim, runId: string): Promise<boolean>;
  /** Once more after `retry_delay`, behind all others of its priority. */
  retry(claim: Claim, error: string): Promise<boolean>;
  release(claim: Claim, how: Release): Promise<boolean>;
  /** Nobody tries it again by himself; the reason is kept. */
  deadLetter(claim: Claim, reason: string, runId: string | null): Promise<boolean>;
  /**
   * Sends a dead letter as the new message that is given, in one act; the old one stays, with what is `noted` about it. Errors: those of
   * `publish`, `queue.message_not_found`, `queue.not_dead`.
   */
  requeue(id: string, message: NewMessage, noted: QueueMessage['metadata']): Promise<QueueMessage>;
  /** Removes a dead letter. Error: `queue.message_not_found`, `queue.not_dead`. */
  drop(id: string): Promise<void>;
  find(id: string): Promise<QueueMessage | null>;
  /** Those that may begin in their turn, then those that wait for a time, from this place of the line on; nothing is claimed. */
  peek(limit: number, offset?: number): Promise<readonly QueueMessage[]>;
  /** Those of some states, newest first. */
  list(statuses: readonly MessageStatus[], limit: number): Promise<readonly QueueMessage[]>;
  counts(): Promise<QueueCounts>;
  /** How many waited at each of these instants (UTC ms), as far back as the history goes. */
  depths(instants: readonly number[]): Promise<readonly number[]>;
  /** How many were done since; UTC ms. */
  doneSince(at: number): Promise<number>;
  /** Claims nothing until `resume`, also after a restart; what is at work goes on. */
  pause(by: string): Promise<void>;
  resume(): Promise<void>;
  paused(): Promise<QueuePause | null>;
  /** Removes those that wait, with `all` also what has ended; what is at work stays. Gives how many. */
  purge(all: boolean): Promise<number>;
  /** Dead letters of what waited too long, lost leases, history that is too old: what happens to messages by itself. */
  sweep(): Promise<void>;
  /** When something may happen by itself next; UTC ms, null = never. */
  dueAt(): Promise<number | null>;
  /** Versions that its messages name which are to be run, but for those in the store of this project; null = that is not to be known. */
  versions(): Promise<ReadonlySet<string> | null>;
  /** What of it can be lost when the computer that keeps it dies. */
  loss(): Promise<QueueLoss>;
  /** Hears of each change that is made here or, where that is told, elsewhere. Gives the way to stop. */
  onChange(listener: (news: QueueNews) => void): () => void;
  close(): Promise<void>;
}
