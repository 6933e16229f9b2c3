import { planUpload, type UploadPiece } from '../../shared/upload-plan.ts';
import { call } from './bridge.ts';
import type { ImportRequest, IncomingFile } from './shell-requests.ts';
import { toBase64 } from './to-base64.ts';

export interface UploadProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

interface UploadHooks {
  readonly onProgress?: (progress: UploadProgress) => void;
  /** Ends it between two calls. */
  readonly isStopped?: () => boolean;
}

async function readPiece(
  incoming: IncomingFile,
  piece: UploadPiece,
): Promise<{ path: string; base64: string; offset: number }> {
  const blob = incoming.file.slice(piece.offset, piece.offset + piece.length);
  return { path: incoming.path, base64: toBase64(new Uint8Array(await blob.arrayBuffer())), offset: piece.offset };
}

/** Sends files to the app; gives the id by which what was sent is asked for. Null = stopped, nothing is left there. */
export async function uploadFiles(
  { name, files, uploadId: begun }: Pick<ImportRequest, 'name' | 'files' | 'uploadId'>,
  { onProgress = () => undefined, isStopped = () => false }: UploadHooks = {},
): Promise<string | null> {
  const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  let uploadId = begun;
  let doneBytes = 0;
  for (const pieces of planUpload(files.map(({ file }) => file.size))) {
    const parts = await Promise.all(
      pieces.flatMap((piece) => {
        const incoming = files[piece.fileIndex];
        return incoming === undefined ? [] : [readPiece(incoming, piece)];
      }),
    );
    if (isStopped()) break;
    const answer = await call('bundles.upload', {
      name,
      files: parts,
      ...(uploadId === undefined ? {} : { uploadId }),
    });
    uploadId = answer.uploadId;
    doneBytes += pieces.reduce((sum, piece) => sum + piece.length, 0);
    onProgress({ doneBytes, totalBytes });
  }
  if (uploadId !== undefined && !isStopped()) return uploadId;
  if (uploadId !== undefined) await call('bundles.discard', { uploadId });
  return null;
}
