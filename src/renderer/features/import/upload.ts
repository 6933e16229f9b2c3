import type { ImportSheet } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import type { ImportRequest } from '../../client/shell-requests.ts';
import { type UploadProgress, uploadFiles } from '../../client/upload-files.ts';

/** Sends everything, then asks what it is. `isStopped` ends it between two calls (null = stopped, nothing is left there). */
export async function uploadAndInspect(
  request: ImportRequest,
  onProgress: (progress: UploadProgress) => void,
  isStopped: () => boolean,
): Promise<ImportSheet | null> {
  const uploadId = await uploadFiles(request, { onProgress, isStopped });
  return uploadId === null ? null : call('bundles.inspect', { uploadId });
}
