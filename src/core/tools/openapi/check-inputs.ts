import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { didYouMean } from '../../../shared/suggest-name.ts';
import { checkValue, REQUEST_SCHEMA, type ValueProblem } from '../../json-schema/index.ts';
import { definitionInvalid } from './definition-error.ts';
import { type FittedValue, fitValue, type Wire } from './fit-value.ts';
import { isJsonType } from './media-types.ts';
import { type InputSchema, inputSchema, takeBudget } from './operation-schema.ts';
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
  return new AppError('tool.invalid_params', `Parameter '${name}' is not known to this operation.`, {
    hint: didYouMean(name, names) ?? `It takes: ${names.join(', ') || 'nothing'}.`,
    details: { parameter: name },
  });
}

/** Checks the inputs of one operation before anything is sent. Made once for an operation. */
export type InputCheck = (inputs: JsonMap) => Promise<CheckedInputs>;

/**
 * The check of an operation: unknown names, what is missing, types, bounds and formats, each by `tool.invalid_params` with the
 * parameter's name. Texts that are numbers or booleans in places of a URL or header are taken as such, and null counts there as not
 * given. A body is sent as it is given, null included; what its schema does not take is refused, and nothing is made up (SPEC §5.4).
 */
export function createInputCheck(documents: SpecDocuments, operation: SpecOperation): InputCheck {
  const schemaOf = (takesWholeBody: boolean): InputSchema =>
    inputSchema(documents, operation, {
      ...{ isForChecks: true, takesWholeBody, budget: takeBudget(SPEC_LIMITS.parameterValues) },
    });
  const byFields = schemaOf(false);
  const byBody = operation.body?.properties == null ? byFields : schemaOf(true);
  const names = inputNames(operation);
  return async (inputs) => {
    const unknown = Object.keys(inputs).find((name) => !names.includes(name));
    if (unknown !== undefined) throw unknownInput(unknown, names);
    const given = withoutNulls(inputs, operation);
    const { body } = operation;
    const isWhole = body !== null && (body.properties === null || Object.hasOwn(given, body.input));
    const schema = isWhole ? byBody : byFields;
    const all = Object.entries(given).map(
      ([name, value]) => [name, fitInput(operation, schema, { name, value })] as const,
    );
    await check(schema, Object.fromEntries(all.map(([name, { checked }]) => [name, checked])), given);
    const sent = Object.fromEntries(all.map(([name, one]) => [name, one.sent]));
    return { parameters: sent, body: bodyOf(operation, sent) };
  };
}

/** null = not given where a URL or header would have to carry it, as for scripts. */
function withoutNulls(inputs: JsonMap, { parameters }: SpecOperation): JsonMap {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => value !== null || !parameters.some((one) => one.name === name)),
  );
}

interface Input {
  readonly name: string;
  readonly value: Json;
}

function fitInput(operation: SpecOperation, schema: InputSchema, { name, value }: Input): FittedValue {
  return fitValue(value, schema.properties[name] ?? true, { root: schema, wire: wireOf(operation, name) });
}

function wireOf({ parameters, body }: SpecOperation, name: string): Wire {
  const parameter = parameters.find((one) => one.name === name);
  if (parameter !== undefined) return isJsonType(parameter.serialization.contentType ?? '') ? 'json' : 'place';
  return body === null || isJsonType(body.mediaType) ? 'json' : 'form';
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

async function check(schema: InputSchema, inputs: JsonMap, given: JsonMap): Promise<void> {
  const verdict = await checkValue(schema, inputs, REQUEST_SCHEMA);
  if (verdict.kind === 'invalid') throw invalidInput(verdict.problems[0], given);
  if (verdict.kind === 'unusable')
    throw definitionInvalid(`The parameters of the operation cannot be checked: ${verdict.problem}.`);
}

function invalidInput({ place, missing, message }: ValueProblem, given: JsonMap): AppError {
  const name = [...place, ...(missing === null ? [] : [missing])].join('.');
  const value = missing === null ? valueAt(given, place) : undefined;
  const reason = missing === null ? `${message}${value === null ? ', and null is given' : ''}` : 'is required';
  return new AppError('tool.invalid_params', `Parameter '${name}' ${reason}.`, {
    hint: hintFor(value, message, place.at(-1) ?? name),
    details: { parameter: name },
  });
}

function hintFor(value: Json | undefined, message: string, name: string): string | undefined {
  if (value === null) return 'What is meant to stand there is not there: look at the template, or leave the field out.';
  if (typeof value !== 'string' || !/^must be (?:number|integer|boolean)/.test(message)) return undefined;
  return `It is a text. Write it without quotes; on the command line: '-p ${name}:=…'.`;
}

function valueAt(value: Json, place: readonly string[]): Json | undefined {
  return place.reduce<Json | undefined>((at, key) => {
    if (Array.isArray(at)) return (at as readonly Json[])[Number(key)];
    return isJsonMap(at) ? own(at, key) : undefined;
  }, value);
}
