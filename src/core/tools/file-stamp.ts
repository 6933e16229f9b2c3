import { statSync } from 'node:fs';

/** Changes with the content of a file, as far as its date, size and inode tell; '' = there is none. Cheap: nothing is read. */
export function fileStamp(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? '' : `${found.mtimeNs}:${found.size}:${found.ino}`;
}
