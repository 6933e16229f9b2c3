import { isBigIntegerText, isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { createFreeNames } from './free-names.ts';
import { KEYWORDS, type KeywordKind, TYPES } from './schema-keywords.ts';
import {
  entriesOf,
  follow,
  type Located,
  lookUp,
  own,
  part,
  referenceOf,
  type SpecDocuments,
  type Target,
} from './spec-documents.ts';

/** Values that may still be taken over. */
export interface ValueBudget {
  left: number;
  /** Something was replaced by "any value" because nothing was left. */
  isCut: boolean;
}

export interface SchemaRules {
  /**
   * For checking values, not for showing: leaves patterns out, which are run by an engine that a hostile one can keep busy for hours
   * (the service checks them anyway), and reads integers beyond 2^53 as the numbers that such values are checked as.
   */
  readonly isForChecks: boolean;
}

/** Schemas of a spec as JSON Schema 2020-12. References become `#/$defs/<name>`; cycles stay references. */
export interface SchemaConverter {
  convert(schema: Located, budget: ValueBudget): Json;
  /** The definitions that everything converted with this converter refers to, and what these refer to. */
  definitions(budget: ValueBudget): JsonMap;
}

interface Conversion {
  readonly documents: SpecDocuments;
  readonly rules: SchemaRules;
  readonly budget: ValueBudget;
  /** Referenced places by key, in the order in which they were met. */
  readonly targets: Map<string, { readonly name: string; readonly target: Target }>;
  readonly freeName: (name: string) => string;
}

/** One converter for the schemas of one operation. `tool.definition_invalid` for references that lead nowhere. */
export function createSchemaConverter(documents: SpecDocuments, rules: SchemaRules): SchemaConverter {
  const base = { documents, rules, targets: new Map(), freeName: createFreeNames() };
  return {
    convert: (schema, budget) => convert(schema, { ...base, budget }),
    definitions: (budget) => convertTargets({ ...base, budget }),
  };
}

function convertTargets(state: Conversion): JsonMap {
  const found: [string, Json][] = [];
  // Converting one may add others at the end of the map: a map is walked to its newest entry.
  for (const { name, target } of state.targets.values()) found.push([name, convert(target, state)]);
  return Object.fromEntries(found);
}

function spend(state: Conversion, values: number): boolean {
  state.budget.left -= values;
  if (state.budget.left >= 0) return true;
  state.budget.isCut = true;
  return false;
}

function convert(schema: Located, state: Conversion): Json {
  if (typeof schema.value === 'boolean') return schema.value;
  if (!isJsonMap(schema.value) || !spend(state, 1)) return {};
  const reference = referenceOf(schema.value);
  const converted: Record<string, Json> = {};
  if (reference !== null) converted.$ref = `#/$defs/${nameFor(schema, reference, state)}`;
  for (const [key, value] of entriesOf(schema)) {
    const kind = KEYWORDS.get(key);
    if (kind === undefined || (state.rules.isForChecks && isPattern(key, schema))) continue;
    const taken = convertKeyword(kind, value, state);
    if (taken !== undefined) converted[key] = taken;
  }
  // Without its properties nobody knows which ones are additional.
  if (converted.properties === undefined && part(schema, 'properties') !== undefined)
    delete converted.additionalProperties;
  const typed = withType(converted, part(schema, 'type')?.value);
  return withOldForms(state.rules.isForChecks ? withNumbers(typed) : typed, schema.value);
}

/** `enum` and `const` of a number whose digits were kept as text. */
function withNumbers(schema: Record<string, Json>): Record<string, Json> {
  const { type, enum: values, const: constant } = schema;
  const types: readonly Json[] = Array.isArray(type) ? type : [type ?? null];
  if (types.includes('string') || !types.some((one) => one === 'integer' || one === 'number')) return schema;
  const toNumber = (value: Json): Json => (isBigIntegerText(value) ? Number(value) : value);
  return {
    ...schema,
    ...(Array.isArray(values) ? { enum: (values as readonly Json[]).map(toNumber) } : {}),
    ...(constant === undefined ? {} : { const: toNumber(constant) }),
  };
}

/** Without `patternProperties` nobody knows what `additionalProperties` are. */
const isPattern = (key: string, schema: Located): boolean =>
  key === 'pattern' ||
  key === 'patternProperties' ||
  (key === 'additionalProperties' && part(schema, 'patternProperties') !== undefined);

function nameFor(schema: Located, reference: string, state: Conversion): string {
  const target = lookUp(state.documents, schema.document, reference);
  const known = state.targets.get(target.key);
  if (known !== undefined) return known.name;
  // A reference that leads only to itself would keep a validator busy for ever.
  follow(state.documents, target);
  const plain = (target.key.split('/').at(-1) ?? '').replace(/[^A-Za-z0-9_.-]/g, '_') || 'schema';
  const name = state.freeName(plain);
  state.targets.set(target.key, { name, target });
  return name;
}

function convertKeyword(kind: KeywordKind, of: Located, state: Conversion): Json | undefined {
  const { value } = of;
  switch (kind) {
    case 'number':
      return typeof value === 'number' ? value : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'texts':
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
    case 'schema':
      return isSchema(value) ? convert(of, state) : undefined;
    case 'schemas': {
      const schemas = entriesOf(of).filter(([, one]) => isSchema(one.value));
      if (!Array.isArray(value) || schemas.length === 0 || !fits(state, schemas.length)) return undefined;
      return schemas.map(([, one]) => convert(one, state));
    }
    case 'schemaMap':
      return isJsonMap(value) ? convertMap(of, state) : undefined;
    case 'values':
      return Array.isArray(value) && value.length > 0 && spend(state, sizeOf(value)) ? value : undefined;
    case 'any':
      return spend(state, sizeOf(value)) ? value : undefined;
  }
}

const isSchema = (value: Json): boolean => isJsonMap(value) || typeof value === 'boolean';

function convertMap(of: Located, state: Conversion): Json | undefined {
  const entries = entriesOf(of).filter(([, one]) => isSchema(one.value));
  if (!fits(state, entries.length)) return undefined;
  return Object.fromEntries(entries.map(([name, one]) => [name, convert(one, state)] as const));
}

/** Whether that many schemas can still be taken over; else none of them is. */
function fits(state: Conversion, count: number): boolean {
  if (count > state.budget.left) state.budget.isCut = true;
  return count <= state.budget.left;
}

/** Values in a value. */
function sizeOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  for (const child of Object.values(value)) size += sizeOf(child);
  return size;
}

