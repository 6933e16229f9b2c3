import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../files/index.ts';

/** A spec as it was fetched. */
export interface FetchedSpec {
  readonly url: string;
  /** SHA-256 of `text`. */
  readonly hash: string;
  readonly text: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** One file for each address, whatever characters are in it. */
const fileFor = (folder: string, url: string): string => join(folder, `openapi-${sha256(url).slice(0, 32)}.json`);

/** The spec that was fetched last from this address; null = none, or the file was changed since. */
export async function readCachedSpec(folder: string, url: string): Promise<FetchedSpec | null> {
  const written = await readFile(fileFor(folder, url), 'utf8').catch(() => null);
  if (written === null) return null;
  try {
    const { url: from, hash, text } = JSON.parse(written) as Partial<FetchedSpec>;
    return from === url && typeof text === 'string' && hash === sha256(text) ? { url, hash, text } : null;
  } catch {
    return null;
  }
}

/** Keeps it for later calls, pinned by its hash. Errors: `file.io`, `file.disk_full`. */
export async function writeCachedSpec(folder: string, url: string, text: string): Promise<void> {
  await writeFileAtomic(fileFor(folder, url), JSON.stringify({ url, hash: sha256(text), text }), 0o600);
}
