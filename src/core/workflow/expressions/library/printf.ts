import { typeFailure } from '../runtime/failures.ts';
import { checkTextLength } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { jsonOf, numberText, textOf } from '../values/text-of.ts';
import { replaceMatches } from '../values/text-search.ts';
import { aKindOf } from '../values/values.ts';
import type { Arguments } from './library.ts';

/** How one number or text is to look. */
interface Look {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

const PRINTF = /%(?:\(([^()%]{1,100})\))?([-+ 0#]*)(\d{0,9})(?:\.(\d{0,9}))?([sdifFeEgGxXorc%])/g;

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw typeFailure(`A number is needed to format, not ${aKindOf(value)}.`);
}

/** `toFixed` and its kin take at most 100 digits. */
function digits(look: Look, fallback: number): number {
  const count = look.precision ?? fallback;
  if (count > 100) throw typeFailure('At most 100 digits can be formatted.');
  return count;
}

function withSign(value: number, text: string, flags: string): string {
  if (value < 0) return `-${text}`;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}

/** JavaScript writes `1e+5`, C writes `1e+05`. */
const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

function general(value: number, precision: number): string {
  if (value === 0) return '0';
  const significant = Math.max(1, precision);
  const power = Math.floor(Math.log10(value));
  if (power < -4 || power >= significant) return exponent(value.toExponential(significant - 1).replace(/\.?0+e/, 'e'));
  const text = value.toPrecision(significant);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The digits of a number after the letter of a format, without its sign. */
export function numberDigits(letter: string, value: number, look: Look): string {
  const size = Math.abs(value);
  switch (letter.toLowerCase()) {
    case 'f':
      return size.toFixed(digits(look, 6));
    case 'e':
      return exponent(size.toExponential(digits(look, 6)));
    case 'g':
      return general(size, digits(look, 6));
    case 'x':
      return Math.trunc(size).toString(16);
    case 'o':
      return Math.trunc(size).toString(8);
    default:
      return Math.trunc(size).toFixed(0);
  }
}

function pad(text: string, look: Look, isNumber: boolean): string {
  if (text.length >= look.width) return text;
  if (look.flags.includes('-')) return text.padEnd(look.width);
  if (!isNumber || !look.flags.includes('0')) return text.padStart(look.width);
  const sign = /^[+ -]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(look.width - sign.length, '0');
}

function formatOne(letter: string, value: unknown, look: Look, rt: Runtime): string {
  if (letter === 's' || letter === 'c') {
    const text = textOf(value, rt);
    return pad(look.precision === undefined ? text : text.slice(0, look.precision), look, false);
  }
  if (letter === 'r') return pad(jsonOf(value, rt), look, false);
  const number = toNumber(value);
  if (!Number.isFinite(number)) return pad(numberText(number), look, false);
  const text = withSign(number, numberDigits(letter, number, look), look.flags);
  return pad(letter === letter.toUpperCase() ? text.toUpperCase() : text, look, true);
}

/** `'%s has %d' | format(a, b)` and `'%(name)s' | format(name=a)`, as in Python. */
export function formatPrintf(pattern: string, args: Arguments, rt: Runtime): string {
  let position = 0;
  const format = (_whole: string, groups: readonly (string | undefined)[]): string => {
    const [, name, flags, width, precision, letter] = groups;
    if (letter === '%') return '%';
    if (name === undefined && position >= args.values.length)
      throw typeFailure('The format has more places than arguments.');
    const value = name === undefined ? args.values[position++] : args.named.get(name);
    const look = {
      flags: flags ?? '',
      width: Number(width ?? 0),
      precision: precision === undefined ? undefined : Number(precision),
    };
    checkTextLength(rt, look.width);
    return formatOne(letter ?? 's', value, look, rt);
  };
  const text = replaceMatches(pattern, PRINTF, format, rt);
  if (position < args.values.length) throw typeFailure('The format has fewer places than arguments.');
  return text;
}
