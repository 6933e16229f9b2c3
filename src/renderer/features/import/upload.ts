import type { ImportSheet } from '../../../shared/contract/index.ts';
import { planUpload, type UploadPiece } from '../../../shared/upload-plan.ts';
import { call } from '../../client/bridge.ts';
import type { ImportRequest, IncomingFile } from '../../client/shell-requests.ts';
import { toBase64 } from './to-base64.ts';

export interface UploadProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

async function readPiece(
  incoming: IncomingFile,
  piece: UploadPiece,
): Promise<{ path: string; base64: string; offset: number }> {
  const blob = incoming.file.slice(piece.offset, piece.offset + piece.length);
  return { path: incoming.path, base64: toBase64(new Uint8Array(await blob.arrayBuffer())), offset: piece.offset };
}

/** Sends everything, then asks what it is. `isStopped` ends it between two calls (null = stopped, nothing is left there). */
export async function uploadAndInspect(
  request: ImportRequest,
  onProgress: (progress: UploadProgress) => void,
  isStopped: () => boolean,
): Promise<ImportSheet | null> {
  const totalBytes = request.files.reduce((sum, { file }) => sum + file.size, 0);
  let uploadId = request.uploadId;
  let doneBytes = 0;
  for (const pieces of planUpload(request.files.map(({ file }) => file.size))) {
    const files = await Promise.all(
      pieces.flatMap((piece) => {
        const incoming = request.files[piece.fileIndex];
        return incoming === undefined ? [] : [readPiece(incoming, piece)];
      }),
    );
    if (isStopped()) break;
    const answer = await call('bundles.upload', {
      name: request.name,
      files,
      ...(uploadId === undefined ? {} : { uploadId }),
    });
    uploadId = answer.uploadId;
    doneBytes += pieces.reduce((sum, piece) => sum + piece.length, 0);
    onProgress({ doneBytes, totalBytes });
  }
  if (isStopped() || uploadId === undefined) {
    if (uploadId !== undefined) await call('bundles.discard', { uploadId });
    return null;
  }
  return call('bundles.inspect', { uploadId });
}
