import { syntaxFailure, typeFailure } from '../runtime/failures.ts';
import { checkTextLength } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { textOf } from '../values/text-of.ts';
import { replaceMatches } from '../values/text-search.ts';
import type { Arguments } from './library.ts';
import { numberDigits } from './printf.ts';

const PLACE = /\{\{|\}\}|\{([^{}]{0,200})\}|[{}]/g;
const SPEC = /^(?:(.)?([<>^=]))?([-+ ]?)(0?)(\d{0,9})(,?)(?:\.(\d{1,9}))?([sdfFeEgGxXob%]?)$/su;

function group(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function formatNumber(value: number, letter: string, parts: readonly (string | undefined)[]): string {
  const precision = parts[7] === undefined ? undefined : Number(parts[7]);
  const look = { flags: '', width: 0, precision };
  let digits: string;
  if (letter === '%') digits = `${numberDigits('f', value * 100, look)}%`;
  else if (letter === 'b') digits = Math.abs(Math.trunc(value)).toString(2);
  else if (letter === '') digits = precision === undefined ? String(Math.abs(value)) : numberDigits('g', value, look);
  else digits = numberDigits(letter, value, look);
  if (parts[6] === ',') digits = group(digits);
  const sign = value < 0 ? '-' : parts[3] === '+' || parts[3] === ' ' ? parts[3] : '';
  return sign + (letter === 'X' || letter === 'E' || letter === 'G' ? digits.toUpperCase() : digits);
}

function align(text: string, parts: readonly (string | undefined)[], isNumber: boolean): string {
  const width = Number(parts[5] ?? 0);
  if (text.length >= width) return text;
  const isZero = parts[4] === '0';
  const fill = parts[1] ?? (isZero ? '0' : ' ');
  const side = parts[2] ?? (isZero && isNumber ? '=' : isNumber ? '>' : '<');
  if (side === '<') return text.padEnd(width, fill);
  if (side === '>') return text.padStart(width, fill);
  if (side === '^') return text.padStart(text.length + Math.floor((width - text.length) / 2), fill).padEnd(width, fill);
  const sign = /^[+ -]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, fill);
}

function formatPlace(value: unknown, spec: string, rt: Runtime): string {
  const parts = SPEC.exec(spec);
  if (parts === null) throw typeFailure(`'${spec.slice(0, 40)}' is not a format.`);
  checkTextLength(rt, Number(parts[5] ?? 0));
  const letter = parts[8] ?? '';
  if (typeof value === 'number' && Number.isFinite(value) && letter !== 's')
    return align(formatNumber(value, letter, parts), parts, true);
  if (letter !== '' && letter !== 's') throw typeFailure(`The format '${spec}' needs a number.`);
  const text = textOf(value, rt);
  return align(parts[7] === undefined ? text : text.slice(0, Number(parts[7])), parts, false);
}

/** `'{} {0} {name:>5.2f}'.format(...)`. Fields of arguments (`{0.x}`) are refused: they are a classic way out. */
export function formatBraces(pattern: string, args: Arguments, rt: Runtime): string {
  let position = 0;
  const format = (whole: string, [, place]: readonly (string | undefined)[]): string => {
    if (whole === '{{' || whole === '}}') return whole.charAt(0);
    if (place === undefined) throw syntaxFailure('A single brace in a format must be doubled.');
    const colon = place.indexOf(':');
    const name = colon === -1 ? place : place.slice(0, colon);
    if (!/^\w*$/.test(name)) throw typeFailure(`'{${name}}' is refused: a format may name arguments only.`);
    const isPosition = /^\d*$/.test(name);
    const index = name === '' ? position++ : Number(name);
    if (isPosition ? index >= args.values.length : !args.named.has(name))
      throw typeFailure(`The format has no argument for '{${name}}'.`);
    const value = isPosition ? args.values[index] : args.named.get(name);
    return formatPlace(value, colon === -1 ? '' : place.slice(colon + 1), rt);
  };
  return replaceMatches(pattern, PLACE, format, rt);
}
