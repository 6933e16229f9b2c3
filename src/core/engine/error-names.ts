import type { ErrorRecord } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';

/** `error` as a handler or a fallback sees it (SPEC §1.4 "Scope of names"). */
export const errorNames = ({ error, path }: { readonly error: ErrorRecord; readonly path: string }): JsonMap => ({
  code: error.code,
  kind: error.kind,
  message: error.message,
  step_id: path,
  retryable: error.retryable,
  details: (error.details ?? null) as Json,
});
