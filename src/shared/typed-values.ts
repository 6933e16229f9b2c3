import { canonicalJson, isBigIntegerText, isJsonMap, type Json, readShallowJson } from './json.ts';

/**
 * The one table of typed values (SPEC §1.8): what counts as a value of a type, and what breaks its rules. Inputs of workflows,
 * parameters of scripts and the fields of forms are read by it, so that what a form lets through the engine takes too.
 */

/** The types that inputs and parameters may have. */
export const VALUE_TYPES = ['string', 'integer', 'number', 'float', 'boolean', 'object', 'array'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** What a value of a type must be, for a sentence that begins with its name. */
export const VALUE_WORDS: Readonly<Record<ValueType, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  float: 'a number',
  boolean: 'true or false',
  object: 'a map (JSON)',
  array: 'a list (JSON, or items with commas)',
};

/** Rules beside the type. Lengths of texts are counted in characters (code points), those of lists in items. */
export interface ValueRules {
  readonly enum?: readonly Json[];
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** The first rule that a value breaks. */
export type RuleBreach =
  | { readonly rule: 'enum' }
  | { readonly rule: 'min' | 'max' | 'minLength' | 'maxLength'; readonly limit: number };

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const DIGITS = /^[-+]?\d+$/;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

/**
 * The value as one of the type, undefined when it is none; null is of no type. An integer whose digits a double cannot hold is its
 * decimal text (SPEC §3.3); a whole number may be written `1.0` or `1e3`.
 */
export function coerceValue(type: ValueType, value: Json): Json | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'object' ? undefined : String(value);
    case 'integer':
      return toWhole(toNumber(value));
    case 'number':
    case 'float':
      return toNumber(value);
    case 'boolean':
      return typeof value === 'object' ? undefined : BOOLEANS.get(String(value).trim().toLowerCase());
    case 'object': {
      const read = typeof value === 'string' ? parseJson(value) : value;
      return isJsonMap(read) ? read : undefined;
    }
    case 'array':
      return toList(value);
  }
}

/** A number, or the digits of an integer that is too large for one. */
function toNumber(value: Json): number | string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  if (!NUMBER.test(text)) return undefined;
  const number = Number(text);
  if (DIGITS.test(text) && !Number.isSafeInteger(number)) return text.replace(/^\+?(-?)0*/, '$1');
  return Number.isFinite(number) ? number : undefined;
}

const toWhole = (number: number | string | undefined): number | string | undefined =>
  typeof number === 'string' || Number.isSafeInteger(number) ? number : undefined;

function toList(value: Json): Json | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return [];
  if (!text.startsWith('[')) return text.split(',').map((item) => item.trim());
  const parsed = parseJson(text);
  return Array.isArray(parsed) ? parsed : undefined;
}

const parseJson = (text: string): Json | undefined => readShallowJson(text.trim())?.value;

/** The first rule that a value of the type breaks, or null. */
export function checkRules(type: ValueType, rules: ValueRules, value: Json): RuleBreach | null {
  if (rules.enum !== undefined && !isListed(type, rules.enum, value)) return { rule: 'enum' };
  const isNumber = type === 'integer' || type === 'number' || type === 'float';
  const [measure, low, high] = isNumber
    ? ([value, 'min', 'max'] as const)
    : ([lengthOf(value), 'minLength', 'maxLength'] as const);
  if (measure === null) return null;
  const [from, to] = [rules[low], rules[high]];
  if (from !== undefined && compareNumbers(measure, from) < 0) return { rule: low, limit: from };
  return to !== undefined && compareNumbers(measure, to) > 0 ? { rule: high, limit: to } : null;
}

/** Below 0 where the value is the smaller one. Digits that a double does not hold are compared as they are. */
function compareNumbers(value: Json, limit: number): number {
  if (!isBigIntegerText(value) || !Number.isFinite(limit)) return Number(value) - limit;
  const whole = BigInt(Math.trunc(limit));
  return BigInt(value) < whole ? -1 : BigInt(value) > whole ? 1 : 0;
}

/** Characters of a text, items of a list; null for what has no length. */
function lengthOf(value: Json): number | null {
  if (typeof value === 'string') return [...value].length;
  return Array.isArray(value) ? value.length : null;
}

/** Whether a value is one of those listed, each taken as a value of the type. */
function isListed(type: ValueType, listed: readonly Json[], value: Json): boolean {
  const wanted = canonicalJson(value);
  return listed.some((one) => canonicalJson(coerceValue(type, one) ?? one) === wanted);
}
