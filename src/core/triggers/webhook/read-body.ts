import { type Json, readShallowJson } from '../../../shared/json.ts';

/** Loaded once; a leading BOM is not part of the text, bytes that are no UTF-8 are no JSON. */
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A body as JSON; no body at all is null for methods that have none. */
export type ReadBody = { readonly isJson: true; readonly value: Json } | { readonly isJson: false };

const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'DELETE']);

/** Reads the body of a delivery once its signature was found right. Never throws: not UTF-8, not JSON and nested too deep are the same. */
export function readBody(method: string, body: Uint8Array): ReadBody {
  if (body.length === 0 && WITHOUT_BODY.has(method)) return { isJson: true, value: null };
  const text = decode(body);
  const read = text === null ? null : readShallowJson(text);
  return read === null ? { isJson: false } : { isJson: true, value: read.value };
}

function decode(body: Uint8Array): string | null {
  try {
    return decoder.decode(body);
  } catch {
    return null;
  }
}
