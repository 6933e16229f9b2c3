import { isJsonMap, type Json, type JsonMap, readJsonOrNull } from '../../../shared/json.ts';
import { checkField, type FieldProblem, initialValues, toInputs } from '../../ui/form-values.ts';
import { isMap, type SchemaField } from './schema-form.ts';

/** What stands in the fields: texts as typed, ticks, and the same in groups and lists. */
export type Raw = string | boolean | RawGroup | RawList;
export interface RawGroup {
  readonly [name: string]: Raw;
}
export type RawList = readonly Raw[];

const prettyText = (value: Json): string => JSON.stringify(value, null, 2);

/** A field at the beginning: its default, or a value laid over it. */
export function startRaw(field: SchemaField, given?: Json): Raw {
  switch (field.kind) {
    case 'leaf':
      return initialValues([field.definition], given === undefined ? {} : { [field.name]: given })[field.name] ?? '';
    case 'group':
      return startGroup(field.fields, isMap(given) ? given : {});
    case 'list': {
      const items = given ?? field.initial;
      if (Array.isArray(items)) return items.map((item: Json) => startRaw(field.item, item));
      return field.isRequired ? Array.from({ length: field.minItems }, () => startRaw(field.item)) : [];
    }
    case 'json': {
      const value = given ?? field.initial;
      return value === undefined ? '' : prettyText(value);
    }
  }
}

export const startGroup = (fields: readonly SchemaField[], given: JsonMap = {}): RawGroup =>
  Object.fromEntries(fields.map((field) => [field.name, startRaw(field, given[field.name])]));

const asGroup = (raw: Raw | undefined): RawGroup =>
  typeof raw === 'object' && !Array.isArray(raw) ? (raw as RawGroup) : {};
export const asList = (raw: Raw | undefined): RawList => (Array.isArray(raw) ? raw : []);
const asText = (raw: Raw | undefined): string => (typeof raw === 'string' ? raw : '');

/** Nobody wrote anything into an optional part: then it is left out, and what is required inside it does not count. */
const isLeftOut = (field: SchemaField, raw: Raw | undefined): boolean =>
  !field.isRequired &&
  ((field.kind === 'group' && JSON.stringify(raw ?? {}) === JSON.stringify(startRaw(field))) ||
    (field.kind === 'list' && asList(raw).length === 0) ||
    (field.kind === 'json' && asText(raw).trim() === ''));

/** Place of a field in the form, such as `customer/lines/0/amount`. */
export const placeOf = (parent: string, name: string | number): string =>
  parent === '' ? String(name) : `${parent}/${name}`;

export type Problems = Readonly<Record<string, FieldProblem>>;

/** Everything that needs a change, by place. */
export function problemsOf(fields: readonly SchemaField[], raw: RawGroup, parent = ''): Problems {
  return Object.assign({}, ...fields.map((field) => problemsAt(field, raw[field.name], placeOf(parent, field.name))));
}

export function problemsAt(field: SchemaField, raw: Raw | undefined, place: string): Problems {
  if (isLeftOut(field, raw)) return {};
  switch (field.kind) {
    case 'leaf': {
      const problem = checkField(field.definition, typeof raw === 'boolean' ? raw : asText(raw));
      return problem === null ? {} : { [place]: problem };
    }
    case 'group':
      return problemsOf(field.fields, asGroup(raw), place);
    case 'list':
      return listProblems(field, asList(raw), place);
    case 'json':
      return isJson(asText(raw))
        ? {}
        : { [place]: { key: asText(raw).trim() === '' ? 'error.required' : 'error.json' } };
  }
}

function listProblems(
  { item, minItems, maxItems }: Extract<SchemaField, { kind: 'list' }>,
  list: RawList,
  place: string,
): Problems {
  const length: Problems =
    list.length < minItems
      ? { [place]: { key: 'error.minItems', values: { count: minItems } } }
      : list.length > maxItems
        ? { [place]: { key: 'error.maxItems', values: { count: maxItems } } }
        : {};
  return Object.assign({}, length, ...list.map((raw, at) => problemsAt(item, raw, placeOf(place, at))));
}

const isJson = (text: string): boolean => readJsonOrNull(text) !== null;

/** The parameters of a checked form; what was left empty is not in them. */
export function paramsOf(fields: readonly SchemaField[], raw: RawGroup): JsonMap {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = jsonOf(field, raw[field.name]);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

function jsonOf(field: SchemaField, raw: Raw | undefined): Json | undefined {
  if (isLeftOut(field, raw)) return undefined;
  switch (field.kind) {
    case 'leaf':
      return toInputs([field.definition], { [field.name]: typeof raw === 'boolean' ? raw : asText(raw) })[field.name];
    case 'group':
      return paramsOf(field.fields, asGroup(raw));
    case 'list':
      return asList(raw).flatMap((item) => jsonOf(field.item, item) ?? []);
    case 'json':
      return readJsonOrNull(asText(raw))?.value;
  }
}

/** A text of the JSON view as parameters, or null when it is no JSON object. */
export function parseParams(text: string): JsonMap | null {
  if (text.trim() === '') return {};
  const value = readJsonOrNull(text)?.value;
  return isJsonMap(value) ? value : null;
}
