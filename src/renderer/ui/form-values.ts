import type { Json, JsonMap } from '../../shared/json.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { compilePattern, patternBudget } from '../../shared/safe-pattern.ts';
import { checkRules, coerceValue, type RuleBreach } from '../../shared/typed-values.ts';

/** What stands in the fields: text as typed, or a tick. An empty text means "the default, or nothing". */
export type RawValues = Readonly<Record<string, string | boolean>>;

/** A problem as words: key in the namespace `form`, and its values. */
export interface FieldProblem {
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** A default that the engine fills at the start; a field cannot show its value yet. */
export const isTemplate = (value: Json | undefined): value is string =>
  typeof value === 'string' && value.includes('{{');

const isPlainText = (value: Json): value is string =>
  typeof value === 'string' && value.trim() === value && !/[,[\]]/.test(value) && value !== '';

/** A value as the text of its field. Lists of simple texts are shown with commas. */
function toText(definition: InputDefinition, value: Json): string {
  if (definition.enum !== undefined) return JSON.stringify(value);
  if (typeof value === 'string') return value;
  if (definition.type === 'array' && Array.isArray(value) && value.length > 0 && value.every(isPlainText))
    return value.join(', ');
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** A field that is ticked or not. A secret one is chosen instead: a tick would show it, and could not be left as it is. */
export const isTick = ({ type, secret }: InputDefinition): boolean => type === 'boolean' && !secret;

function initialValue(definition: InputDefinition, given: Json | undefined): string | boolean {
  const value = given === undefined ? definition.default : given;
  if (isTick(definition)) return value !== undefined && coerceValue('boolean', value) === true;
  if (value === undefined || (given === undefined && isTemplate(value))) return '';
  return toText(definition, value);
}

/** The fields at the beginning: defaults, or the inputs of an earlier run laid over them. Secrets are never filled in. */
export const initialValues = (definitions: readonly InputDefinition[], earlier: JsonMap = {}): RawValues =>
  Object.fromEntries(
    definitions.map((definition) => [
      definition.name,
      initialValue(definition, definition.secret ? undefined : earlier[definition.name]),
    ]),
  );

/** What an empty field will become, as its placeholder. */
export function placeholderOf(definition: InputDefinition): string {
  if (definition.default === undefined || definition.default === null || definition.secret) return '';
  return toText(definition, definition.default);
}

function numberProblem({ type, min, max }: InputDefinition): FieldProblem {
  const kind = type === 'integer' ? 'whole' : 'number';
  if (min !== undefined && max !== undefined) return { key: `error.${kind}Range`, values: { min, max } };
  if (min !== undefined) return { key: `error.${kind}Min`, values: { min } };
  if (max !== undefined) return { key: `error.${kind}Max`, values: { max } };
  return { key: `error.${kind}` };
}

/** About 30 ms on a slow machine: a pattern that costs more is left to the engine. */
const KEY_STROKE_STEPS = 1_000_000;

/** False when the author's pattern is known not to be in a text; one that cannot be read, or costs too much here, is left to the engine. */
function mayFit(pattern: string, text: string): boolean {
  const budget = patternBudget(KEY_STROKE_STEPS);
  return compilePattern(pattern, budget)?.test(text, budget) !== false;
}

/** The words for a value that has not the type of its field, or breaks a rule of it. */
function problemWords(definition: InputDefinition, breach: RuleBreach | null): FieldProblem {
  const { type } = definition;
  if (breach?.rule === 'minLength' || breach?.rule === 'maxLength') {
    const key = type === 'array' ? breach.rule.replace('Length', 'Items') : breach.rule;
    return { key: `error.${key}`, values: { count: breach.limit } };
  }
  return type === 'object' || type === 'array' ? { key: `error.${type}` } : numberProblem(definition);
}

/** What the author's pattern means, in the author's words or by an example: a pattern says nothing to who fills in a form. */
function patternWords({ description, default: example }: InputDefinition): FieldProblem {
  if (description !== undefined && description !== '') return { key: 'error.patternSays', values: { description } };
  if (typeof example === 'string' && example !== '' && !isTemplate(example))
    return { key: 'error.patternExample', values: { example } };
  return { key: 'error.pattern' };
}

/** What is wrong with a field, or null. */
export function checkField(definition: InputDefinition, raw: string | boolean): FieldProblem | null {
  if (typeof raw === 'boolean') return null;
  const isEmpty = raw.trim() === '';
  if (isEmpty) return definition.required && definition.default === undefined ? { key: 'error.required' } : null;
  if (definition.enum !== undefined) return null;
  const { type, pattern } = definition;
  const value = coerceValue(type, raw);
  const breach = value === undefined ? null : checkRules(type, definition, value);
  if (value === undefined || breach !== null) return problemWords(definition, breach);
  const isOutOfPattern = type === 'string' && pattern !== undefined && !mayFit(pattern, raw);
  return isOutOfPattern ? patternWords(definition) : null;
}

export type FieldProblems = Readonly<Record<string, FieldProblem>>;

export function checkForm(definitions: readonly InputDefinition[], raw: RawValues): FieldProblems {
  const problems: Record<string, FieldProblem> = {};
  for (const definition of definitions) {
    const problem = checkField(definition, raw[definition.name] ?? '');
    if (problem !== null) problems[definition.name] = problem;
  }
  return problems;
}

function toValue(definition: InputDefinition, text: string): Json {
  if (definition.enum !== undefined) return JSON.parse(text) as Json;
  return coerceValue(definition.type, text) ?? text;
}

/** The inputs of a checked form: empty fields are left out, so that defaults apply. */
export function toInputs(definitions: readonly InputDefinition[], raw: RawValues): JsonMap {
  const inputs: Record<string, Json> = {};
  for (const definition of definitions) {
    const value = raw[definition.name];
    if (typeof value === 'boolean') inputs[definition.name] = value;
    else if (value !== undefined && value.trim() !== '') inputs[definition.name] = toValue(definition, value);
  }
  return inputs;
}

/** `at_most` -> `At most`. */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

const LONG_NAME = /(^|_)(text|body|content|prompt|message|notes|instructions|markdown|details)$/i;

/** Whether a text wants more than one line. */
export const isLong = (definition: InputDefinition): boolean =>
  definition.type === 'string' &&
  !definition.secret &&
  (LONG_NAME.test(definition.name) ||
    (definition.maxLength ?? 0) > 200 ||
    (typeof definition.default === 'string' && definition.default.includes('\n')));

/** `problems` of a refused start, by field: `details.problems: [{name, message}]`. */
export function refusedFields(
  details: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, string>> {
  const problems = details?.problems;
  if (!Array.isArray(problems)) return {};
  const pairs = problems.flatMap((problem: unknown) => {
    const { name, message } = (problem ?? {}) as { readonly name?: unknown; readonly message?: unknown };
    return typeof name === 'string' && typeof message === 'string' ? [[name, message] as const] : [];
  });
  return Object.fromEntries(pairs);
}
