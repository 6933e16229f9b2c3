import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import { parseDuration } from '../../../shared/parse-duration.ts';

/** An operation of an adapter. */
export interface ModuleOperation {
  readonly info: ToolOperationInfo;
  /** null = the default of modules. */
  readonly timeoutMs: number | null;
}

const NAME = /^[A-Za-z_]\w{0,199}$/;
const MAX_DESCRIPTION = 4000;
const MAX_OPERATIONS = 1000;
const ANYTHING: JsonMap = { type: 'object', additionalProperties: true };

/**
 * What the host of an adapter told about it, sorted by name. `schema` of a JavaScript adapter says more of an operation: a JSON Schema
 * of its parameters, or a map `{description, parameters, read_only, idempotent, timeout, output_schema}` in which `parameters` is such a
 * schema or a map as in `tools.yaml` (SPEC §5.2). `tool.invalid_reply` when it is nothing like a description, `tool.definition_invalid`
 * for a `schema` of another form.
 */
export function readDescription(told: Json): readonly ModuleOperation[] {
  const list = isJsonMap(told) ? told.operations : undefined;
  if (!Array.isArray(list) || list.length > MAX_OPERATIONS)
    throw new AppError('tool.invalid_reply', 'The adapter did not say which operations it has.', { retryable: false });
  const written = isJsonMap(told) ? (told.schema ?? null) : null;
  const schema = written === null ? {} : mapAt('schema', written);
  return (list as readonly Json[])
    .flatMap((one) => (isJsonMap(one) ? readOperation(one, schema) : []))
    .toSorted((a, b) => (a.info.name < b.info.name ? -1 : 1));
}

function readOperation(found: JsonMap, schema: JsonMap): readonly ModuleOperation[] {
  const { name } = found;
  if (typeof name !== 'string' || !NAME.test(name)) return [];
  const place = `schema.${name}`;
  const own = mapAt(place, (Object.hasOwn(schema, name) ? schema[name] : null) ?? {});
  const written: JsonMap = isParameterSchema(own) ? { parameters: own } : own;
  const isReadOnly = [found.readOnly, written.read_only, written.readOnly].includes(true);
  const isRepeatable = isReadOnly || [found.idempotent, written.idempotent].includes(true);
  const output = written.output_schema ?? written.outputSchema ?? null;
  const description = written.description ?? found.description;
  const info: ToolOperationInfo = {
    name,
    description: typeof description === 'string' ? description.slice(0, MAX_DESCRIPTION) : '',
    parameters: readParameters(`${place}.parameters`, written.parameters ?? found.parameters ?? null),
    outputSchema: output === null ? null : mapAt(`${place}.output_schema`, output),
    effect: isRepeatable ? 'idempotent' : 'effect',
    ...(isReadOnly ? { isReadOnly } : {}),
  };
  return [{ info, timeoutMs: readTimeout(`${place}.timeout`, written.timeout ?? null) }];
}

const isParameterSchema = (map: JsonMap): boolean =>
  map.type === 'object' && (map.properties === undefined || isJsonMap(map.properties));

function readParameters(place: string, written: Json): JsonMap {
  if (written === null) return ANYTHING;
  const map = mapAt(place, written);
  return isParameterSchema(map) ? map : fromShortForm(map);
}

/** A form that is not understood is refused, never read as nothing given (SPEC §3.3). */
function mapAt(place: string, written: Json): JsonMap {
  if (isJsonMap(written)) return written;
  throw invalid(`'${place}' must be a map`);
}

const invalid = (problem: string): AppError =>
  new AppError('tool.definition_invalid', `What the adapter says of itself cannot be used: ${problem}.`, {
    hint: "Mend 'schema' of the adapter.",
  });

/** `{name: {type, required, default, enum, description}}` or `{name: type}`. */
function fromShortForm(written: JsonMap): JsonMap {
  const entries = Object.entries(written).map(([name, one]): [string, JsonMap, boolean] => {
    const { required, ...property } = isJsonMap(one) ? one : { type: one };
    const type = property.type === 'float' ? 'number' : (property.type ?? 'string');
    return [name, { ...property, type }, required === true];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, property]) => [name, property])),
    required: entries.filter(([, , isRequired]) => isRequired).map(([name]) => name),
    additionalProperties: false,
  };
}

function readTimeout(place: string, written: Json): number | null {
  if (written === null) return null;
  const isWritten = typeof written === 'number' || typeof written === 'string';
  const { ms, problem } = isWritten ? parseDuration(written) : { ms: null, problem: '' };
  if (problem === undefined && ms !== null && ms > 0) return ms;
  throw invalid(`'${place}' must be a duration, such as 30s`);
}
