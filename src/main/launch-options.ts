import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ControlCenterOptions } from '../core/control-center.ts';
import { findProject, userDataDir } from '../core/projects/index.ts';
import { type AppFolders, commandLineOf } from '../server/hosting/app-folders.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What belongs to this user and not to a project; `desktopDir` is Electron's own part of it (single instance lock, caches). */
export function findUserFolders(environment: Environment): { readonly userDir: string; readonly desktopDir: string } {
  const userDir = userDataDir(environment, process.platform);
  return { userDir, desktopDir: join(userDir, 'desktop') };
}

/** The project that a start names (DESIGN decision 1), and the folder that `--project` is relative to. */
export async function readLaunchOptions(
  argv: readonly string[],
  environment: Environment,
  folders: AppFolders,
): Promise<ControlCenterOptions> {
  // Chromium has switches of its own on the same line; what is not ours is left alone.
  const { values } = parseArgs({ args: [...argv], options: { project: { type: 'string' } }, strict: false });
  const explicit = typeof values.project === 'string' ? values.project : undefined;
  const home = homedir();
  const found = await findProject(environment.INIT_CWD ?? process.cwd(), { explicit, home });
  return {
    projectPath: found.path,
    isFresh: found.isFresh,
    isNamed: true,
    door: 'desktop',
    resumeOpenRuns: true,
    servesTriggers: true,
    examplesDir: folders.examplesDir,
    resourcesDir: folders.resourcesDir,
    version: folders.version,
    userDataDir: findUserFolders(environment).userDir,
    home,
    commandLine: commandLineOf(folders, environment),
  };
}
