import { typeFailure } from '../runtime/failures.ts';
import { charge, checkDepth, step, touch } from '../runtime/limits.ts';
import { type Runtime, warn } from '../runtime/runtime.ts';
import { asBigInteger, numberOfText } from './big-integers.ts';
import { asDateTime, asTimeDelta, parseIso } from './datetime.ts';
import { containsText } from './text-search.ts';
import { aKindOf, isMap, keysOf, type PlainMap } from './values.ts';

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return undefined;
}

/** Texts up to here are compared without being paid for. */
const SHORT = 64;

/** Whether two texts are the same; only texts of one length are looked at. */
function isSameText(a: string, b: string, rt: Runtime): boolean {
  if (a.length !== b.length) return false;
  if (a.length > SHORT) {
    touch(rt, a);
    touch(rt, b);
  }
  return a === b;
}

/** The order of two texts by their code units. Most differ early; what is alike for longer is paid for. */
function orderTexts(a: string, b: string, rt: Runtime): number {
  const shared = Math.min(a.length, b.length);
  const head = Math.min(shared, SHORT);
  for (let at = 0; at < head; at += 1) {
    const difference = a.charCodeAt(at) - b.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  if (shared <= SHORT) return a.length - b.length;
  charge(rt, shared);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Equality by content, as in Python; in conditions numeric text equals its number (SPEC 2.1). */
export function isEqual(a: unknown, b: unknown, rt: Runtime): boolean {
  if (typeof a === 'string' && typeof b === 'string') return isSameText(a, b, rt);
  if (a === b) return true;
  if (typeof a !== 'object' && typeof b !== 'object') return isScalarEqual(a, b, rt);
  if (a === null || b === null) return false;
  return isDeepEqual(a, b, rt, 0);
}

function isScalarEqual(a: unknown, b: unknown, rt: Runtime): boolean {
  const left = asNumber(a);
  const right = asNumber(b);
  if (left !== undefined && right !== undefined) return left === right;
  if (!rt.condition) return false;
  if (typeof a === 'number' && typeof b === 'string') return numberOfText(b) === a;
  if (typeof a === 'string' && typeof b === 'number') return numberOfText(a) === b;
  return false;
}

function isDeepEqual(a: unknown, b: unknown, rt: Runtime, depth: number): boolean {
  step(rt);
  checkDepth(rt, depth);
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    charge(rt, a.length * 8);
    return a.every((item, index) => isInnerEqual(item, b[index], rt, depth));
  }
  const instants = instantPair(a, b, rt);
  if (instants !== undefined) return instants[0] === instants[1];
  return isMap(a) && isMap(b) && areMapsEqual(a, b, rt, depth);
}

function areMapsEqual(a: PlainMap, b: PlainMap, rt: Runtime, depth: number): boolean {
  const keys = keysOf(a, rt);
  if (keys.length !== keysOf(b, rt).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isInnerEqual(a[key], b[key], rt, depth));
}

function isInnerEqual(a: unknown, b: unknown, rt: Runtime, depth: number): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return isEqual(a, b, rt);
  return a === b || isDeepEqual(a, b, rt, depth + 1);
}

/** Both sides as milliseconds when at least one is a datetime or both are timedeltas; ISO text may stand for a datetime. */
function instantPair(a: unknown, b: unknown, rt: Runtime): readonly [number, number] | undefined {
  const deltas = [asTimeDelta(a)?.ms, asTimeDelta(b)?.ms] as const;
  if (deltas[0] !== undefined && deltas[1] !== undefined) return [deltas[0], deltas[1]];
  const left = asDateTime(a);
  const right = asDateTime(b);
  if (left === undefined && right === undefined) return undefined;
  const from = (known: typeof left, value: unknown): number | undefined =>
    known?.epochMs ?? (typeof value === 'string' ? parseIso(value, rt.timeZone) : undefined);
  const [x, y] = [from(left, a), from(right, b)];
  return x === undefined || y === undefined ? undefined : [x, y];
}

/**
 * The order where one side is an integer whose digits are kept as text: exact against numbers, against its like, and in
 * conditions against any numeric text.
 */
