import type { ControlCenterOptions } from '../core/control-center.ts';
import { AppError } from '../shared/errors.ts';
import { type BrowserDoor, startBrowserDoor } from './browser-door/browser-door.ts';
import { sessionFile } from './browser-door/session-file.ts';
import type { SessionKeeper } from './browser-door/sessions.ts';
import { startFollowingSocketDoor } from './holder-doors.ts';
import { type HostLife, liveAsHost } from './host-life.ts';
import { AppCenter } from './hosting/app-center.ts';
import { type HostedControlCenter, type HostingPorts, hostControlCenter } from './hosting/host-control-center.ts';
import { findLeftOut, type LeftOut } from './left-out.ts';
import { osUserName } from './os-user.ts';
import { connectToHolder } from './socket-door/holder-client.ts';
import type { SocketDoor } from './socket-door/socket-door.ts';
import { serveWebhooks } from './webhook-listener/serve-webhooks.ts';

export interface BrowserHostOptions {
  readonly center: Omit<ControlCenterOptions, 'door'>;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** `npm start` takes a free port instead, `serve` fails (DESIGN decision 9). */
  readonly ifPortTaken: 'take_free' | 'fail';
  /** Likewise for a project that another process holds: `npm start` shows what the holder has, `serve` fails. */
  readonly ifHeld: 'attach' | 'fail';
  readonly clientDir: string;
  readonly hosting?: HostingPorts;
}

/** The browser host: one process that holds a project and shows it to browsers and to other processes. */
export interface BrowserHost extends HostLife {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  newLink(): string;
  /** What the triggers would miss if this host ended; null = nothing. */
  leftOut(): Promise<LeftOut | null>;
}

/**
 * Opens the control center in its worker, or attaches to whoever holds the project, then the browser door; the socket door follows as
 * soon as this process holds the project. Rejects with `lease.held` and the like.
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const opened = { ...options.center, door: 'browser' } as const;
  const center =
    options.ifHeld === 'attach'
      ? await AppCenter.open(opened, options.hosting)
      : await hostControlCenter(opened, options.hosting);
  try {
    const browserDoor = await openBrowserDoor(options, center);
    const socketDoor = await startFollowingSocketDoor({
      center,
      version: options.center.version,
      door: 'browser',
      newLink: () => browserDoor.newLink(),
    }).catch(async (error) => {
      await browserDoor.close();
      throw error;
    });
    return runHost({ center, browserDoor, socketDoor, webhooks: serveWebhooks(center.webhooks) });
  } catch (error) {
    await center.close();
    throw error;
  }
}

/** A fresh link from the host that already holds the project, or null when nobody does or it has no browser door. */
export async function linkFromHolder(projectStateDir: string, version: string): Promise<string | null> {
  const holder = await connectToHolder(projectStateDir, version);
  if (holder === null) return null;
  try {
    return String(await holder.host('newLink'));
  } catch (error) {
    if (error instanceof AppError && error.code === 'contract.unknown_operation') return null;
    throw error;
  } finally {
    holder.close();
  }
}

async function openBrowserDoor(options: BrowserHostOptions, center: HostedControlCenter): Promise<BrowserDoor> {
  const { host, port, clientDir } = options;
  const { userDataDir, projectPath } = options.center;
  const keepSessions = (own: number): SessionKeeper => sessionFile(userDataDir, projectPath, own);
  try {
    return await startBrowserDoor({ host, port, clientDir, center, keepSessions });
  } catch (error) {
    const isTaken = error instanceof AppError && error.details?.taken === true;
    if (!isTaken || options.ifPortTaken === 'fail') throw error;
    return startBrowserDoor({ host, port: 0, clientDir, center, keepSessions });
  }
}

interface HostParts {
  readonly center: HostedControlCenter;
  readonly browserDoor: BrowserDoor;
  readonly socketDoor: Pick<SocketDoor, 'close'>;
  readonly webhooks: ReturnType<typeof serveWebhooks>;
}

function runHost({ center, browserDoor, socketDoor, webhooks }: HostParts): BrowserHost {
  const closeAll = async (quitBy?: string): Promise<void> => {
    await socketDoor.close();
    await webhooks.close();
    // The pages stay connected while running steps end, so that they show how it ended.
    await center.close(quitBy);
    await browserDoor.close();
  };
  const leftOut = async (): Promise<LeftOut | null> =>
    center instanceof AppCenter && !center.isHolding
      ? null
      : findLeftOut(center.call.bind(center), { kind: 'user', id: osUserName(), door: 'browser' });
  const { url, port, newLink } = browserDoor;
  return { url, port, pid: process.pid, newLink, leftOut, ...liveAsHost(closeAll, center) };
}
