import {
  isBigIntegerText,
  isDeeperThan,
  isJsonMap,
  type Json,
  type JsonMap,
  MAX_JSON_DEPTH,
  rawJson,
} from '../../../shared/json.ts';
import { resolveReference } from '../../json-schema/index.ts';

/**
 * How a value travels. `place`: as the text of a path, query, header or cookie, so that a text may stand for a number. `form`: as the
 * text of a form's field, so that nobody sees a difference between 5 and "5". `json`: as it is given.
 */
export type Wire = 'place' | 'form' | 'json';

/**
 * A value as it is held against its schema and as it is sent. They differ where no number of ours holds what is sent: an integer beyond
 * 2^53 is checked as the nearest number and sent digit for digit (SPEC §3.3).
 */
export interface FittedValue {
  readonly checked: Json;
  readonly sent: Json;
}

interface Fitting {
  /** Where `$defs` are. */
  readonly root: JsonMap;
  readonly wire: Wire;
}

/** Fits a value into its schema. Nothing is made up: null stays null, and in JSON a text stays a text (SPEC §5.4). */
export function fitValue(value: Json, schema: Json, how: Fitting): FittedValue {
  // What is too deep is refused by the check.
  if (isDeeperThan(value, MAX_JSON_DEPTH)) return same(value);
  // JSON is sent as it is: only what stands for a large integer is looked at closer.
  return how.wire === 'json' && !holdsBigInteger(value) ? same(value) : fit(value, [schema], how);
}

const same = (value: Json): FittedValue => ({ checked: value, sent: value });

function holdsBigInteger(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return isBigIntegerText(value);
  return Object.values(value).some((one) => holdsBigInteger(one as Json));
}

function fit(value: Json, schemas: readonly Json[], how: Fitting): FittedValue {
  const parts = partsOf(schemas, how.root);
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, index) => fit(item, itemSchemas(parts, index), how));
    return { checked: items.map(({ checked }) => checked), sent: items.map(({ sent }) => sent) };
  }
  if (isJsonMap(value)) {
    const fields = Object.entries(value).map(([key, one]) => [key, fit(one, fieldSchemas(parts, key), how)] as const);
    return {
      checked: Object.fromEntries(fields.map(([key, { checked }]) => [key, checked])),
      sent: Object.fromEntries(fields.map(([key, { sent }]) => [key, sent])),
    };
  }
  return fitScalar(value, typesOf(parts), how.wire);
}

/** All schemas that a value has to meet or may meet at one place. */
function partsOf(schemas: readonly Json[], root: JsonMap): readonly JsonMap[] {
  const parts = new Set<JsonMap>();
  const open = [...schemas];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (!isJsonMap(one) || parts.has(one)) continue;
    parts.add(one);
    for (const list of [one.allOf, one.anyOf, one.oneOf])
      if (Array.isArray(list)) open.push(...(list as readonly Json[]));
    const target = typeof one.$ref === 'string' ? resolveReference(root, one.$ref) : undefined;
    if (target !== undefined) open.push(target);
  }
  return [...parts];
}

function itemSchemas(parts: readonly JsonMap[], index: number): readonly Json[] {
  return parts.flatMap(({ items, prefixItems }) => {
    const own = Array.isArray(prefixItems) ? (prefixItems as readonly Json[])[index] : undefined;
    return own ?? items ?? [];
  });
}

function fieldSchemas(parts: readonly JsonMap[], key: string): readonly Json[] {
  return parts.flatMap(({ properties, additionalProperties }) => {
    const own = isJsonMap(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
    return own ?? additionalProperties ?? [];
  });
}

/** Types that the parts name, or that their values have; empty = any. */
function typesOf(parts: readonly JsonMap[]): ReadonlySet<string> {
  return new Set(
    parts.flatMap((part) => {
      const { type } = part;
      if (typeof type === 'string') return [type];
      if (Array.isArray(type)) return type.filter((one): one is string => typeof one === 'string');
      const values = Object.hasOwn(part, 'const') ? [part.const] : Array.isArray(part.enum) ? part.enum : [];
      return values.map((one) => (one === null ? 'null' : typeof one));
    }),
  );
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function fitScalar(value: Json, types: ReadonlySet<string>, wire: Wire): FittedValue {
  if (types.size === 0) return same(value);
  const takesText = types.has('string');
  const takesNumber = types.has('number') || types.has('integer');
  if (typeof value === 'number' || typeof value === 'boolean') {
    const isTaken = typeof value === 'number' ? takesNumber : types.has('boolean');
    return wire === 'json' || isTaken || !takesText ? same(value) : { checked: String(value), sent: String(value) };
  }
  if (typeof value !== 'string' || takesText) return same(value);
  if (takesNumber && isBigIntegerText(value))
    return { checked: Number(value), sent: wire === 'json' ? rawJson(value) : value };
  return wire === 'json' ? same(value) : fitText(value, { takesNumber, takesBoolean: types.has('boolean') }, wire);
}

interface Taken {
  readonly takesNumber: boolean;
  readonly takesBoolean: boolean;
}

function fitText(given: string, { takesNumber, takesBoolean }: Taken, wire: Wire): FittedValue {
  const text = given.trim();
  const read = takesNumber && NUMBER.test(text) ? Number(text) : takesBoolean ? BOOLEANS.get(text) : undefined;
  if (read === undefined || (typeof read === 'number' && !Number.isFinite(read))) return same(given);
  return { checked: read, sent: wire === 'place' ? read : given };
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
