import type { SeenWorker, WorkerCard } from '../../../shared/model/queue.ts';

/**
 * How control centers and workers of one queue reach each other over its server. What is told is confirmed by the server when the promise
 * resolves, and heard in the order in which it was told. Errors of all acts: `queue.unreachable`, `queue.refused`.
 */
export interface RemoteChannel {
  /** This worker has a message where no other has it. Gives who does. */
  own(messageId: string, worker: string): Promise<string>;
  /** Nobody has a message that this worker had. */
  giveBack(messageId: string, worker: string): Promise<void>;
  /** From now on this one has it, whoever did before: what another tells of it is not taken any more. */
  take(messageId: string, owner: string): Promise<void>;
  /** Tells a control center; false, and nothing is told, where another worker has the message by now. */
  tell(home: string, from: { readonly messageId: string; readonly worker: string }, text: string): Promise<boolean>;
  /** Asks something of a worker. */
  order(worker: string, text: string): Promise<void>;
  /** Hears what is told this control center, or asked of this worker, one after the other; what the listener rejects comes again. */
  hear(as: 'home' | 'worker', id: string, listener: (text: string) => Promise<void>): () => void;
  /** Looks at once whether anything was told that nobody heard of. */
  lookAgain(): void;
  /** It is there. */
  announce(card: WorkerCard): Promise<void>;
  /** It is there no more. */
  leave(worker: string): Promise<void>;
  /** All that were there within the last day. */
  workers(): Promise<readonly SeenWorker[]>;
  close(): Promise<void>;
}
