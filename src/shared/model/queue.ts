import type { JsonMap } from '../json.ts';
import type { Actor, RunStatus } from './run.ts';

/** Where a queue lies (SPEC §8). */
export const QUEUE_TYPES = ['local', 'memory', 'redis', 'rabbitmq'] as const;
export type QueueType = (typeof QUEUE_TYPES)[number];

/** SPEC §8: the place of a word is its number, LOW 0 to CRITICAL 3. */
export const QUEUE_PRIORITIES = ['low', 'normal', 'high', 'critical'] as const;
export type QueuePriority = (typeof QUEUE_PRIORITIES)[number];

/** `failed` is a dead letter where the settings name no queue for them. */
export const MESSAGE_STATUSES = ['pending', 'processing', 'completed', 'failed', 'dead_letter'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** What is to be run, as long as it waits, and what became of it (SPEC §8 "Message"). Instants are UTC ms. */
export interface QueueMessage {
  readonly id: string;
  /** Name of the queue that it was sent to. */
  readonly queue: string;
  readonly workflowId: string;
  /** Where the workflow stood when the message was sent, from the project; null = the sender did not know it. */
  readonly workflowPath: string | null;
  /** The version that runs; null = the workflow as it stands when its turn comes. */
  readonly versionHash: string | null;
  readonly payload: JsonMap;
  readonly priority: QueuePriority;
  readonly status: MessageStatus;
  readonly createdAt: number;
  /** When it was claimed first. */
  readonly processedAt: number | null;
  readonly endedAt: number | null;
  /** How often it was claimed. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** Why it waits again, or is a dead letter. */
  readonly error: string | null;
  readonly notBefore: number | null;
  readonly dedupeKey: string | null;
  readonly runId: string | null;
  readonly metadata: JsonMap;
  /** Who sent it and so answers for its run. */
  readonly actor: Actor;
  /** Queue of dead letters that it lies in. */
  readonly deadLetterQueue: string | null;
  /** The message that took its place. */
  readonly requeuedAs: string | null;
}

/** How many messages a queue has of each kind; `delayed` ones are among the pending. */
export interface QueueCounts {
  readonly pending: number;
  readonly delayed: number;
  readonly processing: number;
  readonly completed: number;
  /** Dead letters that nobody has sent again. */
  readonly deadLetter: number;
  /** When the oldest pending message was sent; null = none waits. */
  readonly oldestAt: number | null;
}

/**
 * What is lost when the computer that keeps a queue dies: nothing that was confirmed, what it was told in its last seconds, all since its last
 * snapshot, everything, or any of it at any time, because its memory may run full. `unknown` = its settings cannot be read.
 */
export const QUEUE_LOSSES = ['none', 'last_seconds', 'since_snapshot', 'all', 'evicted', 'unknown'] as const;
export type QueueLoss = (typeof QUEUE_LOSSES)[number];

/** Who holds a queue back, and since when (UTC ms). */
export interface QueuePause {
  readonly at: number;
  readonly by: string;
}

/** A worker of a queue on a server, as it says of itself. */
export interface WorkerCard {
  readonly id: string;
  /** Name of its project. */
  readonly name: string;
  readonly host: string;
  /** Of the program; null = it is too old to say so. */
  readonly version: string | null;
  readonly concurrency: number;
  readonly busy: number;
  /** Names of workflows that it is at work on, some of them. */
  readonly runs: readonly string[];
  /** UTC ms, by its own clock. */
  readonly since: number;
}

/** A worker and how long ago it was heard of, by the clock of the server. */
export interface SeenWorker extends WorkerCard {
  readonly silentMs: number;
}

/** A worker that said nothing for so long is taken for lost. */
export const SILENT_MS = 30_000;

/** The worker that was heard of last, and when; UTC ms. */
export interface LastSeen extends Pick<WorkerCard, 'name' | 'host'> {
  readonly at: number;
}

/** Why a message waits; the words are the screen's. `behind` = so many go before it. */
export type MessageWait =
  | { readonly kind: 'paused'; readonly by: string; readonly at: number }
  /** Until an instant that its sender named, or that comes after a failure or a refusal. */
  | { readonly kind: 'delayed' | 'retry' | 'held_back'; readonly until: number }
  | { readonly kind: 'no_worker'; readonly seen: LastSeen | null }
  | { readonly kind: 'slots' | 'lanes'; readonly busy: number; readonly of: number; readonly behind: number }
  | { readonly kind: 'next'; readonly behind: number };

/** A message as screens show it. */
export interface ShownMessage extends QueueMessage {
  /** Name of its workflow, where it is known here. */
  readonly workflowName: string | null;
  /** Null = it does not wait. */
  readonly wait: MessageWait | null;
  /** How its run stands; null = there is none. */
  readonly runStatus: RunStatus | null;
  /** A worker in another project has it. */
  readonly runElsewhere: boolean;
}
