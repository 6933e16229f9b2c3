import type { Json, JsonMap } from '../../shared/json.ts';

/** What `#/a/b` points to in a schema, or undefined. */
export function resolveReference(root: JsonMap, reference: string): Json | undefined {
  let value: Json | undefined = root;
  for (const part of reference.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (value === undefined || value === null || typeof value !== 'object' || !Object.hasOwn(value, key))
      return undefined;
    value = (value as Readonly<Record<string, Json>>)[key];
  }
  return value;
}
