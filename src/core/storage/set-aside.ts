import { closeSync, copyFileSync, existsSync, ftruncateSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';

/** What SQLite keeps beside a file. */
export const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;

/** `20261129T094433Z`: sorts by time and is a name on every system. */
const stampOf = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/** A name beside the file that nobody has. */
function freeName(file: string, at: number): string {
  const wanted = `${file}.damaged-${stampOf(at)}`;
  let name = wanted;
  for (let count = 2; existsSync(name); count += 1) name = `${wanted}-${count}`;
  return name;
}

/** Renames a file that nobody has open, with what SQLite keeps beside it. Gives the name of the copy. `at` in UTC ms. */
export function setAside(file: string, at: number): string {
  const aside = freeName(file, at);
  for (const side of ['', ...SIDE_FILES]) {
    if (existsSync(`${file}${side}`)) renameSync(`${file}${side}`, `${aside}${side}`);
  }
  return basename(aside);
}

/**
 * Keeps a copy and empties the file where it stands, for a file that others may be opening at this moment: a rename would leave two
 * of them with a file, and with a lock, of their own.
 */
export function emptyInPlace(file: string, at: number): string {
  const aside = freeName(file, at);
  copyFileSync(file, aside);
  for (const side of SIDE_FILES) rmSync(`${file}${side}`, { force: true });
  const descriptor = openSync(file, 'r+');
  try {
    ftruncateSync(descriptor, 0);
  } finally {
    closeSync(descriptor);
  }
  return basename(aside);
}
