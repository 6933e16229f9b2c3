import type { ControlCenterOptions } from '../core/control-center.ts';
import type { WireAnswer } from '../shared/contract/index.ts';
import type { AppError } from '../shared/errors.ts';
import type { Actor } from '../shared/model/run.ts';
import { startFollowingSocketDoor } from './holder-doors.ts';
import { type HostingPorts, hostControlCenter } from './hosting/host-control-center.ts';
import { serveWebhooks } from './webhook-listener/serve-webhooks.ts';

/** A process that holds a project without a window, so that what starts by itself starts. */
export interface HeadlessHost {
  call(name: string, input: unknown, actor: Actor): Promise<WireAnswer>;
  /** No new steps, 10 s for running ones (DESIGN decision 8). */
  close(): Promise<void>;
  /** Resolves once the host has ended: null after `close`, the error after a crash of the control center. */
  readonly ended: Promise<AppError | null>;
}

/**
 * Opens the control center in its worker, its local socket and what listens for triggers (SPEC §13: one headless host serves them all).
 * Rejects with `lease.held` and the like.
 */
export async function startHeadlessHost(
  options: Omit<ControlCenterOptions, 'door' | 'resumeOpenRuns'>,
  hosting: HostingPorts = {},
): Promise<HeadlessHost> {
  const center = await hostControlCenter({ ...options, door: 'cli', resumeOpenRuns: true }, hosting);
  const webhooks = serveWebhooks(center.webhooks);
  const socketDoor = await startFollowingSocketDoor({ center, version: options.version, door: 'cli' }).catch(
    async (error: unknown) => {
      await webhooks.close();
      await center.close();
      throw error;
    },
  );
  const { promise: ended, resolve } = Promise.withResolvers<AppError | null>();
  const closeAll = async (crash: AppError | null): Promise<void> => {
    await socketDoor.close();
    await webhooks.close();
    await center.close();
    resolve(crash);
  };
  let closing: Promise<void> | null = null;
  const close = (crash: AppError | null): Promise<void> => {
    closing ??= closeAll(crash);
    return closing;
  };
  center.onCrash((error) => void close(error));
  return { call: center.call.bind(center), close: () => close(null), ended };
}
