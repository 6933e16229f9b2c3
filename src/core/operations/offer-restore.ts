import { existsSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type { ReplacedStore } from '../../shared/model/backup.ts';
import { toFileError } from '../files/index.ts';
import { createProcessRunner } from '../processes/index.ts';
import { ensureStateDirs, type ProjectPaths, projectPaths } from '../projects/index.ts';
import {
  acceptLostEnd,
  failpoint,
  listBackups,
  placesIn,
  Store,
  type StoredBackup,
  setAside,
  takeLease,
  workApart,
} from '../storage/index.ts';
import { systemClock } from '../time/index.ts';

/** An error of opening, with the newest backup where that would help. */
export function offerRestore(error: unknown, paths: ProjectPaths): unknown {
  if (!(error instanceof AppError) || error.code !== 'store.corrupt') return error;
  const [newest] = listBackups(paths.backupsDir);
  if (newest === undefined) return error;
  return new AppError(error.code, error.message, {
    hint: `Bring back the backup of ${minuteText(newest.at)} UTC, which holds ${grouped(newest.runs)} runs, with 'aiworkflow restore --here': the damaged file is kept.`,
    details: { ...error.details, backup: newest.name },
    cause: error,
  });
}

interface ReplaceOptions {
  /** Null = the newest. */
  readonly backup: string | null;
  readonly now: () => number;
  /** A person wants it whatever the store is like. */
  readonly isForced?: boolean;
}

/**
 * Puts a backup where the store of a project was, which nobody may have open: the damaged file is renamed, never written over. What was
 * stored after the backup is lost; positions that were given are not given again. Errors: `lease.held`, `file.not_found` = no such backup,
 * `store.not_damaged` = nothing is wrong with the store, `file.*`, `store.corrupt` = the backup itself is damaged; then everything stands as
 * it did.
 */
export async function replaceStore(
  projectPath: string,
  { backup, now, isForced = false }: ReplaceOptions,
): Promise<ReplacedStore> {
  const paths = projectPaths(projectPath);
  const found = listBackups(paths.backupsDir).find((one) => backup === null || one.name === backup);
  if (found === undefined) throw noSuchBackup(backup);
  await ensureStateDirs(paths);
  const lease = takeLease(paths.leaseFile, now);
  try {
    if (!isForced) await requireDamage(paths, found);
    const place = await mkdtemp(join(paths.stagingDir, 'restore-')).catch((error: unknown) => {
      throw toFileError(error, paths.stagingDir);
    });
    try {
      const made = placesIn(place);
      // What the store names is brought to where it belongs; what is there already stays.
      const to = { ...made, blobsDir: paths.blobsDir, archivesDir: paths.archivesDir };
      const counts = await workApart({ kind: 'restore', folder: join(paths.backupsDir, found.name), to }).done;
      const keptAs = existsSync(paths.storeFile) ? setAside(paths.storeFile, now()) : null;
      renameSync(made.storeFile, paths.storeFile);
      if (!existsSync(paths.logsFile) && existsSync(made.logsFile)) renameSync(made.logsFile, paths.logsFile);
      acceptLostEnd(paths.storeFile, found.position);
      return { ...counts, backup: found.name, at: found.at, keptAs };
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  } finally {
    lease.release();
  }
}

/** `store.not_damaged` where the store opens as it does with the project, and each page and event of it is what was written. */
async function requireDamage(paths: ProjectPaths, { at, runs }: StoredBackup): Promise<void> {
  if (!(await opensWhole(paths))) return;
  throw new AppError('store.not_damaged', 'Nothing was replaced: the store of this project is not damaged.', {
    hint: `To look at the backup, bring it back into a new folder: 'aiworkflow restore FOLDER'. To lose what was stored after ${minuteText(at)} UTC all the same, and go on with the ${grouped(runs)} runs of the backup: 'aiworkflow restore --here --force'.`,
  });
}

async function opensWhole(paths: ProjectPaths): Promise<boolean> {
  let store: Store | null = null;
  try {
    const { storeFile, logsFile, blobsDir, archivesDir, runsDir, backupsDir, stateDir } = paths;
    const usedFolders = [archivesDir, runsDir, blobsDir, backupsDir];
    const onNothing = (): void => undefined;
    store = new Store({ storeFile, logsFile, blobsDir, usedFolders, onLog: onNothing, onConversation: onNothing });
    const { position } = store.journal;
    const runner = createProcessRunner({ stateDir, clock: systemClock, failpoint, journalPosition: () => position });
    return position >= (await runner.witnessedPosition()) && store.findDamage() === null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'store.corrupt') return false;
    throw error;
  } finally {
    store?.close();
  }
}

const minuteText = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** `file.not_found`; null = there is none at all. */
export const noSuchBackup = (name: string | null): AppError =>
  new AppError('file.not_found', name === null ? 'There is no backup yet.' : `There is no backup '${name}'.`, {
    hint: "'aiworkflow backup' makes one, 'aiworkflow backup --list' shows all.",
  });
