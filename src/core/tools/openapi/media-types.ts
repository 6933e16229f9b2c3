import type { Located } from './spec-documents.ts';

/** `application/json; charset=utf-8` → `application/json`. */
export const essenceOf = (type: string): string => (type.split(';')[0] ?? '').trim().toLowerCase();

/** JSON and its relatives (`application/problem+json`). */
export function isJsonType(type: string): boolean {
  const essence = essenceOf(type);
  return essence === 'application/json' || essence === 'text/json' || /^[a-z]+\/[^/]+\+json$/.test(essence);
}

/** A form as a query is written. */
export const FORM = 'application/x-www-form-urlencoded';
/** A form in parts, which may be files. */
export const MULTIPART = 'multipart/form-data';

type Entry = readonly [string, Located];

/** The first JSON type of a `content` map; a wildcard may be JSON as well. */
export const jsonTypeOf = (content: readonly Entry[]): Located | undefined =>
  (content.find(([type]) => isJsonType(type)) ?? content.find(([type]) => isWildcard(type)))?.[1];

/** The type in which a body is sent: JSON before forms before files before anything else. */
export function preferredType(content: readonly Entry[]): Entry | undefined {
  const ranks: readonly ((type: string) => boolean)[] = [
    isJsonType,
    (type) => essenceOf(type) === FORM,
    (type) => essenceOf(type) === MULTIPART,
  ];
  for (const isWanted of ranks) {
    const found = content.find(([type]) => isWanted(type));
    if (found !== undefined) return found;
  }
  const [first] = content;
  return first !== undefined && isWildcard(first[0]) ? ['application/json', first[1]] : first;
}

const isWildcard = (type: string): boolean => type.includes('*');
