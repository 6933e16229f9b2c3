import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvFile } from '../bundles/index.ts';
import {
  ensureProjectId,
  initProject,
  listLibrary,
  type ProjectPaths,
  projectPaths,
  readProjectId,
  recentProjects,
} from '../projects/index.ts';
import { TrustStore, variablesThatLoad } from '../trust/index.ts';
import { ownFile } from './own-file.ts';
import { ProjectGate } from './project-gate.ts';

/**
 * Whether a project is this user's own already: something outside of its folder knows it, or the folder holds no workflow and no runs yet. Asked
 * before anything of it is opened; writes nothing.
 */
export async function isOwnAlready(paths: ProjectPaths, userDataDir: string): Promise<'known' | 'bare' | null> {
  const id = await readProjectId(paths.project);
  const isKnown = id !== null && (await isRemembered({ path: paths.project, id }, userDataDir));
  if (isKnown) return 'known';
  return existsSync(paths.storeFile) || (await listLibrary(paths)).length > 0 ? null : 'bare';
}

const isRemembered = async (
  project: { readonly path: string; readonly id: string },
  userDataDir: string,
): Promise<boolean> =>
  (['trust', 'armed', 'local-users'] as const).some((kind) => existsSync(ownFile(userDataDir, kind, project))) ||
  (await recentProjects(userDataDir)).some((one) => one.path === project.path && one.id === project.id);

/**
 * The gate of a project. Where its folder came from is decided once: what this user had already, or what sets nothing up yet, is his own;
 * and so is one that a command names (SPEC §6.7 "trusted by that act"); anything else came from elsewhere. Errors: `file.*`.
 */
export async function openGate(
  trust: TrustStore,
  paths: ProjectPaths,
  wasOwn: Awaited<ReturnType<typeof isOwnAlready>> | 'named',
): Promise<ProjectGate> {
  const gate = new ProjectGate(trust, paths.project);
  if (trust.origin === null) {
    const isBare = wasOwn === 'bare' && (await gate.read()).trust.capabilities.length === 0;
    await trust.noteOrigin(wasOwn === 'known' || wasOwn === 'named' || isBare ? 'here' : 'elsewhere');
  }
  if (trust.origin === 'elsewhere')
    gate.openedWith = await gate.read().then(
      ({ hash }) => hash,
      () => null,
    );
  return gate;
}

/** Makes a project and remembers that it was made here, unless settings stood in its folder before. Errors as of `initProject`. */
export async function makeProject(
  path: string,
  options: Parameters<typeof initProject>[1],
  userDataDir: string,
): ReturnType<typeof initProject> {
  const before = projectPaths(path);
  const wasThere = [before.configFile, before.localConfigFile, before.root].some(existsSync);
  const made = await initProject(path, options);
  const env = await readEnvFile(join(made.path, '.env')).catch(() => null);
  if (!wasThere && env !== null && variablesThatLoad('.env', env).length === 0)
    await noteMadeHere(made.path, userDataDir);
  return made;
}

/** Remembers that the project of a folder was made here, unless something else is known of it. Errors: `file.*`. */
export async function noteMadeHere(folder: string, userDataDir: string): Promise<void> {
  const path = await realpath(folder);
  const id = await ensureProjectId(path, randomUUID);
  const trust = await TrustStore.open(ownFile(userDataDir, 'trust', { path, id }), async () => NOTHING);
  if (trust.origin === null) await trust.noteOrigin('here');
}

const NOTHING = { subjects: {}, armed: {} };
