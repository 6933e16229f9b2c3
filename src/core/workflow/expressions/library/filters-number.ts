import { typeFailure } from '../runtime/failures.ts';
import { charge, touch } from '../runtime/limits.ts';
import { type Runtime, warn } from '../runtime/runtime.ts';
import { compileField } from '../values/access.ts';
import { calculate } from '../values/arithmetic.ts';
import { keptDigits, numberOfText, warnKept } from '../values/big-integers.ts';
import { order } from '../values/compare.ts';
import { asTimeDelta, timeDelta } from '../values/datetime.ts';
import { aKindOf, toItems } from '../values/values.ts';
import { flagArgument, textArgument, wholeArgument } from './arguments.ts';
import { type Arguments, type Filter, type FilterWork, filter } from './library.ts';

const PREFIXES: ReadonlyMap<number, string> = new Map([
  [2, '0b'],
  [8, '0o'],
  [16, '0x'],
]);

/** The whole number a text spells; digits that a number would round stay text. */
function wholeOfText(text: string, base: number): number | string | undefined {
  const trimmed = text.trim();
  if (base !== 10) return wholeInBase(trimmed, base);
  const kept = keptDigits(trimmed);
  if (kept !== undefined) return kept;
  const value = numberOfText(trimmed);
  return value === undefined ? undefined : Math.trunc(value) + 0;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

function wholeInBase(text: string, base: number): number | string | undefined {
  if (!Number.isInteger(base) || base < 2 || base > 36) throw typeFailure("The base of 'int' is 2 to 36.");
  const [, sign = '', digits = ''] = /^([+-]?)(\w{1,100})$/.exec(text) ?? [];
  const prefix = PREFIXES.get(base);
  const bare = (
    prefix !== undefined && digits.toLowerCase().startsWith(prefix) ? digits.slice(2) : digits
  ).toLowerCase();
  const allowed = DIGITS.slice(0, base);
  if (bare === '' || ![...bare].every((digit) => allowed.includes(digit))) return undefined;
  const exact = [...bare].reduce((whole, digit) => whole * BigInt(base) + BigInt(DIGITS.indexOf(digit)), 0n);
  return keptDigits(`${sign}${exact}`) ?? Number.parseInt(sign + bare, base);
}

/** `int`: digits beyond 2^53 are kept as text with a warning, never rounded in silence (SPEC 3.3). */
const toInt: FilterWork = (input, args, rt) => {
  const fallback = args.values[0] === undefined ? 0 : args.values[0];
  if (typeof input === 'number') return Number.isFinite(input) ? Math.trunc(input) + 0 : fallback;
  if (typeof input === 'boolean') return input ? 1 : 0;
  if (typeof input !== 'string') return fallback;
  const whole = wholeOfText(input, wholeArgument(args, 1, 10));
  if (typeof whole === 'string') warnKept(rt, whole);
  return whole ?? fallback;
};

/** `float`: of digits beyond 2^53 it is the nearest number, with a warning. */
const toFloat: FilterWork = (input, args, rt) => {
  const fallback = args.values[0] === undefined ? 0 : args.values[0];
  if (typeof input === 'number') return Number.isFinite(input) ? input : fallback;
  if (typeof input === 'boolean') return input ? 1 : 0;
  if (typeof input !== 'string') return fallback;
  const kept = keptDigits(input.trim());
  if (kept !== undefined)
    warn(rt, 'template.rounded', `${kept.slice(0, 60)} is rounded: no number can hold its digits.`);
  return numberOfText(input) ?? fallback;
};

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw typeFailure(`'${name}' needs a number, not ${aKindOf(value)}.`);
}

const abs: FilterWork = (input) => {
  if (input === undefined) return undefined;
  const delta = asTimeDelta(input);
  return delta === undefined ? Math.abs(numberOf(input, 'abs')) : timeDelta(Math.abs(delta.ms));
};

const MAX_ROUND_DIGITS = 30;

/** Whether the next decimals are clearly no half; most numbers need no look at their exact digits. */
function isFarFromHalf(value: number, precision: number): boolean {
  const scaled = Math.abs(value) * 10 ** precision;
  return scaled < 1e9 && Math.abs(scaled - Math.floor(scaled) - 0.5) > 1e-6;
}

