import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Menu, shell } from 'electron';
import { appLog } from '../core/app-log/index.ts';
import { recentProjects } from '../core/projects/index.ts';
import type { AppCenter } from '../server/hosting/app-center.ts';
import type { AppFolders } from '../server/hosting/app-folders.ts';
import type { Actor } from '../shared/model/run.ts';
import type { ChosenKeys } from '../shared/model/shortcuts.ts';
import { type GlanceFeed, openGlances } from './glance.ts';
import { keepBeforeEnd } from './kept-json.ts';
import { openScreen, showWindow } from './main-window.ts';
import { startDesktopNotices } from './notices/desktop-notices.ts';
import type { PageCommand, PageCommands } from './page-commands.ts';
import type { SettingsKeeper } from './settings-keeper.ts';
import { showAbout } from './shell/about.ts';
import { appMenu, type MenuActs } from './shell/app-menu.ts';
import { closeWindow } from './shell/closing.ts';
import { installCommand } from './shell/command-line-tool.ts';
import { followPower } from './shell/power.ts';
import { startAtLogin } from './shell/start-at-login.ts';
import { showProblem } from './show-problem.ts';
import { openTray } from './tray/tray-host.ts';
import { waitingFor } from './tray/tray-menu.ts';
import { askForUpdate } from './updates/ask-for-update.ts';
import { startUpdater, type Updater, type UpdateSource } from './updates/updater.ts';
import { onLanguage, words } from './words/index.ts';

/** What the shell around the window is made of. */
export interface ShellOptions {
  readonly center: AppCenter;
  readonly window: BrowserWindow;
  readonly actor: Actor;
  readonly settings: SettingsKeeper;
  readonly commands: PageCommands;
  readonly folders: AppFolders;
  readonly userDir: string;
  readonly desktopDir: string;
  readonly isSafeMode: boolean;
  /** See {@link whyNoTray}. */
  readonly whyNoTray: 'no_bus' | 'no_watcher' | null;
  /** Takes files and folders in for their import sheets. */
  readonly stageAll: (paths: readonly string[]) => void;
  /** Null = this build never looks for any. */
  readonly updates: UpdateSource | null;
  /** Closes everything in good order, for a new version to start. */
  readonly leave: () => Promise<void>;
  /** Starts the engine again after it stopped. */
  readonly startEngine: () => void;
  /** The system ends the session. */
  readonly onShutdown: () => void;
}

/** Menus, icon, power and what closing the window means. */
export interface DesktopShell {
  readonly glances: GlanceFeed;
  /** A person has closed the window. */
  onClose(): Promise<void>;
  close(): void;
}

const { platform, env } = process;

