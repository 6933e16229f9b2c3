import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { createSchemaConverter, type SchemaConverter, type SchemaRules, type ValueBudget } from './convert-schema.ts';
import { fileFieldOf } from './file-fields.ts';
import { essenceOf, MULTIPART } from './media-types.ts';
import type { Located, SpecDocuments } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import type { SpecBody, SpecOperation } from './spec-model.ts';

/** A file of a multipart body as an input. */
const FILE_INPUT: JsonMap = {
  description: "A file: its text, or a map with 'text' or 'base64', and optionally 'filename' and 'content_type'.",
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
    const { body } = operation;
    const convert = ({ schema }: Field): Json =>
      fileInput(documents, body, schema) ?? converter.convert(schema, how.budget);
    const isWhole = how.takesWholeBody || body.properties === null;
    for (const field of isWhole ? [wholeBody(body)] : bodyFields(body)) {
      if (field.isRequired) required.add(field.name);
      if (properties.has(field.name)) continue;
      properties.set(field.name, isWhole && isMultipart(body) ? multipartSchema(body, convert) : convert(field));
    }
  }
  return withDefinitions(
    { type: 'object', properties: Object.fromEntries(properties), required: [...required] },
    converter,
    how.budget,
  );
}

type Field = Pick<NonNullable<SpecBody['properties']>[number], 'name' | 'schema' | 'isRequired'>;

const isMultipart = (body: SpecBody): boolean => essenceOf(body.mediaType) === MULTIPART;

const wholeBody = ({ input, schema, isRequired }: SpecBody): Field => ({ name: input, schema, isRequired });

const bodyFields = (body: SpecBody): readonly Field[] =>
  (body.properties ?? []).map((field) => ({ ...field, isRequired: field.isRequired && body.isRequired }));

/** A whole multipart body: of files nobody says in a schema in which form they are given here. */
function multipartSchema({ properties }: SpecBody, convert: (field: Field) => Json): Json {
  if (properties === null) return {};
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map((field) => [field.name, convert(field)])),
    required: properties.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  };
}

/** null = it is no field of files. */
function fileInput(documents: SpecDocuments, body: SpecBody, schema: Located): Json {
  const kind = isMultipart(body) && schema !== body.schema ? fileFieldOf(documents, schema) : null;
  return kind === 'files' ? { type: 'array', items: FILE_INPUT } : kind === 'file' ? FILE_INPUT : null;
}

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
  const converter = createSchemaConverter(documents, { isForChecks: false });
  const schema = converter.convert(operation.output, budget);
  const definitions = converter.definitions(budget);
  all.left -= before - budget.left;
  if (budget.isCut || !isJsonMap(schema)) return null;
  return Object.keys(definitions).length === 0 ? schema : { ...schema, $defs: definitions };
}
