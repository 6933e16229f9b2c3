import { app, type BrowserWindow, dialog, Notification } from 'electron';
import { type ControlCenterOptions, replaceStore } from '../core/control-center.ts';
import { openClientFiles } from '../server/client-files/client-files.ts';
import { startFollowingSocketDoor } from '../server/holder-doors.ts';
import { AppCenter } from '../server/hosting/app-center.ts';
import { findAppFolders } from '../server/hosting/app-folders.ts';
import type { HostedControlCenter } from '../server/hosting/host-control-center.ts';
import { findLeftOut, type LeftOut } from '../server/left-out.ts';
import { osUserName } from '../server/os-user.ts';
import { serveWebhooks } from '../server/webhook-listener/serve-webhooks.ts';
import { AppError, toErrorRecord } from '../shared/errors.ts';
import { serveAppProtocol } from './app-protocol.ts';
import { openIpcDoor } from './ipc-door.ts';
import { readLaunchOptions } from './launch-options.ts';
import { createMainWindow } from './main-window.ts';
import { showNotices } from './show-notices.ts';

/** The desktop app while it runs. */
export interface DesktopApp {
  readonly window: BrowserWindow;
  /** No new steps, 10 s for running ones (DESIGN decision 8). `quitBy` = the person who wants that, if one does. */
  close(quitBy?: string): Promise<void>;
  /** What the triggers would miss if the app ended; null = nothing, or another process goes on serving them. */
  leftOut(): Promise<LeftOut | null>;
}

/** Opens the project, its doors and the window. Rejects with `lease.held` and the like. */
export async function startDesktopApp(preloadPath: string): Promise<DesktopApp> {
  const folders = findAppFolders();
  const launch = await readLaunchOptions(process.argv.slice(1), process.env, folders);
  const options = { ...launch, showsNotices: Notification.isSupported() };
  const files = openClientFiles(folders.clientDir);
  const center = await AppCenter.open(options).catch((error: unknown) => openRestored(options, error));
  try {
    const socketDoor = await startFollowingSocketDoor({ center, version: options.version, door: 'desktop' });
    serveAppProtocol(files);
    const window = await openWindow(center, preloadPath);
    const webhooks = serveWebhooks(center.webhooks);
    const close = async (quitBy?: string): Promise<void> => {
      await webhooks.close();
      await socketDoor.close();
      await center.close(quitBy);
    };
    const leftOut = async (): Promise<LeftOut | null> =>
      center.isHolding
        ? findLeftOut(center.call.bind(center), { kind: 'user', id: osUserName(), door: 'desktop' })
        : null;
    return { window, close, leftOut };
  } catch (error) {
    await center.close();
    throw error;
  }
}

async function openWindow(center: HostedControlCenter, preloadPath: string): Promise<BrowserWindow> {
  // The door is open before the page loads: its first call comes with its first script.
  let closeDoor = (): void => undefined;
  const window = await createMainWindow(preloadPath, (created) => {
    closeDoor = openIpcDoor({ center, window: created });
  });
  window.once('closed', () => closeDoor());
  showNotices(center, window);
  center.onCrash((error) => showFailure(error));
  return window;
}

/** A damaged store is shown with its newest backup: brought back if the person wants that, else nothing is touched. */
async function openRestored(options: ControlCenterOptions, error: unknown): Promise<AppCenter> {
  const backup = error instanceof AppError && error.code === 'store.corrupt' ? error.details?.backup : undefined;
  if (!(error instanceof AppError) || typeof backup !== 'string') throw error;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'aiworkflow',
    message: error.message,
    detail: `${error.hint ?? ''}\n\nWhat was stored after the backup is lost.`,
    buttons: ['Bring the backup back', 'Quit'],
    defaultId: 1,
    cancelId: 1,
  });
  if (response !== 0) throw error;
  await replaceStore(options.projectPath, { backup, now: Date.now });
  return AppCenter.open(options);
}

/** Says in a dialog of the system why the app cannot go on, and quits. */
export function showFailure(thrown: unknown): void {
  const error = toErrorRecord(thrown);
  if (!(thrown instanceof AppError))
    process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
  dialog.showErrorBox('aiworkflow', error.hint === undefined ? error.message : `${error.message}\n\n${error.hint}`);
  app.quit();
}
