import { app, type BrowserWindow, dialog, Notification } from 'electron';
import { appLog } from '../core/app-log/index.ts';
import { type ControlCenterOptions, replaceStore } from '../core/control-center.ts';
import { openClientFiles } from '../server/client-files/client-files.ts';
import { startFollowingSocketDoor } from '../server/holder-doors.ts';
import { AppCenter } from '../server/hosting/app-center.ts';
import { findAppFolders } from '../server/hosting/app-folders.ts';
import { findLeftOut } from '../server/left-out.ts';
import { osUserName } from '../server/os-user.ts';
import { serveWebhooks } from '../server/webhook-listener/serve-webhooks.ts';
import type { AppTray } from '../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../shared/errors.ts';
import type { Actor } from '../shared/model/run.ts';
import { serveAppProtocol } from './app-protocol.ts';
import type { QuitFacts } from './ask-to-quit.ts';
import { openShell } from './desktop-shell.ts';
import { openIpcDoor } from './ipc-door.ts';
import { allKept } from './kept-json.ts';
import { desktopSealer } from './key-sealer.ts';
import { readLaunchOptions } from './launch-options.ts';
import { createMainWindow, openScreen, showWindow } from './main-window.ts';
import { screenOfLink } from './opened/deep-link.ts';
import type { OpenTarget } from './opened/open-targets.ts';
import { stageImport } from './opened/stage-import.ts';
import { createPageCommands, type PageCommands } from './page-commands.ts';
import type { SettingsKeeper } from './settings-keeper.ts';
import { restartWhenAsked } from './shell/restart-engine.ts';
import { surviveGonePages } from './shell/survive-page.ts';
import { windowPlaces } from './shell/window-place.ts';
import { showProblem } from './show-problem.ts';
import { whyNoTray } from './tray/tray-served.ts';
import { openElectronUpdates } from './updates/electron-updates.ts';
import { worded, words } from './words/index.ts';

/** The desktop app while it runs. */
export interface DesktopApp {
  readonly window: BrowserWindow;
  /** No new steps, 10 s for running ones (DESIGN decision 8). `quitBy` = the person who wants that, if one does. */
  close(quitBy?: string): Promise<void>;
  /** What would end, or be missed, if the app ended; null = nothing here: another process goes on with it. */
  quitFacts(): Promise<QuitFacts | null>;
  /** A person has closed the window. */
  onClose(): Promise<void>;
  /** Brings the window to the front, and shows what it was asked to open. */
  open(targets: readonly OpenTarget[]): void;
}

export interface DesktopAppOptions {
  readonly preloadPath: string;
  readonly settings: SettingsKeeper;
  readonly desktopDir: string;
  /** Nobody looks: the system started it at the sign-in. */
  readonly isHidden: boolean;
  /** Nothing starts by itself, and no open run is taken over. */
  readonly isSafeMode: boolean;
  readonly onShutdown: () => void;
  /** See {@link ShellOptions}. */
  readonly leave: () => Promise<void>;
}

/** Opens the project, its doors and the window. Rejects with `lease.held` and the like. */
export async function startDesktopApp(options: DesktopAppOptions): Promise<DesktopApp> {
  const { isSafeMode, settings } = options;
  const folders = findAppFolders();
  const launch = await readLaunchOptions(process.argv.slice(1), process.env, folders);
  const bySelf = { resumeOpenRuns: !isSafeMode, servesTriggers: !isSafeMode };
  const centerOptions = { ...launch, ...bySelf, showsNotices: Notification.isSupported() };
  const files = openClientFiles(folders.clientDir);
  const center = await AppCenter.open(centerOptions, { sealer: desktopSealer }).catch((error: unknown) =>
    openRestored(centerOptions, error),
  );
  try {
    const actor: Actor = { kind: 'user', id: osUserName(), door: 'desktop' };
    const socketDoor = await startFollowingSocketDoor({ center, version: launch.version, door: 'desktop' });
    serveAppProtocol(files);
    const trayProblem = await whyNoTray(process.platform, process.env);
    const commands = createPageCommands();
    const { window, keepPlace, startEngine } = await openWindow(options, {
      center,
      commands,
      hasTray: trayProblem === null,
    });
    const opening = { center, actor, window, commands };
    const shell = openShell({
      ...{ center, window, actor, settings, commands, folders, isSafeMode, whyNoTray: trayProblem },
      ...{ userDir: launch.userDataDir, desktopDir: options.desktopDir, onShutdown: options.onShutdown },
      ...{ updates: await openElectronUpdates(), leave: options.leave, startEngine },
      stageAll: (paths) =>
        openTargets(
          opening,
          paths.map((path) => ({ kind: 'file', path })),
        ),
    });
    const webhooks = serveWebhooks(center.webhooks);
    return {
      window,
      close: async (quitBy) => {
        shell.close();
        await webhooks.close();
        await socketDoor.close();
        await center.close(quitBy);
        keepPlace();
        await allKept();
      },
      quitFacts: () => quitFacts(center, actor),
      onClose: shell.onClose,
      open: (targets) => openTargets(opening, targets),
    };
  } catch (error) {
    await center.close();
    throw error;
  }
}

