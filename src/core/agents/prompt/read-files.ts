import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import { isInside, openInside, resolveInside } from '../../files/index.ts';

/** A file that a step names for its agent. */
export interface PromptFile {
  readonly name: string;
  /** null = it is only named. */
  readonly text: string | null;
  /** Why it is only named, or that it was cut; null = it is whole. */
  readonly note: string | null;
}

/** SPEC §4.1: of all files of a prompt together. */
export const FILES_CAP_BYTES: number = 200 * 1024;
const MAX_FILES = 200;

/** Names that no prompt ever holds (SPEC §4.1), in any folder and any case. */
function isHidden(segment: string): boolean {
  const name = segment.toLowerCase();
  return name === '.git' || name === '.aiworkflow' || name.startsWith('.env');
}

/** True for a path, relative to its root, of which an agent may read. */
export const isReadablePath = (path: string): boolean => !path.split(/[\\/]/).some(isHidden);

/** The names in `files` of the inputs: texts, maps with `path`, `file` or `name`, or one of these alone. */
export function fileNames(files: Json | undefined): readonly string[] {
  if (files === undefined || files === null) return [];
  const items: readonly Json[] = Array.isArray(files) ? files : [files as Json];
  return items.flatMap((item): readonly string[] => {
    if (typeof item === 'string') return item === '' ? [] : [item];
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return [];
    const { path, file, name } = item as Readonly<Record<string, Json>>;
    const given = [path, file, name].find((one) => typeof one === 'string');
    return given === undefined ? [] : [given as string];
  });
}

/**
 * Reads the named files from the folders in which a step may look, the first that has one: the project, then the run's own copy of
 * the bundle and its lasting files. Links are followed while they stay inside; what is hidden, outside, missing or no text is only
 * named. Never rejects for what a file is.
 */
export async function readPromptFiles(
  names: readonly string[],
  roots: readonly string[],
): Promise<readonly PromptFile[]> {
  const files: PromptFile[] = [];
  let left = FILES_CAP_BYTES;
  for (const name of names.slice(0, MAX_FILES)) {
    const read = await readOne(name, roots, left);
    left -= read.bytes;
    files.push({ name, text: read.text, note: read.note });
  }
  for (const name of names.slice(MAX_FILES)) files.push({ name, text: null, note: 'not read: too many files' });
  return files;
}

interface ReadOne {
  readonly text: string | null;
  readonly note: string | null;
  readonly bytes: number;
}

const named = (note: string): ReadOne => ({ text: null, note, bytes: 0 });

const OUTSIDE = named('not read: it lies outside the project');

async function readOne(name: string, roots: readonly string[], left: number): Promise<ReadOne> {
  const misses: (ReadOne | null)[] = [];
  for (const root of roots) {
    const found = await readFrom(root, name, left).catch((thrown) => (isOutside(thrown) ? OUTSIDE : null));
    if (found !== null && found.text !== null) return found;
    misses.push(found);
  }
  const refused = misses.find((one) => one !== null && one !== OUTSIDE);
  if (refused != null) return refused;
  // A whole path that lies below one of the folders lies outside the others: that says nothing.
  const isAway = misses.includes(OUTSIDE) && !(isAbsolute(name) && misses.includes(null));
  return isAway ? OUTSIDE : named('not found');
}

const isOutside = (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === 'file.outside';

/** null = this root does not have it. Throws what `files` throws for a path that leaves the root. */
async function readFrom(root: string, name: string, left: number): Promise<ReadOne | null> {
  const path = await insideOf(root, name);
  if (path === null) return null;
  if (!isReadablePath(path)) return named('not read: agents are never given this file');
  const content = await readHead(root, path, left);
  if (content === null) return null;
  const { bytes, sizeBytes } = content;
  if (bytes.includes(0)) return named('not read: not a text');
  const isCut = sizeBytes > bytes.length;
  if (isCut && bytes.length === 0) return named('not read: the files together are larger than 200 KiB');
  return {
    text: new TextDecoder('utf-8').decode(bytes),
    note: isCut ? `cut: ${bytes.length} of ${sizeBytes} bytes` : null,
    bytes: bytes.length,
  };
}

/** The path below the real root, links followed; null when nothing is there. `file.outside` for one that leaves it. */
export async function insideOf(root: string, name: string): Promise<string | null> {
  const realRoot = await realpath(root).catch(() => null);
  if (realRoot === null) return null;
  const target = await resolveInside(realRoot, isAbsolute(name) ? relativeTo([root, realRoot], name) : name);
  const path = relative(realRoot, target).split(sep).join('/');
  return path === '' ? null : path;
}

/** What lies in neither stays absolute, and is refused as such. */
function relativeTo(roots: readonly string[], path: string): string {
  const root = roots.find((one) => isInside(one, path));
  return root === undefined ? path : relative(root, path);
}

/**
 * The first `limit` bytes of a file below `root`; null when it is not there. The path was looked at with its links followed: one
 * that has become a link since is refused.
 */
export async function readHead(
  root: string,
  path: string,
  limit: number,
): Promise<{ readonly bytes: Buffer; readonly sizeBytes: number } | null> {
  const handle = await openInside(root, path).catch(() => null);
  if (handle === null) return null;
  try {
    if ((await insideOf(root, path)) !== path) return null;
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, Math.min(size, limit)));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return { bytes: buffer.subarray(0, bytesRead), sizeBytes: size };
  } finally {
    await handle.close();
  }
}
