import type { Ajv, Options, SchemaObject, ValidateFunction } from 'ajv';
import { grouped } from '../../shared/grouped.ts';
import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import { COSTLY_PATTERN_FIX, compilePattern, type PatternBudget, patternBudget } from '../../shared/safe-pattern.ts';
import { resolveReference } from './resolve-reference.ts';
import type { SchemaRules } from './schema-rules.ts';

/** Schemas of the older drafts, by their `$schema`; every other is taken for one of 2020-12. */
const isOld = ({ $schema }: JsonMap): boolean => typeof $schema === 'string' && /draft-0[3-7]/.test($schema);

/** How much of what is wrong a validator looks for. */
export type Thoroughness = 'first' | 'all';

/** Makes validators of one schema: an instance of the library each, for schemas of different origin may carry the same `$id`. */
export type CreateValidator = (thoroughness: Thoroughness) => ValidateFunction;

/** The only place where Ajv is set up. It is loaded when the first value is checked. What is wrong with a schema is thrown. */
export async function loadValidators(schema: JsonMap, rules: SchemaRules): Promise<CreateValidator> {
  const [{ Ajv: Old }, { Ajv2020: Current }, formats] = await Promise.all([
    import('ajv'),
    import('ajv/dist/2020.js'),
    rules.checksFormats ? import('ajv-formats') : null,
  ]);
  const Dialect = isOld(schema) ? Old : Current;
  const { $schema: _dialect, ...plain } = schema;
  return (thoroughness) => {
    const ajv: Ajv = new Dialect(optionsOf(rules, thoroughness));
    formats?.default.default(ajv, { mode: 'fast' });
    if (!rules.followsReferences) return ajv.compile(plain);
    return compileSchema(plain, ajv, thoroughness === 'all' ? 'as_written' : 'telling_first');
  };
}

/** Nothing is fetched, nothing of the value is changed, no field is made up (`default`), and nothing is written anywhere. */
function optionsOf(rules: SchemaRules, thoroughness: Thoroughness): Options {
  return {
    strict: false,
    // Checking the schema itself takes ten times the rest: what cannot be compiled says so.
    ...{ meta: false, validateSchema: false, addUsedSchema: false, inlineRefs: false },
    ...{ ownProperties: true, validateFormats: rules.checksFormats, logger: false },
    allErrors: thoroughness === 'all',
    ...(rules.patterns === 're2' ? { code: { regExp: COUNTED_PATTERNS } } : {}),
  };
}

/** Of the value that is held against a schema now: all patterns in the schema share it. */
let running: PatternBudget = patternBudget();

/** Gives the patterns that run inside of `work` a budget of their own. */
export function withPatterns<T>(work: () => T): T {
  running = patternBudget();
  return work();
}

/** Patterns come from files and foreign servers, values from models: no pair of them may hang the app. */
const COUNTED_PATTERNS = Object.assign(
  (source: string): { readonly test: (text: string) => boolean; readonly toString: () => string } => {
    const pattern = compilePattern(source, running);
    if (pattern === null) throw new RangeError(`The pattern ${source} cannot be used.`);
    const test = (text: string): boolean => {
      const verdict = pattern.test(text, running);
      if (verdict !== null) return verdict;
      throw new RangeError(
        `A text of ${grouped(text.length)} characters is too long for the pattern ${source}. ${COSTLY_PATTERN_FIX}`,
      );
    };
    // Ajv tells patterns apart by their text.
    return { test, toString: () => source };
  },
  { code: 'countedPattern' },
);

type Context = Parameters<ValidateFunction>[1];

/**
 * The check of a schema of which the words were looked at. What a reference leads to is compiled by itself when a value is first held
 * against it: the compiler would follow them one inside the other, and some hundreds are more than its stack holds.
 */
function compileSchema(root: JsonMap, ajv: Ajv, order: FieldOrder): ValidateFunction {
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

/** Stands for `$ref` in what `prepareSchema` gives. */
const FOLLOWS = 'follows';
/** Words whose value holds no schema. */
const VALUES = new Set(['const', 'enum', 'default', 'examples', 'example']);

/** The same schema in the order in which it is looked at, and with a word of our own for references. */
function prepareSchema(schema: JsonMap, order: FieldOrder): JsonMap {
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
type FieldOrder = 'as_written' | 'telling_first';

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
