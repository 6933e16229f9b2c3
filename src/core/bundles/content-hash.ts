import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { BundleFile } from '../../shared/model/bundle.ts';
import { toFileError } from '../files/index.ts';
import type { FoundFile } from './bundle-files.ts';

/** What hashing a set of files gives: the version of SPEC §6.5 and what was seen on the way. */
export interface HashedFiles {
  readonly contentHash: string;
  readonly files: readonly BundleFile[];
  readonly sizeBytes: number;
}

const CHUNK_BYTES = 256 * 1024;
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function changed(path: string): AppError {
  return new AppError('bundle.changed', `The file changed while it was read: ${path}`, { hint: 'Try again.' });
}

async function writeAll(target: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += (await target.write(chunk, done, chunk.length - done)).bytesWritten;
  }
}

/** What goes before the bytes of a file (SPEC §6.5). */
const headerOf = (path: string, hasShebang: boolean, size: number): string =>
  `${path}\0${hasShebang ? 'x' : ''}\0${size}\0`;

const isMarkedExecutable = (mode: number): boolean => process.platform !== 'win32' && (mode & 0o111) !== 0;

interface Streamed {
  readonly sizeBytes: number;
  readonly hasShebang: boolean;
}

/** Feeds one open file into the hash (and into `target`); the head goes first, it decides the mode field. */
async function streamFile(
  source: FileHandle,
  file: FoundFile,
  hash: Hash,
  target: FileHandle | null,
): Promise<Streamed> {
  const { size } = await source.stat();
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size + 1));
  let [done, hasShebang] = [0, false];
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, done);
    const chunk = buffer.subarray(0, bytesRead);
    if (done === 0) {
      hasShebang = bytesRead >= 2 && chunk[0] === 0x23 && chunk[1] === 0x21;
      hash.update(headerOf(file.path, hasShebang, size));
    }
    if (bytesRead === 0) break;
    hash.update(chunk);
    if (target !== null) await writeAll(target, chunk);
    done += bytesRead;
    if (done > size) throw changed(file.path);
  }
  if (done !== size) throw changed(file.path);
  return { sizeBytes: size, hasShebang };
}

async function openTarget(folder: string, path: string): Promise<FileHandle> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  return open(target, 'wx', 0o600);
}

async function hashOne(file: FoundFile, hash: Hash, copyTo: string | null): Promise<BundleFile> {
  const source = await open(file.absolutePath, READ_FLAGS);
  let target: FileHandle | null = null;
  try {
    const found = await source.stat();
    if (!found.isFile()) throw changed(file.path);
    if (copyTo !== null) target = await openTarget(copyTo, file.path);
    const { sizeBytes, hasShebang } = await streamFile(source, file, hash, target);
    const isExecutable = hasShebang || isMarkedExecutable(found.mode);
    if (target !== null) {
      if (isExecutable) await target.chmod(0o700);
      await target.sync();
    }
    return { path: file.path, sizeBytes, isExecutable };
  } finally {
    await source.close();
    await target?.close();
  }
}

/**
 * The content hash of SPEC §6.5: SHA-256 over `path \0 mode \0 size \0 bytes` of every file in the byte order of the
 * paths, mode `x` when the file begins with a shebang and else empty. With `copyTo` the very bytes that were hashed are
 * written there (0600, 0700 when executable, synced). Errors: `bundle.changed`, `file.not_found`, `file.io`, `file.disk_full`.
 */
export async function hashFiles(files: readonly FoundFile[], copyTo: string | null = null): Promise<HashedFiles> {
  const hash = createHash('sha256');
  const seen: BundleFile[] = [];
  for (const file of files) {
    try {
      seen.push(await hashOne(file, hash, copyTo));
    } catch (thrown) {
      throw toFileError(thrown, file.path);
    }
  }
  const sizeBytes = seen.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { contentHash: hash.digest('hex'), files: seen, sizeBytes };
}

/**
 * The content hash over the very bytes that `visit` is shown, one file after the other in the order given. Errors: `bundle.changed`,
 * `file.not_found`, `file.io`.
 */
export async function readFiles(
  files: readonly FoundFile[],
  visit: (file: BundleFile, bytes: Uint8Array) => void,
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    try {
      const source = await open(file.absolutePath, READ_FLAGS);
      try {
        const found = await source.stat();
        if (!found.isFile()) throw changed(file.path);
        const bytes = await source.readFile();
        const hasShebang = bytes[0] === 0x23 && bytes[1] === 0x21;
        hash.update(headerOf(file.path, hasShebang, bytes.length)).update(bytes);
        const isExecutable = hasShebang || isMarkedExecutable(found.mode);
        visit({ path: file.path, sizeBytes: bytes.length, isExecutable }, bytes);
      } finally {
        await source.close();
      }
    } catch (thrown) {
      throw toFileError(thrown, file.path);
    }
  }
  return hash.digest('hex');
}
