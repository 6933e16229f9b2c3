import { charge, chargeItems } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { compileField, compilePath, createGroup, type ReadPath } from '../values/access.ts';
import { isEqual } from '../values/compare.ts';
import { toItems } from '../values/values.ts';
import { flagArgument } from './arguments.ts';
import { compareKeys, sortKey } from './filters-number.ts';
import { type Filter, type FilterWork, filter } from './library.ts';

/** What one item costs while it is sorted: a record and its keys. */
const SORTED_BYTES = 96;
const MAX_SORT_KEYS = 64;

/** Readers of the fields by which `sort` orders, joined with commas. */
function compileSortFields(attribute: unknown, rt: Runtime): readonly ReadPath[] {
  if (typeof attribute !== 'string' || !attribute.includes(',')) return [compileField(attribute, rt)];
  return attribute.split(',', MAX_SORT_KEYS).map((path) => compilePath(path.trim(), rt));
}

/** Items in a stable order, by one field or by several joined with commas. */
const sort: FilterWork = (input, args, rt) => {
  const isReversed = flagArgument(args, 0, rt);
  const caseCounts = flagArgument(args, 1, rt);
  const fields = compileSortFields(args.values[2], rt);
  const items = toItems(input, rt);
  chargeItems(rt, items.length, SORTED_BYTES + fields.length * 8);
  const entries = items.map((item) => ({ item, keys: fields.map((read) => sortKey(read(item), caseCounts, rt)) }));
  const sign = isReversed ? -1 : 1;
  entries.sort((a, b) => {
    for (let i = 0; i < fields.length; i += 1) {
      const found = compareKeys(a.keys[i], b.keys[i], rt);
      if (found !== 0) return found * sign;
    }
    return 0;
  });
  return entries.map((entry) => entry.item);
};

/** What a value costs in a set. */
const SEEN_BYTES = 48;

/** A set of seen values: by identity for scalars, by content for the rest. */
function createSeen(rt: Runtime): (value: unknown) => boolean {
  const scalars = new Set<unknown>();
  const others: unknown[] = [];
  return (value) => {
    if (typeof value !== 'object' || value === null) {
      charge(rt, SEEN_BYTES);
      if (scalars.has(value)) return true;
      scalars.add(value);
      return false;
    }
    if (others.some((known) => isEqual(known, value, rt))) return true;
    others.push(value);
    return false;
  };
}

const unique: FilterWork = (input, args, rt) => {
  const caseCounts = flagArgument(args, 0, rt);
  const read = compileField(args.values[1], rt);
  const isSeen = createSeen(rt);
  return toItems(input, rt).filter((item) => !isSeen(sortKey(read(item), caseCounts, rt)));
};

/** What a group costs besides its items. */
const GROUP_BYTES = 200;

const groupby: FilterWork = (input, args, rt) => {
  const read = compilePath(args.values[0], rt);
  const fallback = args.values[1] ?? null;
  const caseCounts = flagArgument(args, 2, rt);
  const items = toItems(input, rt);
  chargeItems(rt, items.length, SORTED_BYTES);
  const entries = items.map((item) => {
    const key = read(item) ?? fallback;
    return { item, key, sorted: sortKey(key, caseCounts, rt) };
  });
  entries.sort((a, b) => compareKeys(a.sorted, b.sorted, rt));
  const found: { key: unknown; sorted: unknown; items: unknown[] }[] = [];
  for (const { item, key, sorted } of entries) {
    const last = found.at(-1);
    if (last !== undefined && isEqual(last.sorted, sorted, rt)) last.items.push(item);
    else {
      charge(rt, GROUP_BYTES);
      found.push({ key, sorted, items: [item] });
    }
  }
  return found.map((group) => createGroup(group.key, group.items));
};

/** Filters that put lists in order or together. SPEC 2.3 "list and map filters". */
export const ORDER_FILTERS: readonly (readonly [string, Filter])[] = [
  ['sort', filter(['reverse', 'case_sensitive', 'attribute'], sort)],
  ['unique', filter(['case_sensitive', 'attribute'], unique)],
  ['groupby', filter(['attribute', 'default', 'case_sensitive'], groupby, { required: 1 })],
];
