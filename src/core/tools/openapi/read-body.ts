import { isJsonMap } from '../../../shared/json.ts';
import { essenceOf, FORM, isJsonType, MULTIPART, preferredType } from './media-types.ts';
import { readSerialization } from './read-serialization.ts';
import { entriesOf, follow, type Located, own, part, type SpecDocuments, textOf } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import type { BodyProperty, SpecBody, SpecParameter } from './spec-model.ts';

/** The request body of an operation in the one media type in which it is sent; null = it has none. `tool.definition_invalid`. */
export function readBody(
  documents: SpecDocuments,
  operation: Located,
  parameters: readonly SpecParameter[],
): SpecBody | null {
  const written = part(operation, 'requestBody');
  if (written === undefined) return null;
  const body = follow(documents, written);
  const media = preferredType(entriesOf(part(body, 'content')));
  if (media === undefined) return null;
  const [mediaType, content] = [media[0], follow(documents, media[1])];
  const schema = part(content, 'schema') ?? { document: content.document, value: {} };
  return {
    input: parameters.some((parameter) => parameter.name === 'body') ? 'request_body' : 'body',
    isRequired: part(body, 'required')?.value === true,
    mediaType,
    schema,
    properties: isOfFields(mediaType) ? readProperties(documents, schema, part(content, 'encoding')) : null,
  };
}

const isOfFields = (type: string): boolean =>
  isJsonType(type) || essenceOf(type) === FORM || essenceOf(type) === MULTIPART;

interface Fields {
  readonly schemas: Map<string, Located>;
  readonly required: Set<string>;
  /** Maps that were looked at: `allOf` may lead back to where it came from. */
  readonly seen: Set<unknown>;
}

const MAX_LEVELS = 50;

function readProperties(
  documents: SpecDocuments,
  schema: Located,
  encoding: Located | undefined,
): readonly BodyProperty[] | null {
  const fields: Fields = { schemas: new Map(), required: new Set(), seen: new Set() };
  collect(documents, schema, { fields, level: 0 });
  if (fields.schemas.size === 0 || fields.schemas.size > SPEC_LIMITS.inputs) return null;
  return [...fields.schemas].map(([name, property]) => {
    const written = encoding === undefined ? undefined : part(encoding, name);
    const place = written ?? { document: schema.document, value: {} };
    const contentType = textOf(place, 'contentType');
    return {
      name,
      isRequired: fields.required.has(name),
      schema: property,
      serialization: readSerialization(place, 'query', contentType === '' ? null : contentType),
    };
  });
}

/** The properties of a map, those of every part of `allOf` included. What only the service may write is not asked for. */
function collect(
  documents: SpecDocuments,
  schema: Located,
  { fields, level }: { readonly fields: Fields; readonly level: number },
): void {
  const target = follow(documents, schema);
  if (!isJsonMap(target.value) || fields.seen.has(target.value) || level > MAX_LEVELS) return;
  fields.seen.add(target.value);
  for (const [, piece] of entriesOf(part(target, 'allOf'))) collect(documents, piece, { fields, level: level + 1 });
  const readOnly = new Set<unknown>();
  for (const [name, property] of entriesOf(part(target, 'properties'))) {
    if (isJsonMap(property.value) && own(property.value, 'readOnly') === true) readOnly.add(name);
    else fields.schemas.set(name, property);
  }
  for (const [, { value }] of entriesOf(part(target, 'required'))) {
    if (typeof value === 'string' && !readOnly.has(value)) fields.required.add(value);
  }
}
