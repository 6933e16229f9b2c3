import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { HeightFile } from './height-file.ts';

/** The file whose presence says that a person goes on with a journal that lost its end. */
const acceptedFile = (storeFile: string): string => `${storeFile}-accepted`;

/**
 * `store.corrupt` when the journal ends before a position that was durable once. `true` = it does, and a person has accepted that by
 * making the file `state.db-accepted`, which is taken away.
 */
export function refuseShortJournal(
  storeFile: string,
  ends: { readonly at: number; readonly witnessed: number },
): boolean {
  if (ends.at >= ends.witnessed) return false;
  if (existsSync(acceptedFile(storeFile))) {
    rmSync(acceptedFile(storeFile));
    return true;
  }
  const name = basename(storeFile);
  throw new AppError(
    'store.corrupt',
    `The journal of this project has lost its end: ${name} and its write-ahead log hold events up to ${ends.at}, but ${ends.witnessed} were stored.`,
    {
      hint: `Restore the state folder from a backup. To go on without what is lost, make an empty file ${acceptedFile(storeFile)} and open the project again: scripts that are on record as started are not started again, anything else after event ${ends.at} may be done twice.`,
      details: { file: storeFile, found: ends.at, witnessed: ends.witnessed },
    },
  );
}

/** A person has put an older store here, whose journal ends at `position`: it is accepted that what came after is lost. */
export function acceptLostEnd(storeFile: string, position: number): void {
  if (new HeightFile(`${storeFile}-height`).read() > position)
    writeFileSync(acceptedFile(storeFile), '', { mode: 0o600 });
}
