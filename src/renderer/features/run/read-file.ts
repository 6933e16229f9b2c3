import { fromBase64 } from '../../client/base64.ts';
import { call } from '../../client/bridge.ts';

const CHUNK = 1_000_000;

export interface FileBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sizeBytes: number;
}

/** The first bytes of a file of a run. */
export async function readFileStart(runId: string, path: string, limit: number): Promise<FileBytes> {
  const answer = await call('runs.readFile', { runId, path, offset: 0, limit });
  return { bytes: fromBase64(answer.base64), sizeBytes: answer.sizeBytes };
}

/** A whole file, piece by piece; the parts are for a Blob. */
export async function readWholeFile(
  runId: string,
  path: string,
  onProgress: (part: number) => void,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 0; ; ) {
    const { base64, sizeBytes } = await call('runs.readFile', { runId, path, offset, limit: CHUNK });
    const bytes = fromBase64(base64);
    parts.push(bytes);
    offset += bytes.length;
    onProgress(sizeBytes === 0 ? 1 : offset / sizeBytes);
    if (bytes.length === 0 || offset >= sizeBytes) return parts;
  }
}
