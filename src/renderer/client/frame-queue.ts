/** How a queue waits for the next frame; given in tests. Returns the way to call it off. */
export type NextFrame = (run: () => void) => () => void;

/** The next frame, or 100 ms in a hidden window, where no frames come. */
const nextFrame: NextFrame = (run) => {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    window.clearTimeout(timer);
    window.cancelAnimationFrame(frame);
    run();
  };
  const timer = window.setTimeout(once, 100);
  const frame = window.requestAnimationFrame(once);
  return () => {
    isDone = true;
    window.clearTimeout(timer);
    window.cancelAnimationFrame(frame);
  };
};

export interface FrameQueue<T> {
  push(items: readonly T[]): void;
  /** Drops what waits and takes nothing more. */
  close(): void;
}

/** Collects what arrives and hands it on once per frame, in order, so that a storm of events costs one drawing. */
export function createFrameQueue<T>(take: (items: readonly T[]) => void, next: NextFrame = nextFrame): FrameQueue<T> {
  let waiting: T[] = [];
  let callOff: (() => void) | null = null;
  let isClosed = false;
  const flush = (): void => {
    callOff = null;
    const items = waiting;
    waiting = [];
    take(items);
  };
  return {
    push(items) {
      if (isClosed || items.length === 0) return;
      waiting.push(...items);
      callOff ??= next(flush);
    },
    close() {
      isClosed = true;
      waiting = [];
      callOff?.();
      callOff = null;
    },
  };
}