/** Rounds to `precision` decimals, halves to the even neighbour as Python does; exact on the binary value. */
function roundHalfEven(value: number, precision: number): number {
  if (precision <= 0) {
    const scale = 10 ** -precision;
    const scaled = value / scale;
    const low = Math.floor(scaled);
    const rest = scaled - low;
    const isUp = rest > 0.5 || (rest === 0.5 && low % 2 !== 0);
    return (isUp ? low + 1 : low) * scale;
  }
  if (Math.abs(value) >= 1e21) return value;
  const rounded = Number(value.toFixed(precision));
  if (isFarFromHalf(value, precision)) return rounded;
  const exact = Math.abs(value).toFixed(100);
  const cut = exact.indexOf('.') + 1 + precision;
  const isHalf = exact[cut] === '5' && /^0*$/.test(exact.slice(cut + 1));
  if (!isHalf) return rounded;
  const last = Number(exact[cut - 1] === '.' ? exact[cut - 2] : exact[cut - 1]);
  const down = Number(`${value < 0 ? '-' : ''}${exact.slice(0, cut)}`);
  return last % 2 === 0 ? down : rounded;
}

/** `round` (SPEC 2.3). */
function roundNumber(value: number, precision: number, method: string): number {
  if (Math.abs(precision) > MAX_ROUND_DIGITS) throw typeFailure(`'round' takes at most ${MAX_ROUND_DIGITS} digits.`);
  if (method === 'common') return roundHalfEven(value, precision) + 0;
  if (method !== 'ceil' && method !== 'floor') throw typeFailure("'round' knows the methods common, ceil and floor.");
  const scale = 10 ** precision;
  const scaled = value * scale;
  if (!Number.isFinite(scaled)) return value;
  return (method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / scale + 0;
}

const round: FilterWork = (input, args, rt) =>
  input === undefined
    ? undefined
    : roundNumber(numberOf(input, 'round'), wholeArgument(args, 0, 0), textArgument(args.values[1], 'common', rt));

/** The items, or one field of each. */
function pick(input: unknown, attribute: unknown, rt: Runtime): readonly unknown[] {
  const items = toItems(input, rt);
  return attribute === undefined || attribute === null ? items : items.map(compileField(attribute, rt));
}

const sum: FilterWork = (input, args, rt) => {
  const start = args.values[1] ?? 0;
  return pick(input, args.values[0], rt).reduce<unknown>((total, item) => {
    const value = typeof item === 'boolean' ? Number(item) : item;
    if (value === undefined) return total;
    if (typeof total === 'number' && total === 0 && asTimeDelta(value) !== undefined) return value;
    if (typeof value === 'string') throw typeFailure("'sum' needs numbers, not texts.");
    return calculate('+', total, value, rt);
  }, start);
};

/** A key that leaves the case of text aside unless it counts. It is looked at here, once, and so is paid for. */
export function sortKey(value: unknown, caseCounts: boolean, rt: Runtime): unknown {
  if (typeof value !== 'string') return value;
  touch(rt, value);
  if (caseCounts) return value;
  charge(rt, value.length * 2);
  return value.toLowerCase();
}

/** How two sort keys stand; null and undefined come last, kinds without an order are `template.type_error`. */
export function compareKeys(a: unknown, b: unknown, rt: Runtime): number {
  const isMissing = (value: unknown): boolean => value === null || value === undefined;
  if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
  const sign = order(a, b, rt);
  if (sign === undefined) throw typeFailure(`${aKindOf(a)} and ${aKindOf(b)} cannot be put in order.`);
  return sign;
}

function extreme(direction: 1 | -1): FilterWork {
  return (input: unknown, args: Arguments, rt: Runtime): unknown => {
    const items = toItems(input, rt);
    const caseCounts = flagArgument(args, 0, rt);
    const keys = pick(input, args.values[1], rt).map((key) => sortKey(key, caseCounts, rt));
    let best = -1;
    for (let i = 0; i < keys.length; i += 1) {
      if (keys[i] === undefined || keys[i] === null) continue;
      if (best === -1 || compareKeys(keys[i], keys[best], rt) * direction > 0) best = i;
    }
    return items[best];
  };
}

/** Filters over numbers. SPEC 2.3 "number filters". */
export const NUMBER_FILTERS: readonly (readonly [string, Filter])[] = [
  ['int', filter(['default', 'base'], toInt)],
  ['float', filter(['default'], toFloat)],
  ['abs', filter([], abs)],
  ['round', filter(['precision', 'method'], round)],
  ['sum', filter(['attribute', 'start'], sum)],
  ['min', filter(['case_sensitive', 'attribute'], extreme(-1))],
  ['max', filter(['case_sensitive', 'attribute'], extreme(1))],
];
