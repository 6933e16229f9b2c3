import type { Ajv, SchemaObject, ValidateFunction } from 'ajv';
import { isJsonMap, type JsonMap } from '../../shared/json.ts';
import { type FieldOrder, FOLLOWS, prepareSchema } from './prepare-schema.ts';
import { resolveReference } from './resolve-reference.ts';

type Context = Parameters<ValidateFunction>[1];

/**
 * The check of a schema of which the words were looked at. What a reference leads to is compiled by itself when a value is first held
 * against it: the compiler would follow them one inside the other, and some hundreds are more than its stack holds.
 */
export function compileSchema(root: JsonMap, ajv: Ajv, order: FieldOrder): ValidateFunction {
  const parts = new Map<string, ValidateFunction>();
  const partOf = (reference: string): ValidateFunction => {
    const known = parts.get(reference);
    if (known !== undefined) return known;
    const target = resolveReference(root, reference);
    const made = ajv.compile(isJsonMap(target) ? (prepareSchema(target, order) as SchemaObject) : target === true);
    parts.set(reference, made);
    return made;
  };
  const follow = Object.assign(
    (reference: string, value: unknown, _parent: unknown, context: Context): boolean => {
      const part = partOf(reference);
      const isMet = part(value, context);
      follow.errors = part.errors ?? [];
      return isMet;
    },
    { errors: [] as NonNullable<ValidateFunction['errors']> },
  );
  ajv.addKeyword({ keyword: FOLLOWS, schemaType: 'string', errors: 'full', validate: follow });
  return ajv.compile(prepareSchema(root, order) as SchemaObject);
}
