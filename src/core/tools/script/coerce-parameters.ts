import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { ToolOperation, ToolParameter } from '../../../shared/model/bundle.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import { suggestName } from '../../../shared/suggest-name.ts';
import { toAsciiJson } from './build-argv.ts';

/** Parameters as a script gets them. `secrets` go to the environment, by parameter name. */
export interface CoercedParameters {
  readonly values: JsonMap;
  readonly secrets: Readonly<Record<string, string>>;
  readonly warnings: readonly StepWarning[];
}

/** One thing wrong with the parameters of a call. `parameter` names it, `fix` says what to write. */
export interface ParameterProblem {
  readonly severity: 'error' | 'warning';
  readonly parameter: string;
  readonly message: string;
  readonly fix?: string;
}

/** Says of a value that it is not known yet (it still holds a template) and counts as any value. */
export type IsOpenValue = (value: Json) => boolean;

interface Reading extends CoercedParameters {
  readonly problems: readonly ParameterProblem[];
}

/** SPEC §5.2 for a call: defaults, coercion, enum, required, undeclared ones. `tool.invalid_params`. */
export function coerceParameters(operation: ToolOperation, inputs: JsonMap): CoercedParameters {
  const { values, secrets, problems } = readParameters(operation, inputs, () => false);
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    throw new AppError('tool.invalid_params', errors.map((problem) => problem.message).join('; '), {
      hint: errors.find((problem) => problem.fix !== undefined)?.fix,
      details: { parameters: errors.map((problem) => problem.parameter) },
    });
  }
  const warnings = problems.map(({ message }) => ({ code: 'tool.parameter_dropped', message }));
  return { values, secrets, warnings };
}

/** The same as a check before a run: all problems, nothing thrown. */
export function checkParameters(
  operation: ToolOperation,
  inputs: JsonMap,
  isOpen: IsOpenValue,
): readonly ParameterProblem[] {
  return readParameters(operation, inputs, isOpen).problems;
}

function readParameters(operation: ToolOperation, inputs: JsonMap, isOpen: IsOpenValue): Reading {
  if (operation.parameters === null) return { values: inputs, secrets: {}, warnings: [], problems: [] };
  const declared = new Map(operation.parameters.map((parameter) => [parameter.name, parameter]));
  const values: [string, Json][] = [];
  const secrets: [string, string][] = [];
  const problems: ParameterProblem[] = [];
  const take = (parameter: ToolParameter, value: Json): void => {
    if (value === null || isOpen(value)) return;
    const read = coerceValue(parameter, value);
    if ('problem' in read) problems.push({ severity: 'error', parameter: parameter.name, message: read.problem });
    else if (parameter.secret) secrets.push([parameter.name, toText(read.value)]);
    else values.push([parameter.name, read.value]);
  };
  for (const [name, value] of Object.entries(inputs)) {
    const parameter = declared.get(name);
    if (parameter === undefined) problems.push(undeclared(name, value, [...declared.keys()]));
    else if (value !== null) take(parameter, value);
  }
  for (const parameter of operation.parameters) {
    if (Object.hasOwn(inputs, parameter.name) && inputs[parameter.name] !== null) continue;
    if (parameter.default !== undefined) take(parameter, parameter.default);
    else if (parameter.required) problems.push(missing(parameter));
  }
  return { values: Object.fromEntries(values), secrets: Object.fromEntries(secrets), warnings: [], problems };
}

function missing(parameter: ToolParameter): ParameterProblem {
  const { name, description } = parameter;
  const fix = `Add \`${name}\` to the step's inputs${description === '' ? '.' : `: ${description}`}`;
  return { severity: 'error', parameter: name, message: `Required parameter not provided: ${name}`, fix };
}

function undeclared(name: string, value: Json, known: readonly string[]): ParameterProblem {
  const near = suggestName(name, known);
  const fix = near === undefined ? {} : { fix: `Did you mean \`${near}\`?` };
  const isEmpty = value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
  if (isEmpty) {
    return {
      severity: 'warning',
      parameter: name,
      message: `Unknown parameter '${name}' is empty and was dropped`,
      ...fix,
    };
  }
  return { severity: 'error', parameter: name, message: `Unknown parameter: ${name}`, ...fix };
}

type Coerced = { readonly value: Json } | { readonly problem: string };

function coerceValue(parameter: ToolParameter, value: Json): Coerced {
  const read = READERS[parameter.type](value);
  if (read === undefined) return { problem: `Parameter '${parameter.name}' must be ${EXPECTED[parameter.type]}` };
  const allowed = parameter.enum;
  if (allowed === undefined || allowed.some((one) => toText(one) === toText(read))) return { value: read };
  const shown = parameter.secret ? '' : `: ${allowed.map(toText).join(', ')}`;
  return { problem: `Parameter '${parameter.name}' must be one of the listed values${shown}` };
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : typeof value === 'object' ? toAsciiJson(value) : String(value);
}

const EXPECTED: Readonly<Record<ToolParameter['type'], string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  float: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
};

/** SPEC §1.8, the table of what is accepted from text. undefined = not of this type. */
const READERS: Readonly<Record<ToolParameter['type'], (value: Json) => Json | undefined>> = {
  string: (value) => (typeof value === 'object' ? undefined : String(value)),
  integer: (value) => {
    const number = readNumber(value);
    return number !== undefined && Number.isInteger(number) ? number : undefined;
  },
  number: readNumber,
  float: readNumber,
  boolean: (value) => {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'object') return undefined;
    const word = String(value).trim().toLowerCase();
    return ['true', '1', 'yes'].includes(word) ? true : ['false', '0', 'no'].includes(word) ? false : undefined;
  },
  object: (value) => {
    const read = typeof value === 'string' ? parseJson(value) : value;
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : undefined;
  },
  array: (value) => {
    if (typeof value === 'string' && !value.trimStart().startsWith('[')) {
      return value.trim() === '' ? [] : value.split(',').map((item) => item.trim());
    }
    const read = typeof value === 'string' ? parseJson(value) : value;
    return Array.isArray(read) ? read : undefined;
  },
};

function readNumber(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value))
    return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
