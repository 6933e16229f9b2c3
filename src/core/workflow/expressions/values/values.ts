import type { Arguments } from '../library/library.ts';
import { typeFailure } from '../runtime/failures.ts';
import { charge, chargeItems, type Meter } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { isHiddenKey } from '../runtime/scope.ts';
import { characters } from './chars.ts';

/** Marks the values that are neither plain data nor forgeable by it. */
export const SPECIAL: unique symbol = Symbol('aiworkflow.expression.value');

/** An instant shown in a zone. */
export interface DateTime {
  readonly [SPECIAL]: 'datetime';
  readonly epochMs: number;
  readonly zone: string;
  /** Made by `date()`: written as `YYYY-MM-DD`. */
  readonly dateOnly: boolean;
}

/** A length of time. */
export interface TimeDelta {
  readonly [SPECIAL]: 'timedelta';
  readonly ms: number;
}

/** One of our own functions; never a function of the host. */
export interface Callable {
  readonly [SPECIAL]: 'callable';
  readonly name: string;
  readonly call: (args: Arguments, rt: Runtime) => unknown;
}

/** `namespace()`: the one value whose attributes `set` may change. */
export interface Namespace {
  readonly [SPECIAL]: 'namespace';
  readonly values: Map<string, unknown>;
}

/** `cycler(a, b)`. */
export interface Cycler {
  readonly [SPECIAL]: 'cycler';
  readonly items: readonly unknown[];
  position: number;
}

/** The `loop` of a running `for`. */
export interface LoopState {
  readonly [SPECIAL]: 'loop';
  readonly items: readonly unknown[];
  index0: number;
  changedKey: string | undefined;
}

export type Special = DateTime | TimeDelta | Callable | Namespace | Cycler | LoopState;
export type PlainMap = Readonly<Record<string, unknown>>;

/** The special value behind `value`, if it is one. */
export function asSpecial(value: unknown): Special | undefined {
  return typeof value === 'object' && value !== null && SPECIAL in value ? (value as Special) : undefined;
}

/** A map of plain data. Class instances count by their own keys. */
export function isMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(SPECIAL in value);
}

/** What the language may see of a value of the host: functions and symbols do not exist, a Date is a datetime. */
export function admit(value: unknown): unknown {
  switch (typeof value) {
    case 'function':
    case 'symbol':
      return undefined;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'object':
      if (value instanceof Date) {
        return Number.isNaN(value.getTime())
          ? undefined
          : { [SPECIAL]: 'datetime', epochMs: value.getTime(), zone: '', dateOnly: false };
      }
      return value;
    default:
      return value;
  }
}

/** An own, readable key of a map, else undefined. */
export function readKey(map: PlainMap, key: string): unknown {
  return Object.hasOwn(map, key) && !isHiddenKey(key) ? admit(map[key]) : undefined;
}

/** Sets a key of a map that is being built; `__proto__` never becomes a prototype. */
export function setKey(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value;
}

/** The word for a value in messages. */
function kindOf(value: unknown): string {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return 'undefined';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean' || typeof value === 'number') return typeof value;
  if (Array.isArray(value)) return 'list';
  return asSpecial(value)?.[SPECIAL] ?? 'map';
}

/** The word for a value with its article: `a list`, `an undefined value`, `null`. */
export function aKindOf(value: unknown): string {
  const kind = kindOf(value);
  if (kind === 'null') return kind;
  return kind === 'undefined' ? 'an undefined value' : `a ${kind}`;
}

/** The keys of a map; what lists them pays for them. */
export function keysOf(map: PlainMap, meter: Meter): readonly string[] {
  const keys = Object.keys(map);
  chargeItems(meter, keys.length, 16);
  return keys;
}

/** Truth as in Python: empty, zero, null and undefined are false. */
export function isTrue(value: unknown, meter: Meter): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'object') return false;
  const special = asSpecial(value);
  if (special === undefined) return keysOf(value as PlainMap, meter).length > 0;
  return special[SPECIAL] === 'timedelta' ? special.ms !== 0 : true;
}

/** A look at an item and its place in a list of what comes out of it. */
const ITEM_BYTES = 16;

/** The items a loop or list filter sees: list items, map keys, characters of a text; nothing for undefined. */
export function toItems(value: unknown, meter: Meter): readonly unknown[] {
  if (Array.isArray(value)) {
    charge(meter, value.length * ITEM_BYTES);
    return value;
  }
  if (value === undefined) return [];
  if (typeof value === 'string') return characters(value, meter);
  if (isMap(value)) return keysOf(value, meter);
  throw typeFailure(`${aKindOf(value)} is not a list.`);
}
