import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileEntry } from '../../shared/model/file-undo.ts';
import { startSha256 } from '../crypto/index.ts';
import { statsOf, targetOf } from './scan.ts';

/** What stands at a path now; null = nothing, or something that no snapshot holds. */
export async function entryAt(absolute: string): Promise<FileEntry | null> {
  const stats = await statsOf(absolute);
  if (stats === null) return null;
  if (stats.isDirectory()) return { kind: 'folder' };
  if (stats.isSymbolicLink()) return { kind: 'link', target: await targetOf(absolute) };
  if (!stats.isFile()) return null;
  const hash = startSha256();
  const handle = await open(absolute, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    for await (const piece of handle.createReadStream({ autoClose: false, highWaterMark: 1 << 20 }))
      hash.update(piece as Buffer);
  } finally {
    await handle.close();
  }
  return { kind: 'file', mode: Number(stats.mode & 0o777n), size: Number(stats.size), hash: hash.digestHex() };
}
