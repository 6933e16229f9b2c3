import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { Caller, Identity } from '../../shared/model/access.ts';
import { AccessControl, type AccessOptions, firstOf, readerOf } from '../governance/index.ts';
import { ensureProjectId, readProjectId } from '../projects/index.ts';
import { type AccessRepository, readAccess } from '../storage/index.ts';
import type { Clock } from '../time/index.ts';
import { ownFile } from './own-file.ts';

/** Who may do what in a project that is being opened. Errors: `file.io`, `file.disk_full`. */
export async function openAccess(
  repository: AccessRepository,
  project: { readonly projectPath: string; readonly userDataDir: string; readonly clock: Clock },
  starterOf: AccessOptions['starterOf'] = () => null,
): Promise<AccessControl> {
  const { projectPath: path, userDataDir, clock } = project;
  const id = await ensureProjectId(path, randomUUID);
  const localUsersFile = ownFile(userDataDir, 'local-users', { path, id });
  return AccessControl.open({ repository, localUsersFile, now: () => clock.now(), starterOf });
}

/** The same for whoever only reads files and holds nothing: it is looked up and nothing is written. Errors: `access.bad_token`, `store.*`. */
export async function glanceAt(
  project: {
    readonly projectPath: string;
    readonly userDataDir: string;
    readonly storeFile: string;
    readonly clock: Clock;
  },
  caller: Caller,
): Promise<Identity> {
  const { projectPath: path, userDataDir, storeFile, clock } = project;
  const id = await readProjectId(path);
  if (id === null) return firstOf(caller);
  const localUsersFile = ownFile(userDataDir, 'local-users', { path, id });
  try {
    const found = await readAccess(storeFile, async (repository) =>
      (await AccessControl.open({ repository, localUsersFile, now: () => clock.now() })).glance(caller),
    );
    return found ?? firstOf(caller);
  } catch (error) {
    // A file can still be looked at beside a damaged store, or on a disk that cannot be written.
    const isUnread = error instanceof AppError && /^(?:store|file)\./.test(error.code);
    if (caller.credential !== undefined || !isUnread) throw error;
    return readerOf(caller);
  }
}
