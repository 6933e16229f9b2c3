import { grouped } from '../../shared/grouped.ts';
import type { Json } from '../../shared/json.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { COSTLY_PATTERN_FIX, compilePattern, type PatternBudget } from '../../shared/safe-pattern.ts';
import { checkRules, coerceValue, type RuleBreach, VALUE_WORDS } from '../../shared/typed-values.ts';

/** A coerced value, or the sentence that says why there is none. */
export type CoercedValue =
  | { readonly value: Json; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

/** Turns a given value into the type of its input (SPEC §1.8); numbers and booleans become text where text is wanted. */
export function coerceInputValue({ name, type }: InputDefinition, value: Json): CoercedValue {
  const coerced = coerceValue(type, value);
  return coerced === undefined ? { problem: `Input '${name}' must be ${VALUE_WORDS[type]}` } : { value: coerced };
}

/** Why a coerced value is refused, in a sentence, and how to mend it where that is not plain. */
export interface BrokenRule {
  readonly message: string;
  readonly fix?: string;
}

/**
 * What a coerced value breaks of the rules of its input (enum, limits, lengths, pattern), undefined when it breaks none. `patterns`
 * is shared by all inputs that are checked in one go.
 */
export function checkInputValue(
  definition: InputDefinition,
  value: Json,
  patterns: PatternBudget,
): BrokenRule | undefined {
  const breach = checkRules(definition.type, definition, value);
  if (breach === null) return checkPattern(definition, value, patterns);
  return { message: `Input '${definition.name}' ${wordsOf(breach, definition)}` };
}

function wordsOf(breach: RuleBreach, { type, enum: choices = [] }: InputDefinition): string {
  const unit = type === 'array' ? 'items' : 'characters';
  switch (breach.rule) {
    case 'enum': {
      const shown = choices.slice(0, 20).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
      return `must be one of ${shown.join(', ')}`;
    }
    case 'min':
      return `must be at least ${grouped(breach.limit)}`;
    case 'max':
      return `must be at most ${grouped(breach.limit)}`;
    case 'minLength':
      return `must have at least ${grouped(breach.limit)} ${unit}`;
    case 'maxLength':
      return `must have at most ${grouped(breach.limit)} ${unit}`;
  }
}

/** A pattern that does not compile matches nothing: the workflow that holds it is refused before. */
function checkPattern(definition: InputDefinition, value: Json, patterns: PatternBudget): BrokenRule | undefined {
  const { name, pattern } = definition;
  if (pattern === undefined || typeof value !== 'string') return undefined;
  const verdict = compilePattern(pattern, patterns)?.test(value, patterns);
  if (verdict === true) return undefined;
  if (verdict !== null)
    return { message: `Input '${name}' does not have the form that is asked for${wantedForm(definition)}` };
  const message = `Input '${name}' is too long (${grouped(value.length)} characters) to be held against its pattern`;
  return { message, fix: COSTLY_PATTERN_FIX };
}

/** What the author's pattern means, in the author's words or by an example: the pattern itself says nothing to who gives a value. */
function wantedForm({ description, default: example }: InputDefinition): string {
  if (description !== '') return `: ${description}`;
  return typeof example === 'string' && example !== '' && !example.includes('{{') ? `, such as ${example}` : '';
}
