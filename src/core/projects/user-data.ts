import { mkdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { refuseSystemFolder, toFileError, writeFileAtomic } from '../files/index.ts';
import { projectPaths } from './project-paths.ts';

type HostEnv = Readonly<Record<string, string | undefined>>;

/**
 * The folder for what must not lie in a project (DESIGN decision 2): trust, recent projects, keys, window state.
 * `AIWORKFLOW_USER_DIR` overrides it; else the system's place for application data. Makes nothing.
 */
export function userDataDir(env: HostEnv, platform: string): string {
  const written = env.AIWORKFLOW_USER_DIR;
  if (written !== undefined && written !== '') return written;
  const home = (platform === 'win32' ? env.USERPROFILE : env.HOME) || homedir();
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'aiworkflow');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'aiworkflow');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'aiworkflow');
}

/** A project that was opened, newest first in the list. */
export interface RecentProject {
  readonly path: string;
  readonly name: string;
  /** The project's random id, so that another project at the same path is not taken for it. */
  readonly id: string;
  readonly openedAt: number;
}

const MAX_RECENT = 20;
const recentSchema = z.object({
  projects: z.array(z.object({ path: z.string(), name: z.string(), id: z.string(), openedAt: z.number() })),
});

function recentFile(userDir: string): string {
  return join(userDir, 'recent-projects.json');
}

async function readRecent(userDir: string): Promise<readonly RecentProject[]> {
  const text = await readFile(recentFile(userDir), 'utf8').catch(() => '');
  try {
    return recentSchema.parse(JSON.parse(text)).projects;
  } catch {
    // A damaged list is a convenience lost, not a reason to stop.
    return [];
  }
}

/** The projects opened last, newest first; `isPresent` false where the folder is gone. Never throws on a damaged list. */
export async function recentProjects(
  userDir: string,
): Promise<readonly (RecentProject & { readonly isPresent: boolean })[]> {
  const projects = await readRecent(userDir);
  return Promise.all(
    projects.map(async (project) => ({
      ...project,
      isPresent: await realpath(project.path).then(
        (real) => real === project.path,
        () => false,
      ),
    })),
  );
}

/** Puts a project on top of the recent list (20 kept). `at` in UTC ms. Errors: `file.io`, `file.disk_full`. */
export async function rememberProject(
  userDir: string,
  project: { readonly path: string; readonly id: string },
  at: number,
): Promise<void> {
  await refuseSystemFolder(userDir);
  try {
    await mkdir(userDir, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw toFileError(thrown, userDir);
  }
  const entry: RecentProject = { path: project.path, name: basename(project.path), id: project.id, openedAt: at };
  const others = (await readRecent(userDir)).filter((known) => known.path !== entry.path);
  const projects = [entry, ...others].slice(0, MAX_RECENT);
  await writeFileAtomic(recentFile(userDir), `${JSON.stringify({ projects }, null, 2)}\n`, 0o600);
}

/** The project's random id (DESIGN decision 2), or null before `initProject` or `ensureProjectId`. */
export async function readProjectId(project: string): Promise<string | null> {
  const text = await readFile(projectPaths(project).projectIdFile, 'utf8').catch(() => '');
  return /^[0-9a-f-]{36}$/.test(text.trim()) ? text.trim() : null;
}

/** The project's id, made when there is none. Errors: `file.io`, `file.disk_full`. */
export async function ensureProjectId(project: string, makeId: () => string): Promise<string> {
  const known = await readProjectId(project);
  if (known !== null) return known;
  const id = makeId();
  await writeFileAtomic(projectPaths(project).projectIdFile, `${id}\n`, 0o600);
  return id;
}
