import { randomUUID } from 'node:crypto';
import { ensureProjectId, listLibrary, type ProjectPaths, readProjectId } from '../projects/index.ts';
import { readOldConsents } from '../triggers/index.ts';
import { TrustStore } from '../trust/index.ts';
import { ownFile } from './own-file.ts';

/** Where the trust of a project lies: outside it, by its real path and its id (DESIGN decision 2). Errors: `file.*`. */
export async function openTrust(paths: ProjectPaths, userDataDir: string): Promise<TrustStore> {
  const project = { path: paths.project, id: await ensureProjectId(paths.project, randomUUID) };
  // Before there was trust each trigger had a consent of its own.
  return TrustStore.open(ownFile(userDataDir, 'trust', project), () =>
    readOldConsents(ownFile(userDataDir, 'armed', project), () => listLibrary(paths)),
  );
}

const NOTHING = { subjects: {}, armed: {} };

/** The same for whoever only reads files and holds nothing: nothing is written. Errors: `file.io`. */
export async function glanceAtTrust({ project: path }: ProjectPaths, userDataDir: string): Promise<TrustStore> {
  // Of a project without an id nothing was ever written down.
  const id = (await readProjectId(path)) ?? '';
  return TrustStore.open(ownFile(userDataDir, 'trust', { path, id }), async () => NOTHING);
}
