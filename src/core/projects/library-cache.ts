import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleOutline } from '../bundles/index.ts';

/** What an entry of the library was when it was read last. */
export interface CachedOutline {
  /** Names, sizes and times of everything that an outline depends on. */
  readonly stamp: string;
  /** SHA-256 of the text of a lone file: a touched but unchanged file is not read again. */
  readonly textHash: string | null;
  /** Null where reading threw; `problem` says why. */
  readonly outline: BundleOutline | null;
  readonly problem: string | null;
}

/** Remembers outlines by absolute path, for as long as its owner lives. One per catalog of tools. */
export type LibraryCache = Map<string, CachedOutline>;

/** An empty cache for `listLibrary`. */
export function createLibraryCache(): LibraryCache {
  return new Map();
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? '-' : `${found.size}:${found.mtimeMs}:${found.ctimeMs}:${found.ino}:${found.mode}`;
}

async function stampChildren(folder: string): Promise<string> {
  const names = await readdir(folder).catch((): string[] => []);
  const stamps = await Promise.all(names.sort().map(async (name) => `${name}=${await stampOf(join(folder, name))}`));
  return stamps.join('\n');
}

/** The stamp of a lone workflow file, or of a bundle's own files and tools. */
export async function stampEntry(path: string, kind: 'file' | 'bundle', toolsDir: string): Promise<string> {
  if (kind === 'file') return stampOf(path);
  const parts = await Promise.all([stampOf(path), stampChildren(path), stampChildren(join(path, toolsDir))]);
  return parts.join('\n');
}

/** SHA-256 of a file's bytes, or null when it cannot be read. */
export async function hashText(path: string): Promise<string | null> {
  // Opening a pipe, which a link may lead to, would wait for its writer.
  const found = await stat(path).catch(() => null);
  const bytes = found?.isFile() ? await readFile(path).catch(() => null) : null;
  return bytes === null ? null : createHash('sha256').update(bytes).digest('hex');
}
