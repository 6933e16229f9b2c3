import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { isInside, toFileError } from '../files/index.ts';
import { type IgnoreCheck, readBundleIgnore } from './bundle-ignore.ts';
import { FOLDER_LIMITS, SMALL_FILE_BYTES } from './bundle-limits.ts';

/** A file that belongs to the version: `path` inside the bundle (NFC, `/`), `absolutePath` what is really opened. */
export interface FoundFile {
  readonly path: string;
  readonly absolutePath: string;
}

export interface FoundFiles {
  /** Sorted by the bytes of `path`, the order of the content hash. */
  readonly files: readonly FoundFile[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Walk {
  readonly root: string;
  readonly isIgnored: IgnoreCheck;
  readonly files: FoundFile[];
  readonly diagnostics: Diagnostic[];
  sizeBytes: number;
  /** Names that were looked at, whatever they are. */
  entries: number;
}

/** Byte order, the same on every system and in every language. */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function readSmallText(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || found.size > SMALL_FILE_BYTES) return '';
  return readFile(path, 'utf8').catch(() => '');
}

function note(walk: Walk, severity: 'error' | 'warning', code: string, message: string, path: string): void {
  walk.diagnostics.push({ severity, code, message, file: path });
}

async function addFile(walk: Walk, path: string, absolutePath: string): Promise<void> {
  const found = await stat(absolutePath).catch((thrown: unknown) => Promise.reject(toFileError(thrown, path)));
  if (!found.isFile()) {
    note(walk, 'warning', 'bundle.not_a_file', `Not a regular file, left out: ${path}`, path);
    return;
  }
  walk.sizeBytes += found.size;
  walk.files.push({ path: path.normalize('NFC'), absolutePath });
  if (walk.files.length > FOLDER_LIMITS.files || walk.sizeBytes > FOLDER_LIMITS.bytes) throw tooLarge(walk);
}

const tooLarge = (walk: Walk): AppError =>
  new AppError('bundle.too_large', `The folder is too large for a bundle: ${walk.root}`, {
    hint: 'Name the folder of one bundle, or leave big parts out with a .bundleignore file.',
  });

async function addLink(walk: Walk, path: string, absolutePath: string): Promise<void> {
  const target = await realpath(absolutePath).catch(() => null);
  if (target === null || !isInside(walk.root, target)) {
    note(walk, 'error', 'bundle.link_leaves', `Link leaves the bundle: ${path}`, path);
    return;
  }
  const found = await stat(target).catch(() => null);
  if (found?.isFile()) await addFile(walk, path, target);
  else note(walk, 'warning', 'bundle.link_to_folder', `Link to a folder, left out: ${path}`, path);
}

async function addEntry(walk: Walk, folder: string, entry: Dirent): Promise<void> {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  walk.entries += 1;
  if (walk.entries > FOLDER_LIMITS.entries) throw tooLarge(walk);
  if (walk.isIgnored(path, entry.isDirectory())) return;
  const absolutePath = join(walk.root, path);
  if (entry.isSymbolicLink()) await addLink(walk, path, absolutePath);
  else if (!entry.isDirectory()) await addFile(walk, path, absolutePath);
  else if (path.split('/').length >= FOLDER_LIMITS.depth) {
    note(walk, 'warning', 'bundle.too_deep', `Folder is nested too deeply, left out: ${path}`, path);
  } else await addFolder(walk, path);
}

async function addFolder(walk: Walk, folder: string): Promise<void> {
  const entries = await readdir(join(walk.root, folder), { withFileTypes: true }).catch((thrown: unknown) =>
    Promise.reject(toFileError(thrown, folder === '' ? walk.root : folder)),
  );
  for (const entry of entries) await addEntry(walk, folder, entry);
}

/**
 * All files of a bundle that count for its version (SPEC §6.5): no `.git`, `.env` and the like, nothing that
 * `.bundleignore` names. Links are followed while they stay inside, else `bundle.link_leaves`. `root` is a real path.
 * Errors: `bundle.too_large`, `file.not_found`, `file.io`.
 */
export async function findBundleFiles(root: string): Promise<FoundFiles> {
  const isIgnored = readBundleIgnore(await readSmallText(join(root, '.bundleignore')));
  const walk: Walk = { root, isIgnored, files: [], diagnostics: [], sizeBytes: 0, entries: 0 };
  await addFolder(walk, '');
  walk.files.sort((a, b) => comparePaths(a.path, b.path));
  for (const [index, file] of walk.files.entries()) {
    if (walk.files[index + 1]?.path !== file.path) continue;
    note(walk, 'error', 'bundle.same_name', `Two files have the same name once normalised: ${file.path}`, file.path);
  }
  walk.diagnostics.sort((a, b) => comparePaths(a.file ?? '', b.file ?? ''));
  return { files: walk.files, diagnostics: walk.diagnostics };
}
