/** Entry of the desktop app: one instance a user, one window, a graceful end (DESIGN decision 8). */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { registerAppScheme } from './app-protocol.ts';
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
  registerAppScheme();
  app.enableSandbox();
  app.on('second-instance', () => desktop !== null && showWindow(desktop.window));
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void starting
      .then(() => desktop?.close())
      .catch((error: Error) => process.stderr.write(`${error.message}\n`))
      .then(() => {
        isClosed = true;
        app.quit();
      });
  });
  starting = app
    .whenReady()
    .then(() => startDesktopApp(preloadPath))
    .then((started) => {
      desktop = started;
    })
    .catch(showFailure);
}

const { desktopDir } = findUserFolders(process.env);
mkdirSync(desktopDir, { recursive: true, mode: 0o700 });
app.setPath('userData', desktopDir);
if (app.requestSingleInstanceLock()) run();
else app.quit();
