import type { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { definitionInvalid } from './definition-error.ts';
import { SPEC_LIMITS } from './spec-limits.ts';

/** A value and the file of the spec that it stands in. */
export interface Located {
  readonly document: string;
  readonly value: Json;
}

/** The files of a spec, by the key under which references reach them. */
export interface SpecDocuments {
  readonly root: string;
  readonly documents: ReadonlyMap<string, Json>;
  /** Why a file that a reference names was not read; said when somebody follows it. */
  readonly refused: ReadonlyMap<string, string>;
  /** The key of the file that a reference of `document` names; null = the reference may not be followed. */
  readonly keyOf: (document: string, file: string) => string | null;
  /** The folder or address that the spec was read from, for messages. */
  readonly name: string;
}

/** A reference, split and looked up: two that mean the same have the same `key`. */
export interface Target extends Located {
  readonly key: string;
}

/** What a map holds itself under a key, or undefined. A spec may name anything `__proto__` or `constructor`. */
export const own = (map: JsonMap, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);

/** A value of a map as a located one; undefined when it is not there. */
export function part(of: Located, key: string): Located | undefined {
  const value = isJsonMap(of.value) ? own(of.value, key) : undefined;
  return value === undefined ? undefined : { document: of.document, value };
}

/** A text of a map without blanks around it; an empty one when it is not there. */
export function textOf(of: Located, key: string): string {
  const value = part(of, key)?.value;
  return typeof value === 'string' ? value.trim() : '';
}

/** The maps of a list, or of a map's values; anything else in it is passed over. */
export function entriesOf(of: Located | undefined): readonly (readonly [string, Located])[] {
  if (of === undefined || typeof of.value !== 'object' || of.value === null) return [];
  return Object.entries(of.value).map(
    ([key, value]) => [key, { document: of.document, value: value as Json }] as const,
  );
}

/** Where a value refers to; null = it is no reference. */
export const referenceOf = (value: Json): string | null => {
  const reference = isJsonMap(value) ? own(value, '$ref') : undefined;
  return typeof reference === 'string' ? reference : null;
};

/** Follows references until something else stands there. `tool.definition_invalid` for circles and for what is not there. */
export function follow(documents: SpecDocuments, from: Located): Located {
  let current = from;
  for (let count = 0; count < SPEC_LIMITS.references; count++) {
    const reference = referenceOf(current.value);
    if (reference === null) return current;
    current = lookUp(documents, current.document, reference);
  }
  throw definitionInvalid(`The reference ${shown(referenceOf(from.value) ?? '')} leads only to itself.`);
}

/** What one reference names. `tool.definition_invalid`. */
export function lookUp(documents: SpecDocuments, document: string, reference: string): Target {
  const mark = reference.indexOf('#');
  const file = mark === -1 ? reference : reference.slice(0, mark);
  const pointer = mark === -1 ? '' : reference.slice(mark + 1);
  const key = file === '' ? document : documents.keyOf(document, file);
  const found = key === null ? undefined : documents.documents.get(key);
  if (key === null || found === undefined) throw unreachable(documents, key, reference);
  return { document: key, value: valueAt(found, pointer, reference), key: `${key}#${pointer}` };
}

function unreachable(documents: SpecDocuments, key: string | null, reference: string): AppError {
  const reason = key === null ? undefined : documents.refused.get(key);
  const hint = "A '$ref' may name a place in the same file, or a file beside it inside the project.";
  return definitionInvalid(`The reference ${shown(reference)} ${reason ?? 'may not be followed'}.`, hint);
}

function valueAt(root: Json, pointer: string, reference: string): Json {
  let current: Json | undefined = root;
  for (const token of tokensOf(pointer)) {
    if (Array.isArray(current)) current = /^\d+$/.test(token) ? current[Number(token)] : undefined;
    else current = current !== undefined && isJsonMap(current) ? own(current, token) : undefined;
    if (current === undefined) throw definitionInvalid(`The reference ${shown(reference)} names nothing.`);
  }
  return current;
}

/** RFC 6901 in a URI fragment. */
function tokensOf(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .split('/')
    .slice(1)
    .map((token) => decode(token).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Percent-encoding that means nothing stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const MAX_SHOWN = 120;
const shown = (reference: string): string => JSON.stringify(reference.slice(0, MAX_SHOWN));
