import { typeFailure } from '../runtime/failures.ts';
import { charge } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { DATE_FIELDS, readAttribute, readDate } from '../values/access.ts';
import { textLength } from '../values/chars.ts';
import { isEqual } from '../values/compare.ts';
import { dateOf, isoOf, zoneOf } from '../values/datetime.ts';
import { strftime } from '../values/strftime.ts';
import { jsonOf } from '../values/text-of.ts';
import { findText, placesOf, replaceMatches } from '../values/text-search.ts';
import {
  admit,
  asSpecial,
  type Cycler,
  type DateTime,
  isMap,
  keysOf,
  type LoopState,
  type PlainMap,
  SPECIAL,
  type TimeDelta,
  toItems,
} from '../values/values.ts';
import { textArgument, wholeArgument } from './arguments.ts';
import { entriesOf } from './filters-map.ts';
import { capitalize, joinItems, replaceText, splitText, stripText } from './filters-text.ts';
import { formatBraces } from './format-braces.ts';
import { type Arguments, type Metered, metered, type Signature, type Work } from './library.ts';

/** A method: `receiver.name(args)`. */
interface Method<T> extends Signature {
  readonly run: Metered<T, unknown>;
}

type Methods<T> = ReadonlyMap<string, Method<T>>;
type Run<T> = Work<T, unknown>;

function method<T>(params: readonly string[], run: Run<T>, extra: Partial<Signature> = {}): Method<T> {
  return { params, run: metered(run), ...extra };
}

/** A method of text that reads it once. */
function text(run: (receiver: string, rt: Runtime) => unknown): Method<string> {
  return method([], (receiver, _args, rt) => run(receiver, rt));
}

/** One or several prefixes, as in Python. */
function anyAffix(args: Arguments, rt: Runtime, holds: (affix: string) => boolean): boolean {
  const affix = args.values[0];
  return Array.isArray(affix)
    ? toItems(affix, rt).some((one) => typeof one === 'string' && holds(one))
    : holds(textArgument(args.values[0], '', rt));
}

function countText(receiver: string, piece: string, rt: Runtime): number {
  if (piece === '') return textLength(receiver) + 1;
  let count = 0;
  for (const _at of placesOf(receiver, piece, Number.POSITIVE_INFINITY, rt)) count += 1;
  return count;
}

function find(receiver: string, args: Arguments, rt: Runtime): number {
  const at = findText(receiver, textArgument(args.values[0], '', rt), wholeArgument(args, 1, 0), rt);
  return at <= 0 ? at : textLength(receiver.slice(0, at));
}

const LETTERS = /\p{L}+/gu;

const TEXT_METHODS: Methods<string> = new Map<string, Method<string>>([
  ['upper', text((s) => s.toUpperCase())],
  ['lower', text((s) => s.toLowerCase())],
  ['title', text((s, rt) => replaceMatches(s, LETTERS, capitalize, rt))],
  ['capitalize', text(capitalize)],
  ['strip', method(['chars'], (s, args, rt) => stripText(s, args.values[0], 'both', rt))],
  ['lstrip', method(['chars'], (s, args, rt) => stripText(s, args.values[0], 'left', rt))],
  ['rstrip', method(['chars'], (s, args, rt) => stripText(s, args.values[0], 'right', rt))],
  ['split', method(['sep', 'maxsplit'], (s, args, rt) => splitText(s, args.values[0], wholeArgument(args, 1, -1), rt))],
  [
    'replace',
    method(
      ['old', 'new', 'count'],
      (s, args, rt) =>
        replaceText(
          s,
          [textArgument(args.values[0], '', rt), textArgument(args.values[1], '', rt)],
          wholeArgument(args, 2, -1),
          rt,
        ),
      { required: 2 },
    ),
  ],
  [
    'startswith',
    method(['prefix'], (s, args, rt) => anyAffix(args, rt, (affix) => s.startsWith(affix)), { required: 1 }),
  ],
  ['endswith', method(['suffix'], (s, args, rt) => anyAffix(args, rt, (affix) => s.endsWith(affix)), { required: 1 })],
  ['join', method(['items'], (s, args, rt) => joinItems(toItems(args.values[0], rt), s, rt), { required: 1 })],
  ['find', method(['sub', 'start'], find, { required: 1 })],
  ['count', method(['sub'], (s, args, rt) => countText(s, textArgument(args.values[0], '', rt), rt), { required: 1 })],
  ['format', method([], formatBraces, { variadic: true, anyNames: true })],
]);

function indexOf(items: readonly unknown[], args: Arguments, rt: Runtime): number {
  const at = toItems(items, rt).findIndex((item) => isEqual(item, args.values[0], rt));
  if (at === -1) throw typeFailure('The value is not in the list.');
  return at;
}

