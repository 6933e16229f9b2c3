import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { OpenClient } from '../context.ts';

/** What one call carries. */
const PART_BYTES = 6 * 1024 * 1024;

/** Sends a file to the app. Error: `bundle.not_found`. */
export async function uploadFile(client: OpenClient, file: string): Promise<{ readonly uploadId: string }> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('bundle.not_found', `There is no such file: ${file}`, { cause });
  });
  const name = basename(file);
  let uploadId: string | undefined;
  for (let offset = 0; offset === 0 || offset < bytes.length; offset += PART_BYTES) {
    const base64 = bytes.subarray(offset, offset + PART_BYTES).toString('base64');
    const files = [{ path: name, base64, offset }];
    ({ uploadId } = await client.call('bundles.upload', { name, files, ...(uploadId && { uploadId }) }));
  }
  return { uploadId: uploadId ?? '' };
}
