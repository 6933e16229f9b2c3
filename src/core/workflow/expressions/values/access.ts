import { typeFailure } from '../runtime/failures.ts';
import { charge, checkDepth } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { isHiddenKey } from '../runtime/scope.ts';
import { sliceOf, textAt } from './chars.ts';
import { weekdayOf } from './datetime.ts';
import {
  admit,
  aKindOf,
  asSpecial,
  type DateTime,
  isMap,
  type LoopState,
  readKey,
  SPECIAL,
  type Special,
} from './values.ts';
import { toCivil } from './zones.ts';

/** Lists made by `groupby`: they answer to `grouper` and `list` beside `[0]` and `[1]`. */
const groups = new WeakSet<object>();

/** Makes one group of `groupby`. */
export function createGroup(grouper: unknown, list: readonly unknown[]): readonly unknown[] {
  const group = [grouper, list];
  groups.add(group);
  return group;
}

const INDEX = /^\d{1,15}$/;
const SHORT_KEY = 64;

/**
 * A field of a value (SPEC 2.3 Safety): own keys of maps, positions of lists, fields of our own special values. Anything
 * else, every hidden name, and any field of undefined, is undefined.
 */
export function readAttribute(value: unknown, name: string, rt: Runtime): unknown {
  // The machine keeps a copy of every text that is used as a key.
  if (name.length > SHORT_KEY) charge(rt, name.length * 2);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' && INDEX.test(name) ? textAt(value, Number(name), rt) : undefined;
  }
  if (Array.isArray(value)) {
    if (INDEX.test(name)) return admit(value[Number(name)]);
    if (!groups.has(value)) return undefined;
    return name === 'grouper' ? value[0] : name === 'list' ? value[1] : undefined;
  }
  if (isMap(value)) return readKey(value, name);
  return readSpecial(value as Special, name, rt.timeZone);
}

function readSpecial(special: Special, name: string, zone: string): unknown {
  if (isHiddenKey(name)) return undefined;
  switch (special[SPECIAL]) {
    case 'loop':
      return readLoop(special, name);
    case 'namespace':
      return special.values.get(name);
    case 'cycler':
      return name === 'current' ? special.items[special.position] : undefined;
    case 'timedelta':
      return readDelta(special.ms, name);
    case 'datetime':
      return readDate(special, name, special.zone === '' ? zone : special.zone);
    default:
      return undefined;
  }
}

const LOOP_FIELDS: ReadonlyMap<string, (loop: LoopState) => unknown> = new Map<string, (loop: LoopState) => unknown>([
  ['index', (loop) => loop.index0 + 1],
  ['index0', (loop) => loop.index0],
  ['revindex', (loop) => loop.items.length - loop.index0],
  ['revindex0', (loop) => loop.items.length - loop.index0 - 1],
  ['first', (loop) => loop.index0 === 0],
  ['last', (loop) => loop.index0 === loop.items.length - 1],
  ['length', (loop) => loop.items.length],
  ['previtem', (loop) => admit(loop.items[loop.index0 - 1])],
  ['nextitem', (loop) => admit(loop.items[loop.index0 + 1])],
  ['depth', () => 1],
  ['depth0', () => 0],
]);

function readLoop(loop: LoopState, name: string): unknown {
  return LOOP_FIELDS.get(name)?.(loop);
}

function readDelta(ms: number, name: string): unknown {
  const days = Math.floor(ms / 86_400_000);
  if (name === 'days') return days;
  return name === 'seconds' ? Math.floor((ms - days * 86_400_000) / 1000) : undefined;
}

/** Names that `readDate` knows; methods of the same names exist too. */
export const DATE_FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'weekday'] as const;

/** A calendar field of a datetime in a zone. */
export function readDate(value: DateTime, name: string, zone: string): unknown {
  if (name === 'weekday') return weekdayOf(value.epochMs, zone);
  const field = DATE_FIELDS.find((known) => known === name);
  return field === undefined ? undefined : toCivil(value.epochMs, zone)[field as Exclude<typeof field, 'weekday'>];
}

/** `value[index]`: keys of maps, positions of lists and texts (negative from the end). */
export function readIndex(value: unknown, index: unknown, rt: Runtime): unknown {
  if (typeof index === 'number') {
    if (Array.isArray(value)) return Number.isInteger(index) ? admit(value.at(index)) : undefined;
    if (typeof value === 'string') return Number.isInteger(index) ? textAt(value, index, rt) : undefined;
    return isMap(value) ? readKey(value, String(index)) : undefined;
  }
  return typeof index === 'string' ? readAttribute(value, index, rt) : undefined;
}

/** Reads what a path names in one value after another. */
export type ReadPath = (value: unknown) => unknown;

/** A path given to a filter, read once for all values: `'a.b'`, `'items.0.name'` or a position (SPEC 2.3). */
export function compilePath(path: unknown, rt: Runtime): ReadPath {
  if (typeof path === 'number') return (value) => readIndex(value, path, rt);
  if (typeof path !== 'string')
    throw typeFailure(`An attribute is named by a text or a position, not ${aKindOf(path)}.`);
  if (!path.includes('.')) return (value) => readAttribute(value, path, rt);
  const parts = path.split('.', rt.limits.depth + 1);
  checkDepth(rt, parts.length);
  return (value) => {
    charge(rt, parts.length * 8);
    return parts.reduce<unknown>((found, part) => readAttribute(found, part, rt), value);
  };
}

/** As `compilePath`; without a path the values themselves. */
export function compileField(path: unknown, rt: Runtime): ReadPath {
  return path === undefined || path === null ? (value) => value : compilePath(path, rt);
}

/** `value[from:to:step]` of a list or a text. */
export function readSlice(value: unknown, bounds: readonly [unknown, unknown, unknown], rt: Runtime): unknown {
  if (typeof value !== 'string' && !Array.isArray(value)) throw typeFailure(`${aKindOf(value)} cannot be sliced.`);
  const [from, to, step] = bounds.map((bound) => {
    if (bound === undefined || bound === null) return undefined;
    if (typeof bound === 'number' && Number.isInteger(bound)) return bound;
    throw typeFailure('The bounds of a slice are whole numbers.');
  });
  if (step === 0) throw typeFailure('The step of a slice cannot be zero.');
  return sliceOf(value, { from, to, step }, rt);
}

/** Whether a value is one of our own functions. */
export function isCallable(value: unknown): boolean {
  return asSpecial(value)?.[SPECIAL] === 'callable';
}
