import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { ToolOperation, ToolParameter } from '../../../shared/model/bundle.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import { didYouMean } from '../../../shared/suggest-name.ts';
import { checkRules, coerceValue, VALUE_WORDS } from '../../../shared/typed-values.ts';
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
    const read = coerceParameter(parameter, value);
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
  const fix = `Add '${name}' to the step's inputs${description === '' ? '.' : `: ${description}`}`;
  return { severity: 'error', parameter: name, message: `Required parameter not provided: ${name}`, fix };
}

function undeclared(name: string, value: Json, known: readonly string[]): ParameterProblem {
  const said = didYouMean(name, known);
  const fix = said === undefined ? {} : { fix: said };
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

function coerceParameter(parameter: ToolParameter, value: Json): Coerced {
  const { name, type, enum: allowed } = parameter;
  const read = coerceValue(type, value);
  if (read === undefined) return { problem: `Parameter '${name}' must be ${VALUE_WORDS[type]}` };
  if (checkRules(type, allowed === undefined ? {} : { enum: allowed }, read) === null) return { value: read };
  const shown = parameter.secret ? '' : `: ${(allowed ?? []).map(toText).join(', ')}`;
  return { problem: `Parameter '${name}' must be one of the listed values${shown}` };
}

/** What holds a secret of the store goes the way of declared secrets: to the environment, never into arguments. */
export function moveSecrets(parameters: CoercedParameters, names: readonly string[] = []): CoercedParameters {
  const isSecret = ([name]: readonly [string, unknown]): boolean => names.includes(name);
  const entries = Object.entries(parameters.values);
  const moved = entries.filter(isSecret).map(([name, value]) => [name, toText(value)]);
  return {
    ...parameters,
    values: Object.fromEntries(entries.filter((one) => !isSecret(one))),
    secrets: { ...parameters.secrets, ...Object.fromEntries(moved) },
  };
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : typeof value === 'object' ? toAsciiJson(value) : String(value);
}
