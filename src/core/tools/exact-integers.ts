import { isBigIntegerText, isJsonMap, type Json, type JsonMap, rawJson } from '../../shared/json.ts';

/** Schemas lead to each other; no value of ours nests deeper than what is followed here. */
const MAX_REFERENCES = 20;
const NUMBERS: ReadonlySet<Json> = new Set(['integer', 'number']);

/**
 * The value as it is held against its schema: an integer that is kept as text, because no double holds its digits (SPEC §3.3), is a
 * number where the schema wants one and no text.
 */
export const withNumbers = (value: Json, schema: JsonMap): Json => replaceDigits(value, schema, Number);

/**
 * The value as it goes out: `JSON.stringify` writes such an integer digit for digit where the schema wants a number. Nothing else may
 * be done with it.
 */
export const withDigits = (value: Json, schema: JsonMap): Json => replaceDigits(value, schema, rawJson);

function replaceDigits(value: Json, schema: JsonMap, make: (digits: string) => Json): Json {
  const replace = (one: Json, own: Json | undefined): Json => {
    if (typeof one === 'string') return isBigIntegerText(one) && wantsNumber(own, schema) ? make(one) : one;
    if (Array.isArray(one)) return one.map((item, index) => replace(item, itemSchema(own, index, schema)));
    if (!isJsonMap(one)) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, item]) => [key, replace(item, fieldSchema(own, key, schema))]),
    );
  };
  return replace(value, schema);
}

/** Whether a number is allowed there and a text is not. */
function wantsNumber(schema: Json | undefined, root: JsonMap): boolean {
  const types = formsOf(schema, root).flatMap((form) => form.type ?? []);
  return types.some((type) => NUMBERS.has(type)) && !types.includes('string');
}

function fieldSchema(schema: Json | undefined, key: string, root: JsonMap): Json | undefined {
  for (const form of formsOf(schema, root)) {
    const { properties, additionalProperties } = form;
    if (isJsonMap(properties) && Object.hasOwn(properties, key)) return properties[key];
    if (isJsonMap(additionalProperties)) return additionalProperties;
  }
  return undefined;
}

function itemSchema(schema: Json | undefined, index: number, root: JsonMap): Json | undefined {
  for (const { prefixItems, items } of formsOf(schema, root)) {
    if (Array.isArray(prefixItems) && index < prefixItems.length) return prefixItems[index] as Json;
    if (items !== undefined) return items;
  }
  return undefined;
}

/** A schema and those that it is made of: what its `$ref` leads to within the whole, and its `allOf`, `anyOf` and `oneOf`. */
function formsOf(schema: Json | undefined, root: JsonMap, depth = 0): readonly JsonMap[] {
  if (!isJsonMap(schema) || depth > MAX_REFERENCES) return [];
  const { $ref, allOf, anyOf, oneOf } = schema;
  const target = typeof $ref === 'string' && $ref.startsWith('#') ? followPointer($ref.slice(1), root) : undefined;
  const parts = [
    target,
    ...[allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : [])),
  ];
  return [schema, ...parts.flatMap((part) => formsOf(part, root, depth + 1))];
}

function followPointer(pointer: string, root: JsonMap): Json | undefined {
  let found: Json | undefined = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isJsonMap(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}
