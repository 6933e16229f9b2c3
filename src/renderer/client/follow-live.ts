import { createFrameQueue } from './frame-queue.ts';
import { type LiveMessage, listenLive } from './live.ts';

interface FollowOptions {
  /** At once, for answers that are on their way and older than these messages. */
  readonly onArrival: (messages: readonly LiveMessage[]) => void;
  /** Once per frame, for the screen. */
  readonly onFrame: (messages: readonly LiveMessage[]) => void;
  readonly refetch: () => Promise<void>;
}

/** Subscribes, then asks: nothing is missed in between. Returns the way to stop. */
export function followLive({ onArrival, onFrame, refetch }: FollowOptions): () => void {
  const queue = createFrameQueue<LiveMessage>(onFrame);
  const stopListening = listenLive((messages) => {
    onArrival(messages);
    queue.push(messages);
  });
  void refetch();
  return () => {
    stopListening();
    queue.close();
  };
}
