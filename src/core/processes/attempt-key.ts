import { createHash } from 'node:crypto';

/** Names an attempt in records, messages and output files. */
export function attemptKey(attempt: {
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
}): string {
  return createHash('sha256')
    .update(JSON.stringify([attempt.runId, attempt.path, attempt.attempt]))
    .digest('hex')
    .slice(0, 40);
}