function withType(schema: Record<string, Json>, written: Json | undefined): Record<string, Json> {
  const types = (Array.isArray(written) ? (written as readonly Json[]) : [written]).filter((one) => TYPES.has(one));
  const [first] = types;
  if (typeof first !== 'string') return schema;
  return { ...schema, type: types.length === 1 ? first : [...new Set(types as readonly string[])] };
}

/** OpenAPI 3.0 writes `nullable` and flags for bounds that exclude. */
function withOldForms(schema: Record<string, Json>, written: JsonMap): JsonMap {
  const result = { ...schema };
  if (own(written, 'exclusiveMinimum') === true && typeof result.minimum === 'number') {
    result.exclusiveMinimum = result.minimum;
    delete result.minimum;
  }
  if (own(written, 'exclusiveMaximum') === true && typeof result.maximum === 'number') {
    result.exclusiveMaximum = result.maximum;
    delete result.maximum;
  }
  if (typeof result.multipleOf === 'number' && result.multipleOf <= 0) delete result.multipleOf;
  return own(written, 'nullable') === true ? withNull(result) : result;
}

/** Words that a value has to meet whatever `type` says. */
const RESTRICTING = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'const'] as const;
/** Words that say something about a value and check nothing. */
const NOTES: ReadonlySet<string> = new Set(['title', 'description', 'default', 'deprecated', 'readOnly', 'writeOnly']);

/** `nullable` beside anything: null is taken, whatever else the schema says. */
function withNull(schema: Record<string, Json>): JsonMap {
  if (RESTRICTING.some((word) => schema[word] !== undefined)) {
    const entries = Object.entries(schema);
    const rest = Object.fromEntries(entries.filter(([word]) => !NOTES.has(word)));
    return { ...Object.fromEntries(entries.filter(([word]) => NOTES.has(word))), anyOf: [rest, { type: 'null' }] };
  }
  const { type, enum: values } = schema;
  return {
    ...schema,
    ...(type === undefined ? {} : { type: Array.isArray(type) ? type : [type, 'null'] }),
    ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}),
  };
}