/** `list.filter(key=value)` of routing rules (SPEC 2.1). */
function filterByKeys(items: readonly unknown[], args: Arguments, rt: Runtime): unknown[] {
  const wanted = [...args.named];
  return toItems(items, rt).filter((item) => {
    charge(rt, wanted.length * 8);
    return wanted.every(([key, value]) => isEqual(readAttribute(item, key, rt), value, rt));
  });
}

const LIST_METHODS: Methods<readonly unknown[]> = new Map<string, Method<readonly unknown[]>>([
  ['index', method(['value'], indexOf, { required: 1 })],
  [
    'count',
    method(
      ['value'],
      (items, args, rt) => toItems(items, rt).filter((item) => isEqual(item, args.values[0], rt)).length,
      {
        required: 1,
      },
    ),
  ],
  ['filter', method([], filterByKeys, { anyNames: true })],
]);

function getKey(map: PlainMap, args: Arguments, rt: Runtime): unknown {
  const key = args.values[0];
  const found = typeof key === 'string' || typeof key === 'number' ? readAttribute(map, String(key), rt) : undefined;
  return found === undefined ? (args.values[1] ?? null) : found;
}

const MAP_METHODS: Methods<PlainMap> = new Map<string, Method<PlainMap>>([
  ['get', method(['key', 'default'], getKey, { required: 1 })],
  ['items', method([], (map, _args, rt) => entriesOf(map, 'items', rt))],
  ['keys', method([], (map, _args, rt) => keysOf(map, rt))],
  ['values', method([], (map, _args, rt) => entriesOf(map, 'values', rt).map((entry) => entry[1]))],
]);

const DATE_METHODS: Methods<DateTime> = new Map<string, Method<DateTime>>([
  ...DATE_FIELDS.map(
    (name) => [name, method<DateTime>([], (date, _args, rt) => readDate(date, name, zoneOf(date, rt)))] as const,
  ),
  ['isoformat', method([], (date, _args, rt) => isoOf(date, rt))],
  ['timestamp', method([], (date) => date.epochMs / 1000)],
  [
    'strftime',
    method(
      ['format'],
      (date, args, rt) => strftime(date.epochMs, zoneOf(date, rt), textArgument(args.values[0], '', rt)),
      {
        required: 1,
      },
    ),
  ],
  ['date', method([], (date, _args, rt) => dateOf(date, rt))],
]);

const DELTA_METHODS: Methods<TimeDelta> = new Map([
  ['total_seconds', method<TimeDelta>([], (delta) => delta.ms / 1000)],
]);

function cycle(loop: LoopState, args: Arguments): unknown {
  return args.values.length === 0 ? undefined : args.values[loop.index0 % args.values.length];
}

/** Whether the values differ from those of the call before. */
function hasChanged(loop: LoopState, args: Arguments, rt: Runtime): boolean {
  const key = jsonOf(args.values, rt);
  const isNew = key !== loop.changedKey;
  loop.changedKey = key;
  return isNew;
}

const LOOP_METHODS: Methods<LoopState> = new Map<string, Method<LoopState>>([
  ['cycle', method([], cycle, { variadic: true })],
  ['changed', method([], hasChanged, { variadic: true })],
]);

function advance(cycler: Cycler): unknown {
  const current = cycler.items[cycler.position];
  cycler.position = (cycler.position + 1) % Math.max(1, cycler.items.length);
  return current;
}

const CYCLER_METHODS: Methods<Cycler> = new Map<string, Method<Cycler>>([
  ['next', method([], advance)],
  [
    'reset',
    method([], (cycler) => {
      cycler.position = 0;
      return null;
    }),
  ],
]);

const TABLES = [TEXT_METHODS, LIST_METHODS, MAP_METHODS, DATE_METHODS, DELTA_METHODS, LOOP_METHODS, CYCLER_METHODS];

/** Every name that some value answers to as a method. */
export const METHOD_NAMES: ReadonlySet<string> = new Set(TABLES.flatMap((table) => [...table.keys()]));

/** A method of a value, ready to be called; undefined when the value has none of that name. */
export function findMethod(receiver: unknown, name: string): Method<never> | undefined {
  return tableFor(receiver)?.get(name);
}

function tableFor(receiver: unknown): Methods<never> | undefined {
  const value = admit(receiver);
  if (typeof value === 'string') return TEXT_METHODS;
  if (Array.isArray(value)) return LIST_METHODS;
  if (isMap(value)) return MAP_METHODS;
  switch (asSpecial(value)?.[SPECIAL]) {
    case 'datetime':
      return DATE_METHODS;
    case 'timedelta':
      return DELTA_METHODS;
    case 'loop':
      return LOOP_METHODS;
    case 'cycler':
      return CYCLER_METHODS;
    default:
      return undefined;
  }
}

/** Calls a method that `findMethod` found for this very receiver. */
export function callMethod(
  found: Method<never>,
  receiver: unknown,
  call: { readonly args: Arguments; readonly rt: Runtime },
): unknown {
  return found.run(receiver as never, call.args, call.rt);
}