export function openShell(options: ShellOptions): DesktopShell {
  const { center, window, actor, settings, folders, whyNoTray, onShutdown } = options;
  const glances = openGlances(center, actor);
  const act = async (
    ...[name, input]:
      | readonly ['triggers.pauseAll', { readonly reason: string; readonly until: number | null }]
      | readonly ['triggers.resumeAll', Record<string, never>]
  ): Promise<void> => {
    const answer = await center.call(name, input, actor);
    if (!answer.ok) showProblem(answer.error);
  };
  const closeTray =
    whyNoTray === null
      ? openTray({
          ...{ glances, platform, resourcesDir: folders.resourcesDir },
          acts: {
            open: (path) => (path === undefined ? showWindow(window) : openScreen(window, path)),
            pauseAll: (until) => void act('triggers.pauseAll', { reason: '', until }),
            resumeAll: () => void act('triggers.resumeAll', {}),
            startEngine: options.startEngine,
            quit: () => app.quit(),
          },
        })
      : () => undefined;
  // The number on the icon in the dock or the task bar, where the system has one.
  glances.follow((glance) => app.setBadgeCount(glance.is === 'open' ? waitingFor(glance.tray) : 0));
  const stopNotices = startDesktopNotices({ center, actor, window, settings, platform, folder: options.desktopDir });
  const updater =
    options.updates === null
      ? null
      : startUpdater({
          ...{ settings, glances, now: Date.now, source: options.updates, leave: options.leave },
          isInUse: () => !window.isDestroyed() && window.isFocused(),
        });
  const stopMenu = keepMenu(options, updater);
  const stopPower = followPower({ settings, glances, onWake: () => center.woke(), onShutdown });
  let opensAtLogin: boolean | null = null;
  settings.follow(({ startsAtLogin }) => {
    if (startsAtLogin === opensAtLogin) return;
    opensAtLogin = startsAtLogin;
    keepBeforeEnd(
      startAtLogin(startsAtLogin, platform, env).catch((error: unknown) =>
        appLog.error('the start at the sign-in could not be set', error),
      ),
    );
  });
  const showGlance = (): void =>
    void glances.refresh().catch((error: unknown) => appLog.error('the icon beside the clock knows nothing', error));
  showGlance();
  const stopWords = onLanguage(showGlance);
  let closing: Promise<void> | null = null;
  return {
    glances,
    onClose: () => {
      closing ??= glances
        .refresh()
        .then((glance) =>
          closeWindow({ window, settings, glance, isHolding: center.isHolding, whyNoTray, quit: () => app.quit() }),
        )
        .finally(() => {
          closing = null;
        });
      return closing;
    },
    close: () => {
      updater?.close();
      stopNotices();
      stopPower();
      stopMenu();
      stopWords();
      closeTray();
      glances.close();
    },
  };
}

/** The menu of the app, drawn anew when another project is opened. */
function keepMenu(
  { center, window, commands, folders, userDir, isSafeMode, stageAll }: ShellOptions,
  updater: Updater | null,
): () => void {
  const command = (one: PageCommand): void => {
    showWindow(window);
    commands.send(one);
  };
  const acts: MenuActs = {
    open: (path) => openScreen(window, path),
    command,
    importFrom: (kind) => void pickImport(window, kind).then((paths) => stageAll(paths)),
    about: () => void showAbout(window, folders.version),
    showLogs: () => void showFolder(join(userDir, 'logs')),
    showCrashReports: () => void showFolder(app.getPath('crashDumps')),
    installCommand: () =>
      void installCommand(
        window,
        { program: process.execPath, root: folders.root },
        { platform, environment: env, home: homedir() },
      ),
    lookForUpdates: () => void askForUpdate(window, updater),
    restartSafely: () => {
      app.relaunch({ args: [...process.argv.slice(1), '--safe-mode'] });
      app.quit();
    },
  };
  let keys: ChosenKeys = {};
  const draw = async (): Promise<void> => {
    const all = await recentProjects(userDir);
    const recent = all.filter(({ path }) => path !== center.project().path);
    const view = { platform, isPackaged: app.isPackaged, isSafeMode, recent, keys };
    Menu.setApplicationMenu(Menu.buildFromTemplate([...appMenu(view, acts)]));
  };
  commands.followKeys((chosen) => {
    keys = chosen;
    void draw();
  });
  // The page names its window; that nothing starts by itself is said beside it, always.
  if (isSafeMode)
    window.on('page-title-updated', (event, title) => {
      event.preventDefault();
      window.setTitle(words().menu.safeModeTitle(title));
    });
  const stops = [
    onLanguage(() => void draw()),
    center.subscribe(({ events }) => {
      if (events.some(({ kind }) => kind === 'project')) void draw();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** What a person picked in a dialog of the system: a page may open its own only while somebody acts in it. */
async function pickImport(window: BrowserWindow, kind: 'folder' | 'archive'): Promise<readonly string[]> {
  const { filePaths } = await dialog.showOpenDialog(
    window,
    kind === 'folder'
      ? { properties: ['openDirectory'] }
      : { properties: ['openFile'], filters: [{ name: words().menu.workflowFiles, extensions: ['awb', 'zip', 'md'] }] },
  );
  return filePaths;
}

async function showFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const problem = await shell.openPath(path);
  if (problem !== '') showProblem({ message: problem });
}