function orderBigIntegers(a: unknown, b: unknown, rt: Runtime): number | undefined {
  const big = [asBigInteger(a), asBigInteger(b)] as const;
  if (big[0] === undefined && big[1] === undefined) return undefined;
  const plain = (value: unknown): number | undefined =>
    asNumber(value) ?? (rt.condition && typeof value === 'string' ? numberOfText(value) : undefined);
  const left = big[0] ?? plain(a);
  const right = big[1] ?? plain(b);
  if (left === undefined || right === undefined) return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Less than zero, zero or more, or undefined when the two have no order. */
export function order(a: unknown, b: unknown, rt: Runtime): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  charge(rt, 8);
  const exact = orderBigIntegers(a, b, rt);
  if (exact !== undefined) return exact;
  if (typeof a === 'string' && typeof b === 'string') return orderTexts(a, b, rt);
  const left = asNumber(a) ?? (rt.condition && typeof a === 'string' ? numberOfText(a) : undefined);
  const right = asNumber(b) ?? (rt.condition && typeof b === 'string' ? numberOfText(b) : undefined);
  if (left !== undefined && right !== undefined) return left - right;
  const instants = instantPair(a, b, rt);
  if (instants !== undefined) return instants[0] - instants[1];
  return Array.isArray(a) && Array.isArray(b) ? orderLists(a, b, rt) : undefined;
}

function orderLists(a: readonly unknown[], b: readonly unknown[], rt: Runtime): number | undefined {
  step(rt);
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) {
    charge(rt, 8);
    if (!isEqual(a[i], b[i], rt)) return touchedOrder(a[i], b[i], rt);
  }
  return a.length - b.length;
}

/** The order of two values that were not looked at before. */
function touchedOrder(a: unknown, b: unknown, rt: Runtime): number | undefined {
  if (typeof a === 'string' && a.length > SHORT) touch(rt, a);
  if (typeof b === 'string' && b.length > SHORT) touch(rt, b);
  return order(a, b, rt);
}

export type OrderOperator = '<' | '<=' | '>' | '>=';

/** An ordered comparison. Without an order: `template.type_error`, in a condition false with a warning (SPEC 2.1). */
export function isOrdered(operator: OrderOperator, a: unknown, b: unknown, rt: Runtime): boolean {
  if (a === undefined || b === undefined) return false;
  const sign = touchedOrder(a, b, rt);
  if (sign === undefined) {
    const message = `${aKindOf(a)} and ${aKindOf(b)} cannot be compared with '${operator}'.`;
    if (!rt.condition) throw typeFailure(message);
    warn(rt, 'template.type_error', `${message} The comparison counts as false.`);
    return false;
  }
  if (operator === '<') return sign < 0;
  if (operator === '<=') return sign <= 0;
  return operator === '>' ? sign > 0 : sign >= 0;
}

/** `needle in container`. Undefined stands for unknown: the answer hangs on an undefined item. */
export function isIn(needle: unknown, container: unknown, rt: Runtime): boolean | undefined {
  if (typeof needle === 'string') touch(rt, needle);
  if (typeof container === 'string') {
    touch(rt, container);
    if (typeof needle === 'string') return containsText(container, needle, rt);
    if (rt.condition && typeof needle === 'number') return container.includes(String(needle));
    if (rt.condition) return false;
    throw typeFailure(`${aKindOf(needle)} cannot be in a text.`);
  }
  if (Array.isArray(container)) return isInList(needle, container, rt);
  if (isMap(container))
    return (typeof needle === 'string' || typeof needle === 'number') && Object.hasOwn(container, String(needle));
  throw typeFailure(`${aKindOf(container)} cannot be searched with 'in'.`);
}

function isInList(needle: unknown, list: readonly unknown[], rt: Runtime): boolean | undefined {
  for (const item of list) {
    charge(rt, 8);
    if (typeof item === 'object' && item !== null) step(rt);
    if (isEqual(item, needle, rt)) return true;
  }
  return rt.condition && list.includes(undefined) ? undefined : false;
}
