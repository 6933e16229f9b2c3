import { isJsonMap, type Json } from '../../../shared/json.ts';
import { fileFieldOf } from './file-fields.ts';
import { essenceOf, FORM, isJsonType, MULTIPART } from './media-types.ts';
import { type EncodedBody, encodeMultipart } from './multipart-body.ts';
import { invalidParameter } from './parameter-errors.ts';
import { joinPairs, serializeForQuery } from './serialize-value.ts';
import type { SpecDocuments } from './spec-documents.ts';
import type { BodyProperty, Serialization, SpecBody } from './spec-model.ts';

/** The bytes of a body in its media type (SPEC §5.4): JSON, form, multipart, or a text as it is. `tool.invalid_params`. */
export function encodeBody(documents: SpecDocuments, body: SpecBody, value: Json): EncodedBody {
  const type = essenceOf(body.mediaType);
  if (isJsonType(type)) return { bytes: Buffer.from(JSON.stringify(value)), contentType: body.mediaType };
  if (type === FORM) return { bytes: Buffer.from(encodeForm(body, value)), contentType: FORM };
  if (type === MULTIPART)
    return encodeMultipart(fieldsOf(body, value).map(([field, one]) => partOf(documents, field, one)));
  if (typeof value !== 'object') return { bytes: Buffer.from(String(value)), contentType: plainType(body.mediaType) };
  throw invalidParameter(body.input, `must be a text: it is sent as ${type}`);
}

const plainType = (type: string): string => (type.includes('*') ? 'text/plain; charset=utf-8' : type);

const FORM_FIELD: Serialization = { style: 'form', explode: true, allowReserved: false, contentType: null };

type Field = Pick<BodyProperty, 'name' | 'serialization'> & { readonly schema: BodyProperty['schema'] | null };

function fieldsOf(body: SpecBody, value: Json): readonly (readonly [Field, Json])[] {
  if (!isJsonMap(value)) {
    throw invalidParameter(body.input, 'must be a map: it is sent as a form');
  }
  const known = new Map((body.properties ?? []).map((property) => [property.name, property]));
  return Object.entries(value)
    .filter(([, one]) => one !== null)
    .map(([name, one]) => [known.get(name) ?? { name, serialization: FORM_FIELD, schema: null }, one] as const);
}

/** Blanks as `+`, as forms have them. */
function encodeForm(body: SpecBody, value: Json): string {
  const pairs = fieldsOf(body, value).flatMap(([{ name, serialization }, one]) =>
    serializeForQuery(name, one, { ...serialization, allowReserved: false }),
  );
  return joinPairs(pairs).replaceAll('%20', '+');
}

function partOf(documents: SpecDocuments, field: Field, value: Json): Parameters<typeof encodeMultipart>[0][number] {
  const isFile = field.schema !== null && fileFieldOf(documents, field.schema) !== null;
  return { name: field.name, value, isFile, contentType: field.serialization.contentType };
}
