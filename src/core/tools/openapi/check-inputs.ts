import type { ErrorObject, ValidateFunction } from 'ajv';
import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import { suggestName } from '../../../shared/suggest-name.ts';
import { definitionInvalid } from './definition-error.ts';
import { inputSchema, takeBudget } from './operation-schema.ts';
import { own, type SpecDocuments } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import type { SpecOperation } from './spec-model.ts';

/** Checked inputs: what the places of a request take, and the body as it is sent. */
export interface CheckedInputs {
  readonly parameters: JsonMap;
  /** undefined = no body. */
  readonly body: Json | undefined;
}

/** Names that an operation takes. */
export function inputNames(operation: SpecOperation): readonly string[] {
  const names = operation.parameters.map((parameter) => parameter.name);
  const { body } = operation;
  return body === null ? names : [...names, ...(body.properties ?? []).map((property) => property.name), body.input];
}

/** `Parameter … is unknown` with the nearest name. */
export function unknownInput(name: string, names: readonly string[]): AppError {
  const near = suggestName(name, names);
  return new AppError('tool.invalid_params', `Parameter \`${name}\` is not known to this operation.`, {
    hint: near === undefined ? `It takes: ${names.join(', ') || 'nothing'}.` : `Did you mean \`${near}\`?`,
    details: { parameter: name },
  });
}

/** Checks the inputs of one operation before anything is sent. Made once for an operation. */
export type InputCheck = (inputs: JsonMap) => CheckedInputs;

/**
 * The check of an operation: unknown names, what is missing, types, bounds and formats, each by `tool.invalid_params` with the
 * parameter's name. Texts that are numbers or booleans in places of a URL or header are taken as such; null counts as not given.
 */
export async function createInputCheck(documents: SpecDocuments, operation: SpecOperation): Promise<InputCheck> {
  const budget = (): ReturnType<typeof takeBudget> => takeBudget(SPEC_LIMITS.parameterValues);
  const schemaOf = (takesWholeBody: boolean): JsonMap =>
    inputSchema(documents, operation, { leavesOutPatterns: true, takesWholeBody, budget: budget() });
  const byFields = await compile(schemaOf(false));
  const byBody = operation.body?.properties == null ? byFields : await compile(schemaOf(true));
  const names = inputNames(operation);
  return (inputs) => {
    const unknown = Object.keys(inputs).find((name) => !names.includes(name));
    if (unknown !== undefined) throw unknownInput(unknown, names);
    const given = withoutNulls(inputs, operation);
    const { body } = operation;
    const isWhole = body !== null && (body.properties === null || Object.hasOwn(given, body.input));
    // Coercion writes into what it checks.
    const checked = structuredClone(given) as JsonMap;
    run(isWhole ? byBody : byFields, checked);
    return { parameters: checked, body: bodyOf(operation, checked) };
  };
}

/** null = not given, as for scripts; a whole body may be null. */
function withoutNulls(inputs: JsonMap, operation: SpecOperation): JsonMap {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => value !== null || name === operation.body?.input),
  );
}

function bodyOf({ body }: SpecOperation, inputs: JsonMap): Json | undefined {
  if (body === null) return undefined;
  const whole = own(inputs, body.input);
  if (whole !== undefined || body.properties === null) return whole;
  const fields = body.properties.flatMap(({ name }) => {
    const value = own(inputs, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return fields.length === 0 && !body.isRequired ? undefined : Object.fromEntries(fields);
}

async function compile(schema: JsonMap): Promise<ValidateFunction> {
  const [{ Ajv2020 }, formats] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  const ajv = new Ajv2020({
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    coerceTypes: true,
    allErrors: false,
    logger: false,
    addUsedSchema: false,
  });
  formats.default.default(ajv, { mode: 'fast' });
  try {
    return ajv.compile(schema);
  } catch (cause) {
    throw definitionInvalid('The parameters of the operation cannot be checked.', undefined, cause);
  }
}

function run(validate: ValidateFunction, inputs: JsonMap): void {
  let isValid: unknown;
  try {
    isValid = validate(inputs);
  } catch (cause) {
    throw definitionInvalid('The parameters of the operation cannot be checked.', undefined, cause);
  }
  const [first] = validate.errors ?? [];
  if (isValid !== true && first !== undefined) throw invalidInput(first);
}

function invalidInput(error: ErrorObject): AppError {
  const params = error.params as Readonly<Record<string, unknown>>;
  const missing = error.keyword === 'required' ? String(params.missingProperty) : null;
  const place = [...error.instancePath.split('/').slice(1).map(unescapeToken), ...(missing === null ? [] : [missing])];
  const name = place.join('.');
  const allowed = Array.isArray(params.allowedValues) ? `: ${params.allowedValues.map(String).join(', ')}` : '';
  const reason = missing === null ? `${error.message ?? 'is invalid'}${allowed}`.slice(0, 500) : 'is required';
  return new AppError('tool.invalid_params', `Parameter \`${name}\` ${reason}.`, { details: { parameter: name } });
}

const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');
