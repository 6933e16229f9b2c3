import { isBigIntegerText } from '../../../../shared/json.ts';
import { type Runtime, warn } from '../runtime/runtime.ts';

/*
 * Integers beyond 2^53 are text whose digits are kept (SPEC 3.3): so they are read, so templates write and convert them, and
 * they are compared by value. Arithmetic on them is `template.type_error`, as on any text.
 */

const NUMERIC_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WHOLE_TEXT = /^[+-]?\d+(?:\.\d*)?$/;
/** Texts longer than this are no numbers. */
const MAX_DIGITS = 400;
const [MINUS, ZERO, NINE] = [45, 48, 57];

/** The number a text spells, or undefined. */
export function numberOfText(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_DIGITS || !NUMERIC_TEXT.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

/** An integer beyond 2^53 that is kept as text, as a value that can be compared. */
export function asBigInteger(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || value.length < 16 || value.length > MAX_DIGITS) return undefined;
  const first = value.charCodeAt(0);
  return (first === MINUS || (first >= ZERO && first <= NINE)) && isBigIntegerText(value) ? BigInt(value) : undefined;
}

/** The digits of an integer, without sign `+`, leading zeros and decimals, when a number would round them. */
export function keptDigits(text: string): string | undefined {
  if (text.length < 16 || text.length > MAX_DIGITS || !WHOLE_TEXT.test(text)) return undefined;
  const digits = BigInt(text.replace(/\..*$/, '').replace(/^\+/, '')).toString();
  return isBigIntegerText(digits) ? digits : undefined;
}

/** SPEC 3.3: the warning for an integer that no number can hold. */
export function warnKept(rt: Runtime, digits: string): void {
  warn(rt, 'template.number_as_text', `${digits.slice(0, 60)} is kept as text: no number can hold its digits.`);
}
