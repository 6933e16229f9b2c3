import type { ImportSheet } from '../../../shared/contract/index.ts';
import type { ConvertedDraft } from '../../../shared/model/conversion.ts';
import { call } from '../../client/bridge.ts';
import type { ImportRequest } from '../../client/shell-requests.ts';
import { type UploadProgress, uploadFiles } from '../../client/upload-files.ts';
import { holdsWorkflow } from './what-was-dropped.ts';

/** What an upload turned out to be. */
export type Inspected =
  | { readonly is: 'sheet'; readonly sheet: ImportSheet }
  | { readonly is: 'drafts'; readonly drafts: readonly ConvertedDraft[] }
  | { readonly is: 'unknown' };

/** Sends everything, then asks what it is. `isStopped` ends it between two calls (null = stopped, nothing is left there). */
export async function uploadAndInspect(
  request: ImportRequest,
  onProgress: (progress: UploadProgress) => void,
  isStopped: () => boolean,
): Promise<Inspected | null> {
  const uploadId = await uploadFiles(request, { onProgress, isStopped });
  if (uploadId === null) return null;
  const { drafts } = await call('bundles.convert', { uploadId });
  if (drafts.length > 0) return { is: 'drafts', drafts };
  if (request.files.length === 0 || holdsWorkflow(request.files))
    return { is: 'sheet', sheet: await call('bundles.inspect', { uploadId }) };
  await call('bundles.discard', { uploadId });
  return { is: 'unknown' };
}
