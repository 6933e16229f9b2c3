import type { AppError } from '../shared/errors.ts';

/** How a host process ends. */
export interface HostLife {
  /** No new steps, 10 s for running ones (DESIGN decision 8). */
  close(): Promise<void>;
  /** Resolves once the host has ended: null after `close` or a signal, the error after a crash of the control center. */
  readonly ended: Promise<AppError | null>;
}

/** Closes a host once, whoever asks first: its caller, a signal, or a crash of its control center. */
export function liveAsHost(
  closeAll: () => Promise<void>,
  center: { readonly onCrash: (listener: (error: AppError) => void) => void },
  { handleSignals }: { readonly handleSignals: boolean },
): HostLife {
  const { promise: ended, resolve: settleEnd } = Promise.withResolvers<AppError | null>();
  let closing: Promise<void> | null = null;
  const end = async (crash: AppError | null): Promise<void> => {
    await closeAll();
    stopSignals();
    settleEnd(crash);
  };
  const close = (crash: AppError | null = null): Promise<void> => {
    closing ??= end(crash);
    return closing;
  };
  const stopSignals = handleSignals ? onStopSignal(() => void close()) : () => undefined;
  center.onCrash((error) => void close(error));
  return { close: () => close(), ended };
}

/** Calls `stop` at the first signal and ends the process at the second. Returns the way to stop listening. */
function onStopSignal(stop: () => void): () => void {
  let hasStopped = false;
  const listener = (): void => {
    if (hasStopped) process.exit(130);
    hasStopped = true;
    stop();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
