/** Entry of the desktop app: one instance a user, one window, a graceful end (DESIGN decision 8). */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, crashReporter } from 'electron';
import { appLog } from '../core/app-log/index.ts';
import { osUserName } from '../server/os-user.ts';
import { registerAppScheme } from './app-protocol.ts';
import { askToQuit, hasToAsk } from './ask-to-quit.ts';
import { type DesktopApp, showFailure, startDesktopApp } from './desktop-app.ts';
import { findUserFolders } from './launch-options.ts';
import { showWindow } from './main-window.ts';
import { LINK_SCHEME } from './opened/deep-link.ts';
import { type OpenTarget, targetsOf } from './opened/open-targets.ts';
import { policyFiles, readPolicy } from './policy-file.ts';
import { openSettings } from './settings-keeper.ts';
import { isLoginStart } from './shell/start-at-login.ts';
import { followLanguage } from './words/index.ts';

/** The build lays every entry flat into one folder; from source the preload script is bundled on the way. */
const preloadPath = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../preload/index.ts' : './preload.cjs', import.meta.url),
);
const argv = process.argv.slice(1);
const isSafeMode = argv.includes('--safe-mode');

function run(desktopDir: string): void {
  const settings = openSettings(desktopDir, readPolicy(policyFiles(process.platform, process.env)));
  let desktop: DesktopApp | null = null;
  let isClosed = false;
  let starting: Promise<void> = Promise.resolve();
  let isQuitting = false;
  /** What came before there was a window. */
  let waiting: readonly OpenTarget[] = targetsOf(argv, process.cwd());
  const open = (targets: readonly OpenTarget[]): void => {
    if (desktop === null) waiting = [...waiting, ...targets];
    else desktop.open(targets);
  };
  /** The system ends the app: nobody is asked, and nobody is said to have quit. */
  const told = new AbortController();
  /** Whether the app may end; whoever quits is shown first what that leaves out. */
  const mayQuit = async (): Promise<boolean> => {
    if (told.signal.aborted || desktop === null || desktop.window.isDestroyed()) return true;
    const facts = await desktop.quitFacts();
    if (facts === null || !hasToAsk(facts)) return true;
    // A question beside a window that nobody sees is seen by nobody.
    if (!desktop.window.isVisible()) showWindow(desktop.window);
    return (await askToQuit(desktop.window, facts, { settings, signal: told.signal })) || told.signal.aborted;
  };
  const quit = async (): Promise<void> => {
    await starting;
    if (!(await mayQuit())) return;
    await desktop
      ?.close(told.signal.aborted ? undefined : osUserName())
      .catch((error: Error) => appLog.error('the app was not closed in order', error));
    await appLog.flush();
    isClosed = true;
    app.quit();
  };
  const endBySystem = (): void => {
    told.abort();
    app.quit();
  };
  registerAppScheme();
  app.enableSandbox();
  if (isSafeMode) app.disableHardwareAcceleration();
  app.setAppUserModelId('io.aiworkflow.app');
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_event, line, folder) => open(targetsOf(line.slice(1), folder)));
  app.on('activate', () => desktop !== null && showWindow(desktop.window));
  // macOS hands over what is opened as events, also before the app is ready.
  app.on('open-url', (event, link) => {
    event.preventDefault();
    open([{ kind: 'link', link }]);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open([{ kind: 'file', path }]);
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    if (isQuitting) return;
    isQuitting = true;
    void quit().finally(() => {
      isQuitting = false;
    });
  });
  starting = app
    .whenReady()
    .then(() => {
      // Electron's own handlers of these stand by now; they quit without saying who wants it.
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.prependListener(signal, endBySystem);
      followLanguage(settings);
      return startDesktopApp({
        ...{ preloadPath, settings, desktopDir, isSafeMode },
        isHidden: isLoginStart(argv, process.platform),
        onShutdown: endBySystem,
        leave: async () => {
          await desktop?.close();
          isClosed = true;
        },
      });
    })
    .then((started) => {
      desktop = started;
      // Windows tells of the end of a session only to windows.
      started.window.on('session-end', endBySystem);
      // The window stays until it is decided whether the app ends.
      started.window.on('close', (event) => {
        if (isClosed) return;
        event.preventDefault();
        if (isQuitting) return;
        void started.onClose();
      });
      if (waiting.length > 0) started.open(waiting);
    })
    .catch(showFailure);
}

const { desktopDir } = findUserFolders(process.env);
// Dumps of crashes stay on this computer: nobody is sent any.
const crashDumps = join(desktopDir, 'crash-reports');
mkdirSync(crashDumps, { recursive: true, mode: 0o700 });
app.setPath('userData', desktopDir);
app.setPath('crashDumps', crashDumps);
crashReporter.start({ uploadToServer: false });
if (app.requestSingleInstanceLock()) run(desktopDir);
else app.quit();
