/** Entry of the desktop app: one instance a user, one window, a graceful end (DESIGN decision 8). */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { osUserName } from '../server/os-user.ts';
import { registerAppScheme } from './app-protocol.ts';
import { askToQuit } from './ask-to-quit.ts';
import { type DesktopApp, showFailure, startDesktopApp } from './desktop-app.ts';
import { findUserFolders } from './launch-options.ts';
import { showWindow } from './main-window.ts';

/** The build lays every entry flat into one folder; from source the preload script is bundled on the way. */
const preloadPath = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../preload/index.ts' : './preload.cjs', import.meta.url),
);

function run(): void {
  let desktop: DesktopApp | null = null;
  let isClosed = false;
  let starting: Promise<void> = Promise.resolve();
  let isQuitting = false;
  /** The system ends the app: nobody is asked, and nobody is said to have quit. */
  const told = new AbortController();
  /** Whether the app may end; whoever quits is shown first what that leaves out. */
  const mayQuit = async (): Promise<boolean> => {
    if (told.signal.aborted || desktop === null || desktop.window.isDestroyed()) return true;
    const leftOut = await desktop.leftOut();
    return leftOut === null || (await askToQuit(desktop.window, leftOut, told.signal)) || told.signal.aborted;
  };
  const quit = async (): Promise<void> => {
    await starting;
    if (!(await mayQuit())) return;
    await desktop
      ?.close(told.signal.aborted ? undefined : osUserName())
      .catch((error: Error) => process.stderr.write(`${error.message}\n`));
    isClosed = true;
    app.quit();
  };
  registerAppScheme();
  app.enableSandbox();
  app.on('second-instance', () => desktop !== null && showWindow(desktop.window));
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
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.prependListener(signal, () => {
          told.abort();
          app.quit();
        });
      return startDesktopApp(preloadPath);
    })
    .then((started) => {
      desktop = started;
      // The window stays until it is decided whether the app ends.
      started.window.on('close', (event) => {
        if (isClosed) return;
        event.preventDefault();
        app.quit();
      });
    })
    .catch(showFailure);
}

const { desktopDir } = findUserFolders(process.env);
mkdirSync(desktopDir, { recursive: true, mode: 0o700 });
app.setPath('userData', desktopDir);
if (app.requestSingleInstanceLock()) run();
else app.quit();
