import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';

/** `store.corrupt` about a stored value that is not what was written. */
export const damaged = (message: string, cause?: unknown): AppError =>
  new AppError('store.corrupt', message, { hint: 'Restore the state folder from a backup.', cause });

/** A stored JSON text as its value; `store.corrupt` when it is none. */
export function parseStored(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw damaged('A stored record is damaged and cannot be read.', cause);
  }
}

/** The smallest SQLite file; SQLite itself takes anything shorter for a new one and writes over it. */
const SMALLEST_BYTES = 512;

/** What else in a state folder says that a store has been used. Paths may be missing. */
export interface StoreTraces {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** The caller knows it anyway. */
  readonly isUsed?: boolean;
}

/**
 * `store.corrupt` for a store file that is missing, empty or too short to be one although something beside it says that there was one:
 * a new store in its place would forget every run and do their steps again. Looks only; call it before SQLite sees the file.
 */
export function refuseLostStore(file: string, traces: StoreTraces): void {
  const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? null;
  if (sizeBytes !== null && sizeBytes >= SMALLEST_BYTES) return;
  const trace = firstTrace(traces);
  if (trace === null && (sizeBytes ?? 0) === 0) return;
  const what =
    sizeBytes === null ? 'is missing' : sizeBytes === 0 ? 'is empty' : `has only ${grouped(sizeBytes)} bytes`;
  throw lostStore(file, what, trace);
}

/** `store.corrupt` for a store that holds nothing at all although something beside it says that it was used. */
export function refuseEmptiedStore(file: string, traces: StoreTraces): void {
  const trace = firstTrace(traces);
  if (trace !== null) throw lostStore(file, 'holds nothing', trace);
}

function lostStore(file: string, what: string, trace: string | null): AppError {
  const beside = trace === null ? '' : `, but ${trace} beside it is in use`;
  return new AppError('store.corrupt', `The store of this project ${what}${beside}: ${basename(file)}`, {
    hint: `Restore the state folder from a backup. To begin anew, move the folder ${dirname(dirname(file))} away.`,
    details: { file },
  });
}

function firstTrace({ folders, files, isUsed }: StoreTraces): string | null {
  if (isUsed) return 'the project';
  const folder = folders.find((path) => existsSync(path) && readdirSync(path).length > 0);
  if (folder !== undefined) return `${basename(folder)}/`;
  const found = files.find((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0);
  return found === undefined ? null : basename(found);
}
