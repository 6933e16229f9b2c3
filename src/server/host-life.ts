import type { AppError } from '../shared/errors.ts';

/** How a host process ends. */
export interface HostLife {
  /** No new steps, 10 s for running ones (DESIGN decision 8). `quitBy` = the person who wants that, if one does. */
  close(quitBy?: string): Promise<void>;
  /** Resolves once the host has ended: null after `close`, the error after a crash of the control center. */
  readonly ended: Promise<AppError | null>;
}

/** Closes a host once, whoever asks first: its caller, or a crash of its control center. */
export function liveAsHost(
  closeAll: (quitBy: string | undefined) => Promise<void>,
  center: { readonly onCrash: (listener: (error: AppError) => void) => void },
): HostLife {
  const { promise: ended, resolve: settleEnd } = Promise.withResolvers<AppError | null>();
  let closing: Promise<void> | null = null;
  const end = async (crash: AppError | null, quitBy?: string): Promise<void> => {
    await closeAll(quitBy);
    settleEnd(crash);
  };
  const close = (crash: AppError | null, quitBy?: string): Promise<void> => {
    closing ??= end(crash, quitBy);
    return closing;
  };
  center.onCrash((error) => void close(error));
  return { close: (quitBy) => close(null, quitBy), ended };
}
