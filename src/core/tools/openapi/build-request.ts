import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import type { CheckedInputs } from './check-inputs.ts';
import { fileFieldOf } from './file-fields.ts';
import { essenceOf, FORM, isJsonType, MULTIPART } from './media-types.ts';
import { type EncodedBody, encodeMultipart } from './multipart-body.ts';
import { invalidParameter } from './parameter-errors.ts';
import { joinPairs, type Pair, serializeForHeader, serializeForPath, serializeForQuery } from './serialize-value.ts';
import { own, type SpecDocuments } from './spec-documents.ts';
import type {
  BodyProperty,
  ParameterPlace,
  Serialization,
  SpecBody,
  SpecOperation,
  SpecParameter,
} from './spec-model.ts';

/** A request before a login is added. */
export interface RequestDraft {
  readonly method: string;
  /** Without a query. */
  readonly address: string;
  readonly query: readonly Pair[];
  readonly cookies: readonly Pair[];
  /** Names as the spec writes them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

const ACCEPT = 'application/json, application/*+json;q=0.9, text/*;q=0.8, */*;q=0.5';

/** The request of an operation. `tool.invalid_params` for values that would change where or how it is sent. */
export function buildRequest(
  {
    documents,
    operation,
    base,
  }: { readonly documents: SpecDocuments; readonly operation: SpecOperation; readonly base: string },
  inputs: CheckedInputs,
): RequestDraft {
  const given = (place: ParameterPlace): readonly (readonly [SpecParameter, Json])[] =>
    operation.parameters.flatMap((parameter) => {
      const value = parameter.place === place ? own(inputs.parameters, parameter.name) : undefined;
      return value === undefined ? [] : [[parameter, value] as const];
    });
  const pairs = (place: ParameterPlace): readonly Pair[] =>
    given(place).flatMap(([{ wireName, serialization }, value]) => serializeForQuery(wireName, value, serialization));
  const body =
    operation.body === null || inputs.body === undefined ? null : encodeBody(documents, operation.body, inputs.body);
  return {
    method: operation.method.toUpperCase(),
    address: base + fillPath(operation, inputs.parameters),
    query: pairs('query'),
    cookies: pairs('cookie'),
    headers: {
      accept: ACCEPT,
      ...Object.fromEntries(given('header').map(([parameter, value]) => headerOf(parameter, value))),
      ...(body === null ? {} : { 'content-type': body.contentType }),
    },
    body: body?.bytes,
  };
}

/** The whole address: a query of the base does not count, that of the call is put together anew. */
export const addressOf = ({ address, query }: Pick<RequestDraft, 'address' | 'query'>): string =>
  query.length === 0 ? address : `${address}?${joinPairs(query)}`;

function headerOf({ name, wireName, serialization }: SpecParameter, value: Json): readonly [string, string] {
  const text = serializeForHeader(value, serialization);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw invalidParameter(name, 'holds characters that a header may not hold', 'Remove line breaks and the like.');
  }
  return [wireName, text];
}

/** Every placeholder of a path is a parameter: `readOperation` adds those that nobody declared. */
function fillPath(operation: SpecOperation, inputs: JsonMap): string {
  const byName = new Map(
    operation.parameters.flatMap((one) => (one.place === 'path' ? [[one.wireName, one] as const] : [])),
  );
  const path = operation.path.replace(/\{([^{}]+)\}/g, (_whole, wireName: string) => {
    const parameter = byName.get(wireName);
    const value = parameter === undefined ? undefined : own(inputs, parameter.name);
    if (parameter === undefined || value === undefined) throw invalidParameter(wireName, 'is required');
    return pathValue(parameter, value);
  });
  const bad = path.split('/').find(isDots);
  if (bad === undefined) return path.replace(/[?#]/g, (one) => encodeURIComponent(one));
  const [first] = byName.values();
  throw invalidParameter(first?.name ?? 'path', `makes the path hold "${bad}"`, 'Give the name of what is meant.');
}

function pathValue({ name, wireName, serialization }: SpecParameter, value: Json): string {
  // Servers that undo the percent-encoding before they look at the path would walk up with it.
  const texts = typeof value === 'object' && value !== null ? Object.values(value).map(String) : [String(value)];
  if (texts.some((text) => text.split(/[\\/]/).some(isDots))) {
    throw invalidParameter(name, 'must not be "." or ".." or lead upwards with it', 'Give the name of what is meant.');
  }
  const text = serializeForPath(wireName, value, serialization);
  if (text === '') throw invalidParameter(name, 'must not be empty: the path would name something else');
  return text;
}

const isDots = (segment: string): boolean => /^(\.|%2e){1,2}$/i.test(segment);

/** The bytes of a body in its media type (SPEC §5.4): JSON, form, multipart, or a text as it is. `tool.invalid_params`. */
function encodeBody(documents: SpecDocuments, body: SpecBody, value: Json): EncodedBody {
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
