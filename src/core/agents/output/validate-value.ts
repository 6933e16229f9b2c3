import type { Ajv2020, ErrorObject, Options, ValidateFunction } from 'ajv/dist/2020.js';
import { AppError } from '../../../shared/errors.ts';
import { isDeeperThan, type Json, type JsonMap } from '../../../shared/json.ts';
import { COSTLY_PATTERN_FIX, compilePattern } from '../../../shared/safe-pattern.ts';
import { withinTime } from '../../workflow/index.ts';
import { compileSchema } from './compile-schema.ts';
import type { FieldOrder } from './prepare-schema.ts';

const MAX_ERRORS = 20;
const MAX_DEPTH = 200;
const KEPT = 200;

/** `quick` says whether, `full` all that is wrong: it is made when something is. */
interface Validators {
  readonly quick: ValidateFunction;
  readonly full: () => ValidateFunction;
}

/** How a schema is compiled. */
type Compile = (schema: JsonMap, ajv: Ajv2020, order: FieldOrder) => ValidateFunction;

const ofSteps = new Map<string, Promise<Validators>>();
const ofTools = new Map<string, Promise<Validators>>();

/**
 * What is wrong with the arguments of a function. A schema that cannot be used says nothing here: the tool itself checks what it is
 * given, too.
 */
export async function validateArguments(parameters: JsonMap, input: JsonMap): Promise<readonly string[]> {
  const validators = await load(ofTools, parameters, (schema, ajv) => ajv.compile(schema)).catch(() => null);
  return validators === null ? [] : (problemsOf(validators, input) ?? []);
}

/**
 * What is wrong with a value, one plain line each with its place; empty = it meets the schema. The schema was checked before
 * (`schemaProblems`); one that takes too long to read is `tool.invalid_params`. Ajv is loaded when the first value is checked.
 */
export async function validateValue(schema: JsonMap, value: Json): Promise<readonly string[]> {
  if (isDeeperThan(value, MAX_DEPTH)) return [`the answer is nested more than ${MAX_DEPTH} levels deep`];
  const validators = await load(ofSteps, schema, compileSchema).catch((cause: unknown) => {
    throw new AppError('tool.invalid_params', 'output_schema: no answer can be held against it in reasonable time', {
      hint: 'Ask for less in one step.',
      cause,
    });
  });
  return problemsOf(validators, value) ?? ['the answer cannot be held against the schema in reasonable time'];
}

/** null = it cannot be found out: alternatives that refer to themselves can take for ever, and what leads back to itself does. */
function problemsOf({ quick, full }: Validators, value: Json): readonly string[] | null {
  try {
    if (withinTime(() => quick(value))) return [];
  } catch {
    return null;
  }
  try {
    const validate = full();
    withinTime(() => validate(value));
    return linesOf(validate);
  } catch {
    return linesOf(quick);
  }
}

function linesOf({ errors }: ValidateFunction): readonly string[] {
  return [...new Set((errors ?? []).slice(0, MAX_ERRORS).map(errorText))];
}

function load(kept: Map<string, Promise<Validators>>, schema: JsonMap, compile: Compile): Promise<Validators> {
  const key = JSON.stringify(schema);
  let validators = kept.get(key);
  if (validators === undefined) {
    validators = make(schema, compile);
    kept.set(key, validators);
    validators.catch(() => kept.delete(key));
    if (kept.size > KEPT) kept.delete([...kept.keys()][0] ?? '');
  }
  return validators;
}

async function make(written: JsonMap, compile: Compile): Promise<Validators> {
  const { Ajv2020: Validator } = await import('ajv/dist/2020.js');
  const { $schema: _dialect, $id: _id, ...schema } = written;
  const create = (allErrors: boolean): ValidateFunction =>
    withinTime(() =>
      compile(schema, new Validator({ ...OPTIONS, allErrors }), allErrors ? 'as_written' : 'telling_first'),
    );
  const quick = create(false);
  let full: ValidateFunction | null = null;
  return {
    quick,
    full: () => {
      full ??= create(true);
      return full;
    },
  };
}

/** Patterns come from files and foreign servers, values from models: no pair of them may hang the app. */
const SAFE_PATTERNS = Object.assign(
  (pattern: string): { readonly test: (text: string) => boolean; readonly toString: () => string } => {
    const compiled = compilePattern(pattern);
    if (compiled === null) throw new RangeError('The pattern cannot be used.');
    // Ajv tells patterns apart by their text.
    const test = (text: string): boolean => {
      const verdict = compiled.test(text);
      if (verdict === null) throw new RangeError(COSTLY_PATTERN_FIX);
      return verdict;
    };
    return { test, toString: () => pattern };
  },
  { code: 'safePattern' },
);

const OPTIONS: Options = {
  strict: false,
  // Checking the schema itself takes ten times the rest: its words were looked at before, or are the tool's own business.
  ...{ meta: false, validateSchema: false },
  ...{ validateFormats: false, addUsedSchema: false, logger: false },
  code: { regExp: SAFE_PATTERNS },
};

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
