import { open } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import type { FileEntry, FileText } from '../../shared/model/file-undo.ts';
import { errnoOf, openInside } from '../files/index.ts';
import { absoluteOf, type Roots, refuseDetour } from './restore.ts';
import { statsOf, targetOf } from './scan.ts';
import { placeOf } from './tree.ts';

/** More than this nobody compares line by line. */
const MOST_BYTES = 512 * 1024;

/** What a snapshot holds of a file; null = nothing was there. `undo.gone` */
export async function keptText(entry: FileEntry | null, contentOf: (hash: string) => string): Promise<FileText> {
  if (entry === null) return { kind: 'none' };
  if (entry.kind !== 'file') return entry;
  if (entry.size > MOST_BYTES) return { kind: 'large', size: entry.size };
  const handle = await open(contentOf(entry.hash)).catch((thrown: unknown) => {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
    throw new AppError('undo.gone', 'What was kept of this file is gone: newer runs needed the room.');
  });
  return handle
    .readFile()
    .then(shown)
    .finally(() => handle.close());
}

/** What stands at a place now. `file.outside` where a link on the way leads elsewhere, `undo.not_taken` where it cannot be read. */
export async function standingText(key: string, roots: Roots): Promise<FileText> {
  const { root, path } = placeOf(key);
  const absolute = absoluteOf(key, roots);
  await refuseDetour(absolute, roots[root]);
  const stats = await statsOf(absolute);
  if (stats === null) return { kind: 'none' };
  if (stats.isDirectory()) return { kind: 'folder' };
  if (stats.isSymbolicLink()) return { kind: 'link', target: await targetOf(absolute) };
  const size = Number(stats.size);
  if (!stats.isFile()) return { kind: 'binary', size };
  if (size > MOST_BYTES) return { kind: 'large', size };
  const handle = await openInside(roots[root], path);
  const buffer = Buffer.alloc(MOST_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, MOST_BYTES, 0).finally(() => handle.close());
  return shown(buffer.subarray(0, bytesRead));
}

function shown(bytes: Buffer): FileText {
  const binary = { kind: 'binary', size: bytes.length } as const;
  if (bytes.includes(0)) return binary;
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return binary;
  }
}
