import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json } from '../../../shared/json.ts';
import { isJsonType } from './media-types.ts';
import type { Serialization } from './spec-model.ts';

/** A name and its value, both encoded: `a=b` of a query, a cookie or a form. */
export type Pair = readonly [name: string, value: string];

/** Percent-encodes all but the unreserved characters of RFC 3986. `tool.invalid_params` for half of a surrogate pair. */
export function encodeStrictly(text: string): string {
  if (!text.isWellFormed()) throw new AppError('tool.invalid_params', 'A value holds half of a character.');
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * `allowReserved`: reserved characters stay as they are, except those that would end the value or the query (`#`, `&`, `+`) and
 * brackets, which a URL may not hold there.
 */
function encodeLoosely(text: string): string {
  return encodeStrictly(text).replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|3D)/g, (one) => decodeURIComponent(one));
}

const encoderOf = (serialization: Serialization): ((text: string) => string) =>
  serialization.allowReserved ? encodeLoosely : encodeStrictly;

/** A scalar as text; maps and lists inside of lists as JSON. `tool.invalid_params` for null: the word would be taken for a text. */
export function scalarText(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null)
    throw new AppError('tool.invalid_params', 'A list holds null, which a URL or a form cannot carry.');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** A value of `content`: JSON unless it is a text of another type. */
const contentText = (value: Json, contentType: string): string =>
  isJsonType(contentType) || typeof value !== 'string' ? JSON.stringify(value) : value;

/** Entries of a map that have a value. */
const fieldsOf = (value: Json): readonly (readonly [string, Json])[] =>
  isJsonMap(value) ? Object.entries(value).filter(([, field]) => field !== null) : [];

/** A path value by its style: simple, label or matrix (OpenAPI "Style Values"). */
export function serializeForPath(name: string, value: Json, serialization: Serialization): string {
  const encode = encodeStrictly;
  if (serialization.contentType !== null) return encode(contentText(value, serialization.contentType));
  const { style, explode } = serialization;
  const prefix = style === 'label' ? '.' : style === 'matrix' ? ';' : '';
  const separator = explode && prefix !== '' ? prefix : ',';
  const key = encode(name);
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => encode(scalarText(item)));
    if (style !== 'matrix') return prefix + items.join(separator);
    return explode ? items.map((item) => `;${key}=${item}`).join('') : `;${key}=${items.join(',')}`;
  }
  if (isJsonMap(value)) {
    const between = explode ? '=' : ',';
    const fields = fieldsOf(value).map(([field, one]) => `${encode(field)}${between}${encode(scalarText(one))}`);
    if (style === 'matrix' && !explode) return `;${key}=${fields.join(',')}`;
    return prefix + fields.join(separator);
  }
  const text = encode(scalarText(value));
  if (style !== 'matrix') return prefix + text;
  return text === '' ? `;${key}` : `;${key}=${text}`;
}

/** A header value: simple style, nothing encoded. */
export function serializeForHeader(value: Json, { contentType, explode }: Serialization): string {
  if (contentType !== null) return contentText(value, contentType);
  if (Array.isArray(value)) return (value as readonly Json[]).map(scalarText).join(',');
  if (!isJsonMap(value)) return scalarText(value);
  const between = explode ? '=' : ',';
  return fieldsOf(value)
    .map(([field, one]) => `${field}${between}${scalarText(one)}`)
    .join(',');
}

const DELIMITERS: Readonly<Record<string, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' };

/** Pairs of a query, a cookie or a form: form, spaceDelimited, pipeDelimited or deepObject. */
export function serializeForQuery(name: string, value: Json, serialization: Serialization): readonly Pair[] {
  const { style, explode, contentType } = serialization;
  const encode = encoderOf(serialization);
  const key = encodeStrictly(name);
  if (contentType !== null) return [[key, encode(contentText(value, contentType))]];
  if (style === 'deepObject' && typeof value === 'object' && value !== null) return deepPairs(key, value, encode);
  const delimiter = DELIMITERS[style] ?? ',';
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => encode(scalarText(item)));
    if (explode) return items.map((item) => [key, item]);
    return items.length === 0 ? [] : [[key, items.join(delimiter)]];
  }
  if (!isJsonMap(value)) return [[key, encode(scalarText(value))]];
  const fields = fieldsOf(value);
  if (explode) return fields.map(([field, one]) => [encodeStrictly(field), encode(scalarText(one))]);
  if (fields.length === 0) return [];
  const joined = fields.flatMap(([field, one]) => [encode(field), encode(scalarText(one))]).join(delimiter);
  return [[key, joined]];
}

/** `a[b][c]=1`, lists by index: what the large services that use this style understand. */
function deepPairs(key: string, value: Json, encode: (text: string) => string): readonly Pair[] {
  if (typeof value !== 'object' || value === null) return [[key, encode(scalarText(value))]];
  return Object.entries(value)
    .filter(([, one]) => one !== null)
    .flatMap(([field, one]) => deepPairs(`${key}%5B${encodeStrictly(field)}%5D`, one as Json, encode));
}

export const joinPairs = (pairs: readonly Pair[]): string => pairs.map(([name, value]) => `${name}=${value}`).join('&');
