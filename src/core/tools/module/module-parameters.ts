import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import type { ToolOperation, ToolParameter } from '../../../shared/model/bundle.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import { checkValue, problemLine, SERVER_SCHEMA } from '../../json-schema/index.ts';
import { withNumbers } from '../exact-integers.ts';
import {
  checkParameters,
  coerceParameters,
  type IsOpenValue,
  type ParameterProblem,
} from '../script/coerce-parameters.ts';

const SIMPLE = ['string', 'integer', 'number', 'float', 'boolean', 'object', 'array'] as const;
/** Words of a property that the reading of parameters looks at itself; any other needs the whole schema. */
const PLAIN_WORDS: ReadonlySet<string> = new Set([
  'type',
  'description',
  'title',
  'default',
  'enum',
  'required',
  'secret',
]);

/** Parameters as the adapter gets them. */
export interface PreparedParameters {
  readonly values: JsonMap;
  readonly warnings: readonly StepWarning[];
}

/** Parameters of simple types are read as those of scripts are (SPEC §5.2); the rest is left to the schema. */
interface Split {
  readonly simple: ToolOperation;
  readonly complex: readonly string[];
  readonly isOpen: boolean;
  readonly required: readonly string[];
}

/** Defaults, coercion, required and unknown parameters, and the whole schema. `tool.invalid_params`, `tool.definition_invalid`. */
export async function prepareParameters(info: ToolOperationInfo, inputs: JsonMap): Promise<PreparedParameters> {
  const split = splitSchema(info);
  const { own, rest } = splitInputs(split, inputs);
  const missing = split.complex.find((name) => split.required.includes(name) && (inputs[name] ?? null) === null);
  if (missing !== undefined) throw invalid(`Required parameter not provided: ${missing}`, missing);
  const { values, secrets, warnings } = coerceParameters(split.simple, own);
  const all: JsonMap = { ...rest, ...values, ...secrets };
  if (needsSchema(info.parameters)) await checkWhole(info, all);
  return { values: all, warnings };
}

/** The same before a run: all problems, nothing thrown. */
export function checkModuleParameters(
  info: ToolOperationInfo,
  inputs: JsonMap,
  isOpen: IsOpenValue,
): readonly ParameterProblem[] {
  const split = splitSchema(info);
  const problems = checkParameters(split.simple, splitInputs(split, inputs).own, isOpen);
  const missing = split.complex.filter((name) => split.required.includes(name) && (inputs[name] ?? null) === null);
  const fix = (name: string): string => `Add '${name}' to the step's inputs`;
  return [
    ...problems,
    ...missing.map((name): ParameterProblem => {
      const message = `Required parameter not provided: ${name}`;
      return { severity: 'error', parameter: name, message, fix: fix(name) };
    }),
  ];
}

function splitSchema({ name, parameters: schema, effect }: ToolOperationInfo): Split {
  const properties = Object.entries(mapOf(schema.properties)).map(([key, one]) => [key, mapOf(one)] as const);
  const required = Array.isArray(schema.required) ? schema.required.filter((one) => typeof one === 'string') : [];
  const parameters = properties.flatMap(([key, property]) => toParameter(key, property, required.includes(key)));
  const known = parameters.map((parameter) => parameter.name);
  const isRepeatable = effect !== 'effect';
  return {
    simple: { name, description: '', parameters, idempotent: isRepeatable, readOnly: false },
    complex: properties.map(([key]) => key).filter((key) => !known.includes(key)),
    isOpen: schema.additionalProperties !== false,
    required,
  };
}

function toParameter(name: string, property: JsonMap, required: boolean): readonly ToolParameter[] {
  const type = SIMPLE.find((one) => one === property.type);
  if (type === undefined) return [];
  const { default: fallback, enum: allowed, description, secret } = property;
  return [
    {
      ...{ name, type, required, description: typeof description === 'string' ? description : '' },
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(Array.isArray(allowed) ? { enum: allowed as readonly Json[] } : {}),
      secret: secret === true,
    },
  ];
}

function splitInputs(split: Split, inputs: JsonMap): { readonly own: JsonMap; readonly rest: JsonMap } {
  const simple = new Set(split.simple.parameters?.map((parameter) => parameter.name));
  const isOwn = (name: string): boolean => simple.has(name) || (!split.complex.includes(name) && !split.isOpen);
  const entries = Object.entries(inputs);
  return {
    own: Object.fromEntries(entries.filter(([name]) => isOwn(name))),
    rest: Object.fromEntries(entries.filter(([name, value]) => !isOwn(name) && value !== null)),
  };
}

function needsSchema(schema: JsonMap): boolean {
  const isPlain = (property: Json): boolean =>
    isJsonMap(property) &&
    SIMPLE.some((type) => type === property.type) &&
    Object.keys(property).every((word) => PLAIN_WORDS.has(word));
  const words = ['type', 'properties', 'required', 'additionalProperties', 'description', 'title'];
  return (
    !Object.values(mapOf(schema.properties)).every(isPlain) ||
    !Object.keys(schema).every((word) => words.includes(word))
  );
}

async function checkWhole({ name, parameters }: ToolOperationInfo, values: JsonMap): Promise<void> {
  const verdict = await checkValue(parameters, withNumbers(values, parameters), SERVER_SCHEMA);
  if (verdict.kind === 'invalid')
    throw invalid(`Invalid parameters for ${name}: ${problemLine(verdict.problems[0], '')}`, name);
  if (verdict.kind === 'unusable')
    throw new AppError('tool.definition_invalid', `The schema of ${name} cannot be used: ${verdict.problem}.`, {
      hint: "Mend 'schema' of the adapter.",
    });
}

const mapOf = (value: Json | undefined): JsonMap => (value !== undefined && isJsonMap(value) ? value : {});

const invalid = (message: string, name: string): AppError =>
  new AppError('tool.invalid_params', message, { details: { parameters: [name] } });
