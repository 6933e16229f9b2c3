import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ARCHIVE_LIMITS } from '../../core/bundles/index.ts';
import { toFileError } from '../../core/files/index.ts';
import type { CenterPort } from '../../server/call-envelope.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import { isWanted, nameOfFile, planUpload } from '../../shared/upload-plan.ts';

/** What was taken in; nothing of it is in the project, and nothing of it runs, before a person has seen its sheet. */
export interface StagedImport {
  readonly uploadId: string;
  readonly title: string;
}

interface SourceFile {
  /** Inside what is imported, `/` separated. */
  readonly path: string;
  readonly file: string;
  readonly size: number;
}

/** More files than any bundle has. */
const MOST_FILES = 20_000;

/** Takes in a file or folder of this computer for the import sheet. Errors: `file.*`, and those of `bundles.upload`. */
export async function stageImport(center: CenterPort, actor: Actor, path: string): Promise<StagedImport> {
  const files = await filesOf(path);
  if (files.length === 0)
    throw new AppError('file.not_found', `There is nothing to import in ${basename(path)}.`, {
      hint: 'Open a folder or an archive with a workflow in it.',
    });
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  // Refused at its end anyway: nothing of it has to be read for that.
  if (bytes > ARCHIVE_LIMITS.bytes)
    throw new AppError('bundle.too_large', `${basename(path)} is too large for a bundle.`, {
      hint: `A bundle holds at most ${ARCHIVE_LIMITS.bytes / 1024 / 1024} MiB.`,
    });
  const title = nameOfFile(basename(path));
  let uploadId: string | undefined;
  for (const pieces of planUpload(files.map(({ size }) => size))) {
    const sent = await Promise.all(
      pieces.map(async ({ fileIndex, offset, length }) => {
        const source = files[fileIndex] as SourceFile;
        return { path: source.path, offset, base64: await readPiece(source.file, offset, length) };
      }),
    );
    const input = { name: title, files: sent, ...(uploadId === undefined ? {} : { uploadId }) };
    const answer = await center.call('bundles.upload', input, actor);
    if (!answer.ok) {
      if (uploadId !== undefined) await center.call('bundles.discard', { uploadId }, actor);
      throw AppError.fromRecord(answer.error);
    }
    uploadId = (answer.value as OutputOf<'bundles.upload'>).uploadId;
  }
  return { uploadId: uploadId ?? '', title };
}

async function filesOf(path: string): Promise<readonly SourceFile[]> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return [{ path: basename(path), file: path, size: found.size }];
    // Links are not followed: they would bring in what lies elsewhere.
    const entries = await readdir(path, { withFileTypes: true, recursive: true });
    const inside = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ file, path: file.slice(path.length + 1).replaceAll('\\', '/') }))
      .filter((one) => isWanted(one.path))
      .slice(0, MOST_FILES);
    return await Promise.all(inside.map(async (one) => ({ ...one, size: (await stat(one.file)).size })));
  } catch (thrown) {
    throw toFileError(thrown, path);
  }
}

async function readPiece(file: string, offset: number, length: number): Promise<string> {
  const handle = await open(file, 'r').catch((thrown: unknown) => Promise.reject(toFileError(thrown, file)));
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead).toString('base64');
  } finally {
    await handle.close();
  }
}
