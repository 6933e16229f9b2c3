import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunFile } from '../../shared/contract/index.ts';
import { openInside } from '../files/index.ts';

const MAX_FILES = 2_000;
const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  log: 'text/plain',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  xml: 'text/xml',
  yaml: 'text/yaml',
  yml: 'text/yaml',
};

/** The regular files that a run has left, sorted by path, at most 2,000; links are not followed. */
export async function listRunFiles(folder: string): Promise<readonly RunFile[]> {
  const files: RunFile[] = [];
  const visit = async (inner: string): Promise<void> => {
    const entries = await readdir(join(folder, inner), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (files.length >= MAX_FILES) return;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) {
        // A step may take its file away while it is listed.
        const found = await lstat(join(folder, path)).catch(() => null);
        if (found !== null) files.push({ path, sizeBytes: found.size, modifiedAt: Math.round(found.mtimeMs) });
      }
    }
  };
  await visit('');
  return files;
}

/** A part of a file of a run. `file.outside`, `file.not_found`. */
export async function readRunFile(
  folder: string,
  part: { readonly path: string; readonly offset: number; readonly limit: number },
): Promise<{ readonly base64: string; readonly sizeBytes: number; readonly mimeType: string }> {
  const file = await openInside(folder, part.path);
  try {
    const { size } = await file.stat();
    const length = Math.max(0, Math.min(part.limit, size - part.offset));
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, part.offset);
    const extension = part.path.split('.').at(-1)?.toLowerCase() ?? '';
    const mimeType = Object.hasOwn(TYPES, extension) ? (TYPES[extension] ?? '') : 'application/octet-stream';
    return { base64: buffer.subarray(0, bytesRead).toString('base64'), sizeBytes: size, mimeType };
  } finally {
    await file.close();
  }
}
