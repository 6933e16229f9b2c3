import type { Json } from '../../shared/json.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { COSTLY_PATTERN_FIX, compilePattern, type PatternBudget } from '../../shared/safe-pattern.ts';

/** A coerced value, or the sentence that says why there is none. */
export type CoercedValue =
  | { readonly value: Json; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

const INTEGER = /^[+-]?\d+(?:\.0+)?$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

function isMap(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Turns a given value into the type of its input (SPEC §1.8); numbers and booleans become text where text is wanted. */
export function coerceInputValue(definition: InputDefinition, value: Json): CoercedValue {
  const coerced = coerce(definition, value);
  return coerced === undefined
    ? { problem: `Input '${definition.name}' must be ${wantedWords(definition)}` }
    : { value: coerced };
}

function wantedWords({ type }: InputDefinition): string {
  const words: Readonly<Record<InputDefinition['type'], string>> = {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    float: 'a number',
    boolean: 'true or false',
    object: 'a map (JSON)',
    array: 'a list (JSON, or items with commas)',
  };
  return words[type];
}

function coerce({ type }: InputDefinition, value: Json): Json | undefined {
  if (type === 'string')
    return typeof value === 'string' ? value : typeof value === 'object' ? undefined : String(value);
  if (type === 'integer') {
    const number = toNumber(value, INTEGER);
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
  }
  if (type === 'number' || type === 'float') return toNumber(value, NUMBER);
  if (type === 'boolean') {
    return typeof value === 'boolean'
      ? value
      : typeof value === 'object'
        ? undefined
        : BOOLEANS.get(String(value).trim().toLowerCase());
  }
  if (type === 'object') {
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    return parsed !== undefined && isMap(parsed) ? parsed : undefined;
  }
  return toList(value);
}

function toNumber(value: Json, form: RegExp): number | undefined {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && form.test(value.trim())
        ? Number(value.trim())
        : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function toList(value: Json): Json | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return [];
  if (!text.startsWith('[')) return text.split(',').map((item) => item.trim());
  const parsed = parseJson(text);
  return Array.isArray(parsed) ? parsed : undefined;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
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
  const message = checkChoice(definition, value) ?? checkLimits(definition, value) ?? checkLengths(definition, value);
  return message === undefined ? checkPattern(definition, value, patterns) : { message };
}

function checkChoice(definition: InputDefinition, value: Json): string | undefined {
  const { name, enum: choices } = definition;
  if (choices === undefined || choices.some((choice) => sameValue(definition, choice, value))) return undefined;
  const shown = choices.slice(0, 20).map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice)));
  return `Input '${name}' must be one of ${shown.join(', ')}`;
}

function sameValue(definition: InputDefinition, choice: Json, value: Json): boolean {
  const coerced = coerce(definition, choice);
  return JSON.stringify(coerced === undefined ? choice : coerced) === JSON.stringify(value);
}

function checkLimits({ name, min, max }: InputDefinition, value: Json): string | undefined {
  if (typeof value !== 'number') return undefined;
  if (min !== undefined && value < min) return `Input '${name}' must be at least ${min}`;
  return max !== undefined && value > max ? `Input '${name}' must be at most ${max}` : undefined;
}

function checkLengths({ name, minLength, maxLength }: InputDefinition, value: Json): string | undefined {
  const isText = typeof value === 'string';
  if (!isText && !Array.isArray(value)) return undefined;
  if (minLength === undefined && maxLength === undefined) return undefined;
  const length = isText ? [...value].length : value.length;
  const unit = isText ? 'characters' : 'items';
  if (minLength !== undefined && length < minLength) return `Input '${name}' must have at least ${minLength} ${unit}`;
  return maxLength !== undefined && length > maxLength
    ? `Input '${name}' must have at most ${maxLength} ${unit}`
    : undefined;
}

/** A pattern that does not compile matches nothing: the workflow that holds it is refused before. */
function checkPattern(
  { name, pattern }: InputDefinition,
  value: Json,
  patterns: PatternBudget,
): BrokenRule | undefined {
  if (pattern === undefined || typeof value !== 'string') return undefined;
  const verdict = compilePattern(pattern, patterns)?.test(value, patterns);
  if (verdict === true) return undefined;
  if (verdict !== null) return { message: `Input '${name}' does not match the pattern ${pattern}` };
  const message = `Input '${name}' is too long (${value.length} characters) to be held against the pattern ${pattern}`;
  return { message, fix: COSTLY_PATTERN_FIX };
}
