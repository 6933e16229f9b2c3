import { isBigIntegerText, isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';

/**
 * The same value for a check against a schema: integers that were kept as text, because no double holds their digits (SPEC §3.3), are
 * numbers there. Never the value that is handed on.
 */
export function withBigNumbers<T extends Json>(value: T): T {
  return numbered(value) as T;
}

function numbered(value: Json): Json {
  if (isBigIntegerText(value)) return Number(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(numbered);
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(Object.entries(value as JsonMap).map(([key, one]) => [key, numbered(one)]));
}
