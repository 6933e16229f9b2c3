import { BrowserWindow, type Rectangle } from 'electron';
import { APP_URL } from './app-origin.ts';
import { WINDOW_LEAST } from './shell/window-place.ts';
import { guardContents, guardSession } from './window-guards.ts';

export interface MainWindowOptions {
  /** Absolute. */
  readonly preloadPath: string;
  readonly bounds: Partial<Rectangle>;
  readonly isMaximized: boolean;
  /** A start that nobody looks at stays out of the way: hidden where an icon shows that it is there, else minimised. */
  readonly startsAs: 'shown' | 'hidden' | 'minimized';
  /** Runs before the page loads. */
  readonly prepare: (window: BrowserWindow) => void;
}

/** Makes the one window: sandboxed, isolated, and held to our own page. Resolves once it has loaded. */
export async function createMainWindow(options: MainWindowOptions): Promise<BrowserWindow> {
  const { preloadPath, bounds, isMaximized, startsAs, prepare } = options;
  const window = new BrowserWindow({
    ...bounds,
    minWidth: WINDOW_LEAST.width,
    minHeight: WINDOW_LEAST.height,
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
      experimentalFeatures: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  guardSession(window.webContents.session);
  guardContents(window.webContents);
  window.once('ready-to-show', () => {
    if (startsAs === 'hidden') return;
    if (startsAs === 'minimized') window.minimize();
    else if (isMaximized) window.maximize();
    else window.show();
  });
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

/** Brings it to the front, at a screen: an address of our own page, such as `/runs/ID`. */
export function openScreen(window: BrowserWindow, path: string): void {
  showWindow(window);
  // A window that goes in the midst of it needs no more.
  window.loadURL(`${APP_URL}#${path}`).catch(() => undefined);
}
