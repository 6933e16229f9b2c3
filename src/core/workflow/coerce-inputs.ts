import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { type PatternBudget, patternBudget } from '../../shared/safe-pattern.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { renderValue, scopeOf } from './expressions/index.ts';
import { checkInputValue, coerceInputValue } from './input-values.ts';
import { namesIn } from './secret-names.ts';

/** What is wrong with one given input. */
export interface InputProblem {
  readonly name: string;
  readonly code: 'input.required' | 'input.invalid' | 'input.unknown';
  readonly message: string;
  readonly fix?: string;
}

/** What default values may refer to. `now` in UTC ms. */
export interface InputContext {
  readonly now: number;
  readonly env: Readonly<Record<string, string>>;
  /** What stands for the stored secrets, by name: only defaults of secret inputs may name them. Absent = there are none. */
  readonly secrets?: JsonMap;
}

/** The inputs of a run, by name in the order of their definitions, or what is wrong with them. */
export interface CoercedInputs {
  readonly values: JsonMap;
  readonly problems: readonly InputProblem[];
}

/**
 * SPEC §1.8: defaults, then types, then checks, then names nobody defined. An input that is neither given nor has a
 * default is absent from `values`. Never throws on content.
 */
export function coerceInputs(
  definitions: readonly InputDefinition[],
  given: JsonMap,
  context: InputContext,
): CoercedInputs {
  const values: Record<string, Json> = {};
  const problems: InputProblem[] = [];
  const patterns = patternBudget();
  for (const definition of definitions) {
    const read = readInput(definition, Object.hasOwn(given, definition.name) ? given[definition.name] : undefined, {
      ...context,
      patterns,
    });
    if (read.problem !== undefined) problems.push(read.problem);
    else if (read.value !== undefined) values[definition.name] = read.value;
  }
  const names = definitions.map((definition) => definition.name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const fix = didYouMean(name, names);
    const message = `Unknown input: ${name.slice(0, 80)}`;
    problems.push({ name, code: 'input.unknown', message, ...(fix === undefined ? {} : { fix }) });
  }
  return { values, problems };
}

type InputReading = { readonly value?: Json | undefined; readonly problem?: InputProblem };

function readInput(
  definition: InputDefinition,
  given: Json | undefined,
  context: InputContext & { readonly patterns: PatternBudget },
): InputReading {
  const { name } = definition;
  const invalid = (message: string): InputReading => ({ problem: { name, code: 'input.invalid', message } });
  let value = given ?? undefined;
  if (value === undefined && definition.default !== undefined) {
    const rendered = renderDefault(definition.default, context);
    if (rendered.problem !== undefined)
      return invalid(`The default of input '${name}' cannot be used: ${rendered.problem}`);
    value = rendered.value ?? undefined;
    // What it is, is not known here.
    if (value !== undefined && namesIn(definition.default).size > 0) return { value };
  }
  if (value === undefined) {
    const message = `Required input not provided: ${name}`;
    return definition.required ? { problem: { name, code: 'input.required', message } } : {};
  }
  const coerced = coerceInputValue(definition, value);
  if (coerced.problem !== undefined) return invalid(coerced.problem);
  const broken = checkInputValue(definition, coerced.value, context.patterns);
  return broken === undefined ? { value: coerced.value } : { problem: { name, code: 'input.invalid', ...broken } };
}

function renderDefault(value: Json, context: InputContext): { readonly value?: Json; readonly problem?: string } {
  const missing = [...namesIn(value)].find((name) => !Object.hasOwn(context.secrets ?? {}, name));
  if (missing !== undefined) return { problem: `there is no secret ${missing} in this project` };
  try {
    const { env, secrets = {}, now } = context;
    const rendered = renderValue(value, scopeOf({ env, secrets }), { now }).value;
    return { value: JSON.parse(JSON.stringify(rendered ?? null)) as Json };
  } catch (thrown) {
    if (thrown instanceof AppError) return { problem: thrown.message };
    throw thrown;
  }
}
