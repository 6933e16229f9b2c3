/** What the person or the system asked of this process: `interrupt` = Ctrl-C, `stop` = SIGTERM or a closed terminal. */
export type StopRequest = 'interrupt' | 'stop';

/** Who hears of Ctrl-C while a command works. */
export interface Interrupts {
  /** True once Ctrl-C was pressed. */
  readonly isInterrupted: boolean;
  /** Calls `listener` at the first request; the second ends the process at once. Returns the way to stop listening. */
  listen(listener: (request: StopRequest) => void): () => void;
}

/** npm, a launcher and the terminal may all hand on the same key press; what comes this close together is one. */
const SAME_PRESS_MS = 300;
const EXIT_INTERRUPTED = 130;

/** The signals of this process. Without a listener the first one ends it. */
export function processInterrupts(exit: (code: number) => void = process.exit): Interrupts {
  const listeners = new Set<(request: StopRequest) => void>();
  let firstAt: number | null = null;
  let isInterrupted = false;
  const take = (request: StopRequest): void => {
    const now = Date.now();
    if (firstAt !== null && now - firstAt < SAME_PRESS_MS) return;
    if (request === 'interrupt') isInterrupted = true;
    if (firstAt !== null || listeners.size === 0) exit(EXIT_INTERRUPTED);
    firstAt = now;
    for (const listener of [...listeners]) listener(request);
  };
  process.on('SIGINT', () => take('interrupt'));
  process.on('SIGTERM', () => take('stop'));
  process.on('SIGHUP', () => take('stop'));
  return {
    get isInterrupted() {
      return isInterrupted;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
