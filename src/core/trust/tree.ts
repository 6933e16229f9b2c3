import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { type BundleReading, readFiles } from '../bundles/index.ts';

/** One file as it was read for the sheet. */
export interface TreeFile {
  readonly path: string;
  readonly sha256: string;
  readonly isExecutable: boolean;
  /** Null = it is no text, or too large to be looked through. */
  readonly text: string | null;
}

/** What is looked through for hidden characters and risky lines. */
const TEXT_BYTES = 2 * 1024 * 1024;

/**
 * Every file of a reading. The bytes that are looked at are the bytes that were hashed. Errors: `bundle.changed` (it is no longer what
 * the reading read), `file.*`.
 */
export async function readTree(reading: BundleReading): Promise<readonly TreeFile[]> {
  const files: TreeFile[] = [];
  const hash = await readFiles(reading.sources, ({ path, isExecutable }, bytes) => {
    files.push({
      path,
      isExecutable,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      text: textOfFile(bytes),
    });
  });
  if (hash === reading.contentHash) return files;
  throw new AppError('bundle.changed', 'The files were changed while they were read.', { hint: 'Look at them again.' });
}

/** A file as text; null = it is none, or too large to be looked through. */
export function textOfFile(bytes: Uint8Array): string | null {
  if (bytes.length > TEXT_BYTES || bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
