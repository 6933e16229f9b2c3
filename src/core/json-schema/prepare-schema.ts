import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';

/** Stands for `$ref` in what `prepareSchema` gives. */
export const FOLLOWS = 'follows';
/** Words whose value holds no schema. */
const VALUES = new Set(['const', 'enum', 'default', 'examples', 'example']);

/** The same schema in the order in which it is looked at, and with a word of our own for references. */
export function prepareSchema(schema: JsonMap, order: FieldOrder): JsonMap {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, Json] => {
      if (key === '$ref' && typeof value === 'string') return [FOLLOWS, value];
      if (key === 'properties' && isJsonMap(value)) return [key, fields(value, order)];
      return [key, VALUES.has(key) ? value : inside(value, order)];
    }),
  );
}

/**
 * `telling_first`: the fields that tell alternatives apart (`op: {const: add}`) go before the others. Whoever stops at the first error
 * then leaves a wrong alternative before going down into it: otherwise a tree takes as many times the alternatives as it has levels.
 */
export type FieldOrder = 'as_written' | 'telling_first';

function inside(value: Json, order: FieldOrder): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => inside(one, order));
  return isJsonMap(value) ? prepareSchema(value, order) : value;
}

function fields(properties: JsonMap, order: FieldOrder): JsonMap {
  const entries = Object.entries(properties).map(([name, part]): [string, Json] => [name, inside(part, order)]);
  if (order === 'as_written') return Object.fromEntries(entries);
  const isTelling = ([, part]: [string, Json]): boolean => isJsonMap(part) && ('const' in part || 'enum' in part);
  return Object.fromEntries([...entries.filter(isTelling), ...entries.filter((one) => !isTelling(one))]);
}
