import { execFile } from 'node:child_process';

/** Whoever shows the icons of apps on a Linux desktop; without it an icon is made and nobody ever sees it. */
const WATCHER = 'org.kde.StatusNotifierWatcher';
const ASK_WITHIN_MS = 3000;

/** Why no icon would be seen beside the clock; null = it will be. On Linux the session bus is asked, elsewhere there is always a place for it. */
export async function whyNoTray(
  platform: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<'no_bus' | 'no_watcher' | null> {
  if (platform !== 'linux') return null;
  if (!environment.DBUS_SESSION_BUS_ADDRESS && !environment.XDG_RUNTIME_DIR) return 'no_bus';
  const args = ['--session', '--print-reply=literal', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const question = [...args, 'org.freedesktop.DBus.NameHasOwner', `string:${WATCHER}`];
  return new Promise((resolve) => {
    execFile('dbus-send', question, { timeout: ASK_WITHIN_MS, env: environment }, (error, stdout) => {
      if (error !== null) resolve('no_bus');
      else resolve(stdout.includes('true') ? null : 'no_watcher');
    });
  });
}
