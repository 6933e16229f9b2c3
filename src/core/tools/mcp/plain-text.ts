import type { Json } from '../../../shared/json.ts';

/** Characters that steer a terminal, turn the direction of reading or are read by machines and seen by nobody. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Keys of a JSON Schema that people and agents read. */
const SHOWN_KEYS = new Set(['description', 'title', '$comment']);

/** A text of a server as it may be shown: one without control characters; line ends and tabs stay where `isProse`. */
export function plainText(text: string, isProse: boolean): string {
  const clean = text
    .toWellFormed()
    .replace(UNSEEN, (unit) => (isProse && (unit === '\n' || unit === '\t') ? unit : ''));
  return clean.trim();
}

/** A schema whose descriptions and titles are plain texts; what decides about values is left as it is. */
export function plainSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(plainSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => [
    key,
    typeof value === 'string' && SHOWN_KEYS.has(key) ? plainText(value, true) : plainSchema(value),
  ]);
  return Object.fromEntries(entries);
}
