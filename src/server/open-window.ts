import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names of browsers that can show a page as a window of its own (`--app=`), the likeliest first. */
const LINUX_NAMES = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const MAC_PATHS = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
const WINDOWS_PATHS = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

/**
 * Shows `url` in a window of its own. False when there is no browser for it, no screen, or `AIWORKFLOW_NO_WINDOW=1`: then the
 * caller prints the link.
 */
export async function openAppWindow(url: string, environment: Environment = process.env): Promise<boolean> {
  const browser = findAppBrowser(process.platform, environment);
  if (browser === null) return false;
  const child = spawn(browser, [`--app=${url}`], { detached: true, stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
    child.once('error', () => resolve(false));
  });
}

/** The browser that `openAppWindow` would start, or null. */
export function findAppBrowser(platform: NodeJS.Platform, environment: Environment): string | null {
  if (environment.AIWORKFLOW_NO_WINDOW === '1') return null;
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) return null;
  return candidates(platform, environment).find(isExecutable) ?? null;
}

function candidates(platform: NodeJS.Platform, environment: Environment): readonly string[] {
  if (platform === 'darwin') return MAC_PATHS;
  if (platform === 'win32') {
    const roots = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA];
    return roots.flatMap((root) => (root === undefined ? [] : WINDOWS_PATHS.map((path) => `${root}\\${path}`)));
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return LINUX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
