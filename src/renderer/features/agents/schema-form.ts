import type { Json, JsonMap } from '../../../shared/json.ts';
import type { InputDefinition } from '../../../shared/model/workflow.ts';

interface FieldBase {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
}
export interface LeafField extends FieldBase {
  readonly kind: 'leaf';
  /** As the form of a workflow has it: texts, numbers, ticks and choices are the same fields. */
  readonly definition: InputDefinition;
}
export interface GroupField extends FieldBase {
  readonly kind: 'group';
  readonly fields: readonly SchemaField[];
}
export interface ListField extends FieldBase {
  readonly kind: 'list';
  readonly item: SchemaField;
  readonly minItems: number;
  readonly maxItems: number;
  readonly initial: Json;
}
/** What no field can express: any JSON. */
export interface JsonField extends FieldBase {
  readonly kind: 'json';
  readonly initial: Json | undefined;
}
export type SchemaField = LeafField | GroupField | ListField | JsonField;

/** The fields of an operation; `takesOthers`: it accepts names beyond them, which only JSON can give. */
export interface SchemaForm {
  readonly fields: readonly SchemaField[];
  readonly takesOthers: boolean;
}

/** Deeper parts become JSON: a form of six levels is one that nobody reads. */
const MAX_DEPTH = 6;

interface Place {
  readonly name: string;
  readonly isRequired: boolean;
  readonly depth: number;
  readonly root: JsonMap;
}

/** The form of a JSON Schema of an object. It comes from a tool: whatever it says, fields come out and nothing is thrown. */
export function formOf(schema: JsonMap): SchemaForm {
  const resolved = plain(schema, schema);
  const fields = fieldsOf(resolved ?? {}, schema, 0);
  const others = resolved?.additionalProperties;
  const isOpen = resolved === null || others === true || isMap(others);
  return {
    fields,
    takesOthers: isOpen || (fields.length === 0 && others === undefined && resolved?.type === undefined),
  };
}

export const isMap = (value: unknown): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const numberOf = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

