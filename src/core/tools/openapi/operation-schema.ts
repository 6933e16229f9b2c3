import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { createSchemaConverter, type SchemaConverter, type SchemaRules, type ValueBudget } from './convert-schema.ts';
import { essenceOf, MULTIPART } from './media-types.ts';
import { isFile } from './multipart-body.ts';
import { follow, type SpecDocuments } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import type { SpecBody, SpecOperation } from './spec-model.ts';

/** A file of a multipart body as an input. */
const FILE_INPUT: JsonMap = {
  description: 'A file: its text, or a map with `text` or `base64`, and optionally `filename` and `content_type`.',
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      properties: {
        text: { type: 'string' },
        base64: { type: 'string' },
        filename: { type: 'string' },
        content_type: { type: 'string' },
      },
    },
  ],
};

export interface InputSchema extends JsonMap {
  readonly type: 'object';
  readonly properties: JsonMap;
  readonly required: readonly string[];
}

/** Limits of one schema: its own and what is left for all. */
export function takeBudget(own: number, all?: ValueBudget): ValueBudget {
  return { left: Math.min(own, Math.max(0, all?.left ?? own)), isCut: false };
}

/**
 * The inputs of an operation as a JSON Schema: parameters of every place by name, then the properties of the body, or the body as a
 * whole where it has none. `takesWholeBody` asks for the body as a whole where it could be given either way.
 */
export function inputSchema(
  documents: SpecDocuments,
  operation: SpecOperation,
  how: SchemaRules & { readonly takesWholeBody: boolean; readonly budget: ValueBudget },
): InputSchema {
  const converter = createSchemaConverter(documents, how);
  const properties = new Map<string, Json>();
  const required = new Set<string>();
  for (const { name, schema, description, isRequired } of operation.parameters) {
    properties.set(name, described(converter.convert(schema, how.budget), description));
    if (isRequired) required.add(name);
  }
  if (operation.body !== null) {
    const isWhole = how.takesWholeBody || operation.body.properties === null;
    const given = isWhole ? wholeBody(operation.body) : bodyFields(operation.body);
    for (const field of given) {
      if (field.isRequired) required.add(field.name);
      if (properties.has(field.name)) continue;
      properties.set(
        field.name,
        isFileField(documents, operation.body, field) ? FILE_INPUT : converter.convert(field.schema, how.budget),
      );
    }
  }
  return withDefinitions(
    { type: 'object', properties: Object.fromEntries(properties), required: [...required] },
    converter,
    how.budget,
  );
}

type Field = Pick<NonNullable<SpecBody['properties']>[number], 'name' | 'schema' | 'isRequired'>;

/** Of files nobody says in a schema in which form they are given here. */
const wholeBody = (body: SpecBody): readonly Field[] => {
  const schema = essenceOf(body.mediaType) === MULTIPART ? { ...body.schema, value: {} } : body.schema;
  return [{ name: body.input, schema, isRequired: body.isRequired }];
};

const bodyFields = (body: SpecBody): readonly Field[] =>
  (body.properties ?? []).map((field) => ({ ...field, isRequired: field.isRequired && body.isRequired }));

const isFileField = (documents: SpecDocuments, body: SpecBody, field: Field): boolean =>
  essenceOf(body.mediaType) === MULTIPART && field.name !== body.input && isFile(follow(documents, field.schema).value);

function described(schema: Json, description: string): Json {
  if (description === '' || !isJsonMap(schema)) return schema;
  return { ...schema, description };
}

function withDefinitions(schema: InputSchema, converter: SchemaConverter, budget: ValueBudget): InputSchema {
  const definitions = converter.definitions(budget);
  return Object.keys(definitions).length === 0 ? schema : { ...schema, $defs: definitions };
}

/** The schema of the answer; null = none is written, or it is too large to be shown. */
export function outputSchema(documents: SpecDocuments, operation: SpecOperation, all: ValueBudget): JsonMap | null {
  if (operation.output === null) return null;
  const budget = takeBudget(SPEC_LIMITS.outputValues, all);
  const before = budget.left;
  const converter = createSchemaConverter(documents, { leavesOutPatterns: false });
  const schema = converter.convert(operation.output, budget);
  const definitions = converter.definitions(budget);
  all.left -= before - budget.left;
  if (budget.isCut || !isJsonMap(schema)) return null;
  return Object.keys(definitions).length === 0 ? schema : { ...schema, $defs: definitions };
}
