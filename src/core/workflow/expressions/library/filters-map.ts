import { typeFailure } from '../runtime/failures.ts';
import { charge, chargeItems } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { readAttribute } from '../values/access.ts';
import { textOf } from '../values/text-of.ts';
import { admit, aKindOf, isMap, keysOf, type PlainMap, setKey, toItems } from '../values/values.ts';
import { flagArgument, textArgument } from './arguments.ts';
import { compareKeys, sortKey } from './filters-number.ts';
import { type Arguments, type Filter, type FilterWork, filter } from './library.ts';

const EMPTY: PlainMap = {};
/** What a pair in a list costs, and a key in a new map. */
const PAIR_BYTES = 80;
const KEY_BYTES = 64;

/** The map behind an input; undefined counts as empty. */
function mapOf(input: unknown, name: string): PlainMap {
  if (input === undefined) return EMPTY;
  if (!isMap(input)) throw typeFailure(`'${name}' needs a map, not ${aKindOf(input)}.`);
  return input;
}

/** The pairs of a map. */
export function entriesOf(input: unknown, name: string, rt: Runtime): readonly (readonly [string, unknown])[] {
  const map = mapOf(input, name);
  const keys = keysOf(map, rt);
  chargeItems(rt, keys.length, PAIR_BYTES);
  return keys.map((key) => [key, admit(map[key])] as const);
}

const dictsort: FilterWork = (input, args, rt) => {
  const caseCounts = flagArgument(args, 0, rt);
  const by = textArgument(args.values[1], 'key', rt);
  if (by !== 'key' && by !== 'value') throw typeFailure("'dictsort' sorts by key or by value.");
  const position = by === 'key' ? 0 : 1;
  const sign = flagArgument(args, 2, rt) ? -1 : 1;
  const entries = entriesOf(input, 'dictsort', rt).map((entry) => ({
    entry,
    key: sortKey(entry[position], caseCounts, rt),
  }));
  return entries.sort((a, b) => compareKeys(a.key, b.key, rt) * sign).map(({ entry }) => entry);
};

/** Keys given as arguments or as lists of them. */
function namedKeys(args: Arguments, rt: Runtime): ReadonlySet<string> {
  const keys = args.values.flatMap((value) => (Array.isArray(value) ? toItems(value, rt) : [value]));
  chargeItems(rt, keys.length, KEY_BYTES);
  return new Set(
    keys.map((key) => {
      const text = textOf(key, rt);
      charge(rt, text.length * 2);
      return text;
    }),
  );
}

/** A copy with the keys for which `keeps` holds. */
function copyKeys(map: PlainMap, keeps: (key: string) => boolean, rt: Runtime): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  const keys = keysOf(map, rt);
  chargeItems(rt, keys.length, KEY_BYTES);
  for (const key of keys) if (keeps(key)) setKey(copy, key, map[key]);
  return copy;
}

function choose(keeps: boolean, name: string): FilterWork {
  return (input, args, rt) => {
    const keys = namedKeys(args, rt);
    const change = (map: unknown): Record<string, unknown> =>
      copyKeys(mapOf(map, name), (key) => keys.has(key) === keeps, rt);
    return Array.isArray(input) ? toItems(input, rt).map(change) : change(input);
  };
}

const merge: FilterWork = (input, args, rt) => {
  const merged = copyKeys(mapOf(input, 'merge'), () => true, rt);
  const others = [
    ...args.values.flatMap((value) => (Array.isArray(value) ? toItems(value, rt) : [value])),
    Object.fromEntries(args.named),
  ];
  for (const other of others) {
    if (other === undefined || other === null) continue;
    for (const [key, value] of entriesOf(other, 'merge', rt)) setKey(merged, key, value);
  }
  return merged;
};

/** Filters over maps. SPEC 2.3 "list and map filters". */
export const MAP_FILTERS: readonly (readonly [string, Filter])[] = [
  ['dictsort', filter(['case_sensitive', 'by', 'reverse'], dictsort)],
  ['items', filter([], (input, _args, rt) => entriesOf(input, 'items', rt))],
  ['keys', filter([], (input, _args, rt) => keysOf(mapOf(input, 'keys'), rt))],
  ['values', filter([], (input, _args, rt) => entriesOf(input, 'values', rt).map((entry) => entry[1]))],
  ['pick', filter([], choose(true, 'pick'), { variadic: true })],
  ['omit', filter([], choose(false, 'omit'), { variadic: true })],
  ['merge', filter([], merge, { variadic: true, anyNames: true })],
  [
    'attr',
    filter(['name'], (input, args, rt) => readAttribute(input, textArgument(args.values[0], '', rt), rt), {
      required: 1,
    }),
  ],
];
