import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../shared/errors.ts';
import { toFileError, writeFileAtomic } from '../files/index.ts';
import { removeEmptyFolders } from './remove-empty-folders.ts';
import type { WakeCommand, WakeUnits } from './wake-order.ts';

/** Runs a program of the system. Rejects where it fails. */
export type RunWakeCommand = (command: WakeCommand) => Promise<unknown>;

/** The program found on the path, as this user. */
export const runSystemCommand: RunWakeCommand = ({ program, args }) => promisify(execFile)(program, [...args]);

/** How much of the timer is there: `changed` = files of another version of the app, or of a hand. */
export async function timerState({ files }: WakeUnits): Promise<'off' | 'on' | 'changed'> {
  const found = await Promise.all(files.map(({ path }) => readFile(path, 'utf8').catch(() => null)));
  if (found.every((text) => text === null)) return 'off';
  return files.every(({ text }, at) => found[at] === text) ? 'on' : 'changed';
}

/** Writes the files and has the system take them; where it refuses they are gone again. Errors: `wake.refused`, `file.*`. */
export async function installTimer(units: WakeUnits, run: RunWakeCommand = runSystemCommand): Promise<void> {
  for (const { path, text } of units.files) {
    try {
      await mkdir(dirname(path), { recursive: true });
    } catch (thrown) {
      throw toFileError(thrown, path);
    }
    await writeFileAtomic(path, text, 0o600);
  }
  try {
    for (const command of units.load) await run(command);
  } catch (thrown) {
    await removeTimer(units, run);
    throw refused(thrown);
  }
}

/** Takes the timer away, with its files and the folders that were made for them. A timer that the system does not know is gone already. */
export async function removeTimer(units: WakeUnits, run: RunWakeCommand = runSystemCommand): Promise<void> {
  for (const command of units.unload) await run(command).catch(() => undefined);
  for (const { path } of units.files) {
    await rm(path, { force: true }).catch((thrown: unknown) => {
      throw toFileError(thrown, path);
    });
    await removeEmptyFolders(dirname(path));
  }
  for (const command of units.afterwards) await run(command).catch(() => undefined);
}

function refused(thrown: unknown): AppError {
  const said = (thrown as { readonly stderr?: string }).stderr?.trim() || (thrown as Error).message;
  return new AppError('wake.refused', 'The system does not take the timer.', {
    hint: said.split('\n')[0] ?? said,
    cause: thrown,
  });
}