async function openWindow(
  { preloadPath, desktopDir, isHidden, settings }: DesktopAppOptions,
  {
    center,
    commands,
    hasTray,
  }: { readonly center: AppCenter; readonly commands: PageCommands; readonly hasTray: boolean },
): Promise<{ readonly window: BrowserWindow; readonly keepPlace: () => void; readonly startEngine: () => void }> {
  const places = windowPlaces(desktopDir);
  // The door is open before the page loads: its first call comes with its first script.
  let closeDoor = (): void => undefined;
  const window = await createMainWindow({
    preloadPath,
    ...places.read(),
    startsAs: isHidden ? (hasTray ? 'hidden' : 'minimized') : 'shown',
    prepare: (created) => {
      closeDoor = openIpcDoor({ center, window: created, settings, commands });
      surviveGonePages(created, commands, () => app.quit());
    },
  });
  const keepPlace = places.follow(window);
  window.once('closed', () => closeDoor());
  const startEngine = restartWhenAsked({ center, window, onFailure: showFailure });
  return { window, keepPlace, startEngine };
}

async function quitFacts(center: AppCenter, actor: Actor): Promise<QuitFacts | null> {
  if (!center.isHolding) return null;
  const call = center.call.bind(center);
  const [leftOut, told] = await Promise.all([findLeftOut(call, actor), call('app.tray', {}, actor)]);
  return { leftOut, running: told.ok ? (told.value as AppTray) : { running: [], runningCount: 0 } };
}

interface Opening {
  readonly center: AppCenter;
  readonly actor: Actor;
  readonly window: BrowserWindow;
  readonly commands: PageCommands;
}

/** A link only navigates, and a file is only taken in: what becomes of it a person decides on its sheet. */
function openTargets(opening: Opening, targets: readonly OpenTarget[]): void {
  showWindow(opening.window);
  for (const target of targets) {
    if (target.kind === 'file') void stage(opening, target.path);
    else openLink(opening, target.link);
  }
}

function openLink({ window, commands }: Opening, link: string): void {
  const screen = screenOfLink(link);
  if (screen !== null) openScreen(window, screen);
  else commands.send({ name: 'problem', message: 'The link leads nowhere in this app.', hint: 'Nothing was done.' });
}

async function stage({ center, actor, commands }: Opening, path: string): Promise<void> {
  try {
    commands.send({ name: 'staged', ...(await stageImport(center, actor, path)) });
  } catch (thrown) {
    const { message, hint = '' } = toErrorRecord(thrown);
    commands.send({ name: 'problem', message, hint });
  }
}

/** A damaged store is shown with its newest backup: brought back if the person wants that, else nothing is touched. */
async function openRestored(options: ControlCenterOptions, error: unknown): Promise<AppCenter> {
  const backup = error instanceof AppError && error.code === 'store.corrupt' ? error.details?.backup : undefined;
  if (!(error instanceof AppError) || typeof backup !== 'string') throw error;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'aiworkflow',
    message: worded(error.message),
    detail: `${worded(error.hint ?? '')}\n\n${words().failing.lost}`,
    buttons: [words().failing.bringBack, words().quit],
    defaultId: 1,
    cancelId: 1,
  });
  if (response !== 0) throw error;
  // It could not be opened a moment ago.
  await replaceStore(options.projectPath, { backup, now: Date.now, isForced: true });
  return AppCenter.open(options, { sealer: desktopSealer });
}

/** Says in a dialog of the system why the app cannot go on, and quits. */
export function showFailure(thrown: unknown): void {
  const error = toErrorRecord(thrown);
  if (!(thrown instanceof AppError)) appLog.error('the app cannot go on', thrown);
  showProblem(error);
  app.quit();
}
