import { typeFailure } from '../runtime/failures.ts';
import { checkDepth, step, work } from '../runtime/limits.ts';
import { type Runtime, warn } from '../runtime/runtime.ts';
import { asDateTime, asTimeDelta, parseIso } from './datetime.ts';
import { aKindOf, isMap } from './values.ts';

const NUMERIC_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number a text spells, or undefined. */
export function numberOfText(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 400 || !NUMERIC_TEXT.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return undefined;
}

/** Equality by content, as in Python; in conditions numeric text equals its number (SPEC 2.1). */
export function isEqual(a: unknown, b: unknown, rt: Runtime): boolean {
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
    return a.length === b.length && a.every((item, index) => isInnerEqual(item, b[index], rt, depth));
  }
  const instants = instantPair(a, b, rt);
  if (instants !== undefined) return instants[0] === instants[1];
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isInnerEqual(a[key], b[key], rt, depth));
}

function isInnerEqual(a: unknown, b: unknown, rt: Runtime, depth: number): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return isEqual(a, b, rt);
  return isDeepEqual(a, b, rt, depth + 1);
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

/** Less than zero, zero or more, or undefined when the two have no order. */
export function order(a: unknown, b: unknown, rt: Runtime): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
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
    if (!isEqual(a[i], b[i], rt)) return order(a[i], b[i], rt);
  }
  return a.length - b.length;
}

export type OrderOperator = '<' | '<=' | '>' | '>=';

/** An ordered comparison. Without an order: `template.type_error`, in a condition false with a warning (SPEC 2.1). */
export function isOrdered(operator: OrderOperator, a: unknown, b: unknown, rt: Runtime): boolean {
  if (a === undefined || b === undefined) return false;
  const sign = order(a, b, rt);
  if (sign === undefined) {
    const message = `${aKindOf(a)} and ${aKindOf(b)} cannot be compared with \`${operator}\`.`;
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
  if (typeof container === 'string') {
    if (typeof needle === 'string') return container.includes(needle);
    if (rt.condition && typeof needle === 'number') return container.includes(String(needle));
    if (rt.condition) return false;
    throw typeFailure(`${aKindOf(needle)} cannot be in a text.`);
  }
  if (Array.isArray(container)) {
    work(rt, container.length);
    for (const item of container) {
      if (typeof item === 'object' && item !== null) step(rt);
      if (isEqual(item, needle, rt)) return true;
    }
    return rt.condition && container.includes(undefined) ? undefined : false;
  }
  if (isMap(container))
    return (typeof needle === 'string' || typeof needle === 'number') && Object.hasOwn(container, String(needle));
  throw typeFailure(`${aKindOf(container)} cannot be searched with \`in\`.`);
}
