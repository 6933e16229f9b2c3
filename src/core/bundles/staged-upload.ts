import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StagedText } from '../../shared/contract/workflows.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { toFileError } from '../files/index.ts';
import { isAlwaysIgnored } from './bundle-ignore.ts';
import { ARCHIVE_LIMITS } from './bundle-limits.ts';
import { checkInnerPath, createNameLedger, type NameLedger } from './inner-path.ts';

/** A piece of a file as a door hands it in: `path` inside the bundle, bytes from `offset` on. */
export interface UploadPart {
  readonly path: string;
  readonly base64: string;
  readonly offset: number;
}

/** The files of one upload on disk, and what may still be added. */
export interface StagedUpload {
  readonly folder: string;
  readonly ledger: NameLedger;
  readonly sizes: Map<string, number>;
}

const ARCHIVE_NAME = /\.(?:awb|zip)$/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Where the uploaded files of an upload lie, where an archive of it is unpacked, where the archive's manifest goes. */
export function stagedFolders(folder: string): {
  readonly files: string;
  readonly content: string;
  readonly manifest: string;
} {
  return { files: join(folder, 'files'), content: join(folder, 'content'), manifest: join(folder, 'manifest.json') };
}

async function readSizes(root: string, folder: string, sizes: Map<string, number>): Promise<void> {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) await readSizes(root, path, sizes);
    else sizes.set(path, (await stat(join(root, path))).size);
  }
}

/** Opens an upload from its folder; after a restart of the app it goes on where it was. */
export async function openUpload(folder: string): Promise<StagedUpload> {
  const { files } = stagedFolders(folder);
  const upload: StagedUpload = { folder, ledger: createNameLedger(), sizes: new Map() };
  try {
    await mkdir(files, { recursive: true, mode: 0o700 });
    await readSizes(files, '', upload.sizes);
  } catch (thrown) {
    throw toFileError(thrown, folder);
  }
  for (const path of upload.sizes.keys()) upload.ledger.add(path);
  return upload;
}

function decodePart(part: UploadPart): Buffer {
  if (part.base64.length % 4 === 0 && BASE64.test(part.base64)) return Buffer.from(part.base64, 'base64');
  throw new AppError('contract.invalid_input', `The content of ${JSON.stringify(part.path)} is not base64.`);
}

function checkLimits(upload: StagedUpload, path: string, sizeAfter: number): void {
  const others = [...upload.sizes].reduce((sum, [known, size]) => (known === path ? sum : sum + size), 0);
  if (upload.sizes.size <= ARCHIVE_LIMITS.files && others + sizeAfter <= ARCHIVE_LIMITS.bytes) return;
  throw new AppError('bundle.too_large', 'The upload is too large for a bundle.', {
    hint: `At most ${grouped(ARCHIVE_LIMITS.files)} files and ${ARCHIVE_LIMITS.bytes / 1024 / 1024} MiB.`,
  });
}

async function writePart(upload: StagedUpload, part: UploadPart): Promise<void> {
  const path = checkInnerPath(part.path);
  if (isAlwaysIgnored(path)) return;
  const bytes = decodePart(part);
  const known = upload.sizes.get(path) ?? 0;
  if (part.offset > known) {
    throw new AppError('contract.invalid_input', `Parts of ${JSON.stringify(path)} arrived out of order.`);
  }
  upload.ledger.add(path, 'allow');
  upload.sizes.set(path, known);
  checkLimits(upload, path, part.offset + bytes.length);
  const target = join(stagedFolders(upload.folder).files, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const handle = await open(target, known === 0 ? 'w' : 'r+', 0o600);
  try {
    // A part that comes twice takes the place of what stood from its offset on.
    await handle.truncate(part.offset);
    await handle.write(bytes, 0, bytes.length, part.offset);
  } finally {
    await handle.close();
  }
  upload.sizes.set(path, part.offset + bytes.length);
}

/**
 * Adds parts to an upload, within the limits of SPEC §6.6. What never belongs to a version (`.git`, `.env` …) is passed
 * over. Errors: `bundle.archive_refused` (names), `bundle.too_large`, `contract.invalid_input`, `file.*`.
 */
export async function addParts(upload: StagedUpload, parts: readonly UploadPart[]): Promise<void> {
  try {
    // What was unpacked from an earlier state of the upload no longer counts.
    await rm(stagedFolders(upload.folder).content, { recursive: true, force: true });
    await rm(stagedFolders(upload.folder).manifest, { force: true });
    for (const part of parts) await writePart(upload, part);
  } catch (thrown) {
    throw toFileError(thrown, upload.folder);
  }
}

/** The one archive that an upload consists of, or null when it is a folder's files. */
export function archiveOf(upload: StagedUpload): string | null {
  const [only, ...others] = upload.sizes.keys();
  return only !== undefined && others.length === 0 && !only.includes('/') && ARCHIVE_NAME.test(only) ? only : null;
}

/** The folder in which the bundle begins: one common top folder is passed over. */
export async function findContentRoot(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) =>
    Promise.reject(toFileError(thrown, folder)),
  );
  const [only, ...others] = entries;
  return only?.isDirectory() && others.length === 0 ? join(folder, only.name) : folder;
}

/** A text file of the staging, or null. */
export async function readStagedText(path: string, limit: number): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() && found.size <= limit ? readFile(path, 'utf8').catch(() => null) : null;
}

/** The begin of a file as text, `limit` bytes of it at most; what holds a zero byte is none. Errors: `file.*`. */
export async function readTextHead(path: string, limit: number): Promise<StagedText> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, limit)), 0, Math.min(size, limit), 0);
      const bytes = buffer.subarray(0, bytesRead);
      // A character that the limit cuts in two is left out.
      const text = bytes.includes(0) ? null : new TextDecoder().decode(bytes, { stream: bytesRead < size });
      return { text, sizeBytes: size, isWhole: bytesRead === size };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw toFileError(thrown, path);
  }
}
