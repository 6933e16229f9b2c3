import type { ControlCenterOptions } from '../core/control-center.ts';
import type { WireAnswer } from '../shared/contract/index.ts';
import type { Caller } from '../shared/model/access.ts';
import { startFollowingSocketDoor } from './holder-doors.ts';
import { type HostLife, liveAsHost } from './host-life.ts';
import { type HostingPorts, hostControlCenter } from './hosting/host-control-center.ts';
import { findLeftOut, type LeftOut } from './left-out.ts';
import { osUserName } from './os-user.ts';
import { serveWebhooks } from './webhook-listener/serve-webhooks.ts';

/** A process that holds a project without a window: it goes on with open runs and serves every trigger; other doors attach to its socket. */
export interface HeadlessHost extends HostLife {
  call(name: string, input: unknown, caller: Caller): Promise<WireAnswer>;
  /** What the triggers would miss if this host ended; null = nothing. */
  leftOut(): Promise<LeftOut | null>;
}

/**
 * Opens the control center in its worker, its local socket and what listens for triggers (SPEC §13: one headless host serves them all).
 * Rejects with `lease.held` and the like.
 */
export async function startHeadlessHost(
  options: Omit<ControlCenterOptions, 'door' | 'resumeOpenRuns' | 'servesTriggers'>,
  hosting: HostingPorts = {},
): Promise<HeadlessHost> {
  const all = { ...options, door: 'cli', resumeOpenRuns: true, servesTriggers: true } as const;
  const center = await hostControlCenter(all, hosting);
  const webhooks = serveWebhooks(center.webhooks);
  try {
    const socketDoor = await startFollowingSocketDoor({ center, version: options.version, door: 'cli' });
    const closeAll = async (quitBy?: string): Promise<void> => {
      await socketDoor.close();
      await webhooks.close();
      await center.close(quitBy);
    };
    const call = center.call.bind(center);
    const leftOut = () => findLeftOut(call, { kind: 'user', id: osUserName(), door: 'cli' });
    return { call, leftOut, ...liveAsHost(closeAll, center) };
  } catch (error) {
    await webhooks.close();
    await center.close();
    throw error;
  }
}
