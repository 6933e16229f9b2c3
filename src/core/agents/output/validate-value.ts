import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Json, JsonMap } from '../../../shared/model/workflow.ts';
import { compilePattern, type SafePattern } from '../../workflow/index.ts';

const MAX_ERRORS = 20;
const KEPT = 200;

const compiled = new Map<string, Promise<ValidateFunction>>();

/**
 * What is wrong with the arguments of a function. A schema that cannot be used says nothing here: the tool itself checks what it is
 * given, too.
 */
export async function validateArguments(parameters: JsonMap, input: JsonMap): Promise<readonly string[]> {
  const validate = await compile(parameters).catch(() => null);
  if (validate === null) return [];
  try {
    return problemsOf(validate, input);
  } catch {
    // It leads back to itself for ever.
    return [];
  }
}

/**
 * What is wrong with a value, one plain line each with its place; empty = it meets the schema. The schema was checked before
 * (`schemaProblems`). Ajv is loaded when the first value is checked.
 */
export async function validateValue(schema: JsonMap, value: Json): Promise<readonly string[]> {
  return problemsOf(await compile(schema), value);
}

function problemsOf(validate: ValidateFunction, value: Json): readonly string[] {
  if (validate(value) === true) return [];
  const errors = (validate.errors ?? []).slice(0, MAX_ERRORS).map(errorText);
  return [...new Set(errors)];
}

function compile(schema: JsonMap): Promise<ValidateFunction> {
  const key = JSON.stringify(schema);
  let validate = compiled.get(key);
  if (validate === undefined) {
    validate = load(schema);
    compiled.set(key, validate);
    validate.catch(() => compiled.delete(key));
    if (compiled.size > KEPT) compiled.delete([...compiled.keys()][0] ?? '');
  }
  return validate;
}

async function load(schema: JsonMap): Promise<ValidateFunction> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateFormats: false,
    addUsedSchema: false,
    logger: false,
    code: { regExp: SAFE_PATTERNS },
  });
  const { $schema: _dialect, $id: _id, ...rest } = schema;
  // With a name of its own `$ref: "#"` finds its way back.
  return ajv.compile({ ...rest, $id: 'value' });
}

/** Patterns come from files and foreign servers, values from models: no pair of them may hang the app. */
const SAFE_PATTERNS = Object.assign(
  (pattern: string): SafePattern & { readonly toString: () => string } => {
    const compiled = compilePattern(pattern);
    if (compiled === null) throw new RangeError('The pattern cannot be used.');
    // Ajv tells patterns apart by their text.
    return { test: (text) => compiled.test(text), toString: () => pattern };
  },
  { code: 'safePattern' },
);

function errorText({ instancePath, message, params, keyword }: ErrorObject): string {
  const place = instancePath === '' ? 'the answer' : instancePath.slice(1).replaceAll('/', '.');
  const more =
    keyword === 'additionalProperties'
      ? `: ${String(params.additionalProperty)}`
      : keyword === 'enum'
        ? `: ${JSON.stringify(params.allowedValues)}`
        : '';
  return `${place} ${message ?? 'is not valid'}${more}`;
}