function fieldsOf(schema: JsonMap, root: JsonMap, depth: number): readonly SchemaField[] {
  const properties = isMap(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = Object.entries(properties).map(([name, property]) =>
    fieldOf(isMap(property) ? property : {}, { name, isRequired: required.includes(name), depth, root }),
  );
  return [...fields.filter((field) => field.isRequired), ...fields.filter((field) => !field.isRequired)];
}

function fieldOf(written: JsonMap, place: Place): SchemaField {
  const schema = place.depth > MAX_DEPTH ? null : plain(written, place.root);
  const { name, isRequired } = place;
  const description = textOf(written.description) || textOf(schema?.description) || textOf(schema?.title);
  const base = { name, isRequired, description };
  const json: JsonField = { ...base, kind: 'json', initial: schema?.default };
  if (schema === null) return json;
  const choices = choicesOf(schema);
  if (choices !== null) return leaf(base, schema, { type: 'string', enum: choices });
  switch (schema.type) {
    case 'string':
      return leaf(base, schema, textRules(schema));
    case 'integer':
    case 'number':
      return leaf(base, schema, numberRules(schema, schema.type));
    case 'boolean':
      // Neither yes nor no is a third answer where the tool knows no default.
      return isRequired || schema.default !== undefined
        ? leaf(base, schema, { type: 'boolean' })
        : leaf(base, schema, { type: 'string', enum: [true, false] });
    case 'array':
      return isMap(schema.items) ? listOf(base, schema, { ...place, items: schema.items }) : json;
    default: {
      const fields = fieldsOf(schema, place.root, place.depth + 1);
      return fields.length === 0 ? json : { ...base, kind: 'group', fields };
    }
  }
}

function listOf(base: FieldBase, schema: JsonMap, { items, ...place }: Place & { readonly items: JsonMap }): ListField {
  return {
    ...base,
    kind: 'list',
    item: fieldOf(items, { ...place, isRequired: true, depth: place.depth + 1 }),
    minItems: numberOf(schema.minItems) ?? 0,
    maxItems: numberOf(schema.maxItems) ?? Number.POSITIVE_INFINITY,
    initial: schema.default ?? null,
  };
}

type Rules = Pick<InputDefinition, 'type'> & Partial<InputDefinition>;

function leaf(base: FieldBase, schema: JsonMap, rules: Rules): LeafField {
  // What looks like a template is only a text here.
  const isPlain = !(typeof schema.default === 'string' && schema.default.includes('{{'));
  const definition: InputDefinition = {
    name: base.name,
    description: base.description,
    required: base.isRequired,
    secret: false,
    ...(schema.default === undefined || schema.default === null || !isPlain ? {} : { default: schema.default }),
    ...rules,
  };
  return { ...base, kind: 'leaf', definition };
}

function textRules(schema: JsonMap): Rules {
  const minLength = numberOf(schema.minLength);
  const maxLength = numberOf(schema.maxLength);
  return {
    type: 'string',
    secret: schema.format === 'password',
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(typeof schema.pattern === 'string' ? { pattern: schema.pattern } : {}),
  };
}

function numberRules(schema: JsonMap, type: 'integer' | 'number'): Rules {
  const min = numberOf(schema.minimum) ?? numberOf(schema.exclusiveMinimum);
  const max = numberOf(schema.maximum) ?? numberOf(schema.exclusiveMaximum);
  return { type, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function choicesOf(schema: JsonMap): readonly Json[] | null {
  if (schema.const !== undefined) return [schema.const];
  if (!Array.isArray(schema.enum)) return null;
  const choices = (schema.enum as readonly Json[]).filter((choice) => choice !== null);
  return choices.length === 0 ? null : choices;
}

/** A schema without references, parts to be merged, alternatives and null; null where it cannot be said so plainly. */
function plain(schema: JsonMap, root: JsonMap, hops = 0): JsonMap | null {
  if (hops > MAX_DEPTH) return null;
  const { $ref, allOf, anyOf, oneOf, type, ...rest } = schema;
  if (typeof $ref === 'string') {
    const target = refTarget($ref, root);
    return target === null ? null : plain({ ...target, ...rest }, root, hops + 1);
  }
  if (Array.isArray(allOf)) {
    const parts = allOf.map((part: Json) => (isMap(part) ? plain(part, root, hops + 1) : null));
    return parts.some((part) => part === null) ? null : merged({ ...rest, ...typed(type) }, parts as JsonMap[]);
  }
  const options: Json | undefined = anyOf ?? oneOf;
  if (Array.isArray(options)) return alternative(options, { ...rest, ...typed(type) }, { root, hops });
  if (!Array.isArray(type)) return schema;
  const types = type.filter((one: Json) => one !== 'null');
  return types.length === 1 ? { ...rest, ...typed(types[0]) } : null;
}

const typed = (type: Json | undefined): JsonMap => (type === undefined ? {} : { type });

function merged(base: JsonMap, parts: readonly JsonMap[]): JsonMap {
  let properties: JsonMap = isMap(base.properties) ? base.properties : {};
  let required: readonly Json[] = Array.isArray(base.required) ? base.required : [];
  let rest: JsonMap = base;
  for (const part of parts) {
    if (isMap(part.properties)) properties = { ...properties, ...part.properties };
    if (Array.isArray(part.required)) required = [...required, ...part.required];
    rest = { ...part, ...rest };
  }
  return { ...rest, ...(Object.keys(properties).length === 0 ? {} : { properties, required }) };
}

/** One real choice beside null is that choice; constants are a list to choose from; anything else is beyond a form. */
function alternative(
  options: readonly Json[],
  rest: JsonMap,
  { root, hops }: { readonly root: JsonMap; readonly hops: number },
): JsonMap | null {
  const real = options
    .map((option) => (isMap(option) ? plain(option, root, hops + 1) : null))
    .filter((option) => option?.type !== 'null');
  const [only] = real;
  if (real.length === 1 && only !== undefined) return only === null ? null : { ...only, ...rest };
  const choices = real.map((option) => (option === null ? null : choicesOf(option)));
  return choices.every((list) => list !== null) ? { ...rest, enum: choices.flat() } : null;
}

/** Only references inside the schema itself. */
function refTarget(ref: string, root: JsonMap): JsonMap | null {
  if (ref.charAt(0) !== '#') return null;
  let target: Json | undefined = root;
  for (const part of ref.split('/').slice(1)) {
    const key = decodeURIComponentSafely(part).replaceAll('~1', '/').replaceAll('~0', '~');
    target = isMap(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return isMap(target) ? target : null;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
