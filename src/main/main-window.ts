import { BrowserWindow } from 'electron';
import { APP_URL } from './app-origin.ts';
import { guardContents, guardSession } from './window-guards.ts';

/**
 * Makes the one window: sandboxed, isolated, and held to our own page. `preloadPath` is absolute; `prepare` runs before the
 * page loads. Resolves once it has loaded.
 */
export async function createMainWindow(
  preloadPath: string,
  prepare: (window: BrowserWindow) => void,
): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'aiworkflow',
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    },
  });
  guardSession(window.webContents.session);
  guardContents(window.webContents);
  window.once('ready-to-show', () => window.show());
  prepare(window);
  await window.loadURL(APP_URL);
  return window;
}

/** Brings a window to the front, for the second start of a single instance. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
