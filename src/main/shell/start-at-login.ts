import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { writeFileAtomic } from '../../core/files/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How this app is started; `arguments` hold the folder of the app where it is not packed. */
export interface StartCommand {
  readonly program: string;
  readonly arguments: readonly string[];
}

const HIDDEN = '--hidden';

/** Has the system start the app, hidden, when this user signs in; or not any more. Says nothing to the system where it is so already. */
export async function startAtLogin(isWanted: boolean, platform: string, environment: Environment): Promise<void> {
  if (platform === 'linux') return writeAutostart(isWanted, environment);
  if (app.getLoginItemSettings({ args: [HIDDEN] }).openAtLogin === isWanted) return;
  app.setLoginItemSettings({ openAtLogin: isWanted, args: [HIDDEN] });
}

/** Whether this start is one that the system made at the sign-in: macOS hands no arguments over. */
export const isLoginStart = (argv: readonly string[], platform: string): boolean =>
  argv.includes(HIDDEN) || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);

async function writeAutostart(isWanted: boolean, environment: Environment): Promise<void> {
  const folder = environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config');
  const file = join(folder, 'autostart', 'aiworkflow.desktop');
  if (isWanted) await writeFileAtomic(file, autostartText(startCommand(environment)));
  else if (existsSync(file)) await rm(file, { force: true });
}

/** An AppImage is mounted anew at each start: the file itself is what is started again. */
const startCommand = (environment: Environment): StartCommand => ({
  program: environment.APPIMAGE ?? process.execPath,
  arguments: app.isPackaged ? [HIDDEN] : [...process.argv.slice(1, 2), HIDDEN],
});

/** The entry as freedesktop.org's "Desktop Entry Specification" has it. */
export function autostartText({ program, arguments: args }: StartCommand): string {
  const line = [program, ...args].map(quoted).join(' ');
  const keys = {
    Type: 'Application',
    Name: 'aiworkflow',
    Exec: line,
    Terminal: 'false',
    'X-GNOME-Autostart-enabled': 'true',
  };
  return `[Desktop Entry]\n${Object.entries(keys)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')}`;
}

/** In double quotes; a backslash is escaped once for the argument, and once more as every string of such a file. */
const quoted = (argument: string): string =>
  `"${argument
    .replaceAll(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`;
