import { existsSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type { ReplacedStore } from '../../shared/model/backup.ts';
import { toFileError } from '../files/index.ts';
import { ensureStateDirs, type ProjectPaths, projectPaths } from '../projects/index.ts';
import { acceptLostEnd, listBackups, placesIn, setAside, takeLease, workApart } from '../storage/index.ts';

/** An error of opening, with the newest backup where that would help. */
export function offerRestore(error: unknown, paths: ProjectPaths): unknown {
  if (!(error instanceof AppError) || error.code !== 'store.corrupt') return error;
  const [newest] = listBackups(paths.backupsDir);
  if (newest === undefined) return error;
  const at = new Date(newest.at).toISOString().slice(0, 16).replace('T', ' ');
  return new AppError(error.code, error.message, {
    hint: `Bring back the backup of ${at} UTC, which holds ${grouped(newest.runs)} runs, with 'aiworkflow restore --here': the damaged file is kept.`,
    details: { ...error.details, backup: newest.name },
    cause: error,
  });
}

/**
 * Puts a backup where the store of a project was, which nobody may have open: the damaged file is renamed, never written over. What was
 * stored after the backup is lost; positions that were given are not given again. Errors: `lease.held`, `file.not_found` = no such backup,
 * `file.*`, `store.corrupt` = the backup itself is damaged; then everything stands as it did.
 */
export async function replaceStore(
  projectPath: string,
  { backup, now }: { readonly backup: string | null; readonly now: () => number },
): Promise<ReplacedStore> {
  const paths = projectPaths(projectPath);
  const found = listBackups(paths.backupsDir).find((one) => backup === null || one.name === backup);
  if (found === undefined) throw noSuchBackup(backup);
  await ensureStateDirs(paths);
  const lease = takeLease(paths.leaseFile, now);
  try {
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

/** `file.not_found`; null = there is none at all. */
export const noSuchBackup = (name: string | null): AppError =>
  new AppError('file.not_found', name === null ? 'There is no backup yet.' : `There is no backup '${name}'.`, {
    hint: "'aiworkflow backup' makes one, 'aiworkflow backup --list' shows all.",
  });
