import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import { isDeeperThan, type Json, type JsonMap, MAX_JSON_DEPTH } from '../../../shared/json.ts';
import { isOutOfTime, withinTime } from '../../workflow/index.ts';

/** What a value came to under a schema. */
export type SchemaVerdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly problem: string }
  /** The schema itself cannot be used; `problem` says why. */
  | { readonly kind: 'unusable'; readonly problem: string };

/** Beyond this a schema is an attack or a mistake. */
const MAX_SCHEMA_CHARS = 256 * 1024;

type Compiler = (schema: JsonMap) => ValidateFunction;

let compilers: Promise<Readonly<Record<'old' | 'current', Compiler>>> | null = null;
/** By schema: how to check, or why that cannot be done. */
const known = new WeakMap<JsonMap, ValidateFunction | string>();

/**
 * Holds a value against a JSON Schema of a foreign server (draft 7 or 2020-12, by its `$schema`). Formats are notes, as 2020-12
 * has it; nothing is fetched, nothing of the value is changed, and neither schema nor pattern can hold everything else up.
 */
export async function checkSchema(schema: JsonMap, value: Json): Promise<SchemaVerdict> {
  compilers ??= loadCompilers();
  const { old, current } = await compilers;
  const compiler = typeof schema.$schema === 'string' && /draft-0[3-7]/.test(schema.$schema) ? old : current;
  const validate = known.get(schema) ?? remember(schema, compiler);
  if (typeof validate === 'string') return { kind: 'unusable', problem: validate };
  if (isDeeperThan(value, MAX_JSON_DEPTH)) return { kind: 'invalid', problem: 'it is nested too deep' };
  try {
    if (withinTime(() => validate(value))) return { kind: 'valid' };
    return { kind: 'invalid', problem: describe(validate.errors ?? []) };
  } catch (error) {
    if (isOutOfTime(error)) known.set(schema, textOf(error));
    return { kind: 'unusable', problem: textOf(error) };
  }
}

function remember(schema: JsonMap, compiler: Compiler): ValidateFunction | string {
  const compiled = compile(schema, compiler);
  known.set(schema, compiled);
  return compiled;
}

function compile(schema: JsonMap, compiler: Compiler): ValidateFunction | string {
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARS) return 'it is larger than 256 KiB';
  try {
    return withinTime(() => compiler(schema));
  } catch (error) {
    return textOf(error);
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500);

async function loadCompilers(): Promise<Readonly<Record<'old' | 'current', Compiler>>> {
  const [{ Ajv }, { Ajv2020 }] = await Promise.all([import('ajv'), import('ajv/dist/2020.js')]);
  const options: Options = {
    ...{ strict: false, validateFormats: false, ownProperties: true, logger: false },
    ...{ meta: false, validateSchema: false, addUsedSchema: false },
  };
  // An instance each: schemas of different servers may carry the same `$id`. The dialect is chosen already.
  const plain = ({ $schema: _dialect, ...schema }: JsonMap): JsonMap => schema;
  return {
    old: (schema) => new Ajv(options).compile(plain(schema)),
    current: (schema) => new Ajv2020(options).compile(plain(schema)),
  };
}

function describe([first]: readonly ErrorObject[]): string {
  if (first === undefined) return 'it does not meet the schema';
  const where = first.instancePath === '' ? '' : `${first.instancePath.slice(1).replaceAll('/', '.')} `;
  const extra = first.keyword === 'additionalProperties' ? `: ${String(first.params.additionalProperty)}` : '';
  const allowed = first.keyword === 'enum' ? `: ${JSON.stringify(first.params.allowedValues)}` : '';
  return `${where}${first.message ?? 'is wrong'}${extra}${allowed}`.slice(0, 500);
}
