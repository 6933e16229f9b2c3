import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A file of an archive: its bytes, or where they lie. */
export type ZipEntry = { readonly path: string } & ({ readonly bytes: Buffer } | { readonly file: string });

const OPTIONS = { mode: 0o100600, compress: false };

/**
 * Writes an archive for this user alone; files are stored as they are, for one that shrinks to a hundredth looks like a bomb to whoever unpacks
 * it. Errors: those of the system.
 */
export async function writeZip(path: string, entries: readonly ZipEntry[]): Promise<void> {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  for (const entry of entries) {
    if ('bytes' in entry) zip.addBuffer(entry.bytes, entry.path, OPTIONS);
    else zip.addFile(entry.file, entry.path, OPTIONS);
  }
  zip.end();
  await written;
}
