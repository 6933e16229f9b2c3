import { suggestName } from '../../../../shared/suggest-name.ts';
import { limitFailure, typeFailure, unknownFailure } from '../runtime/failures.ts';
import { charge, chargeSlots, checkDepth, step } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createGroup, readPath } from '../values/access.ts';
import { textLength } from '../values/chars.ts';
import { isEqual } from '../values/compare.ts';
import { textOf } from '../values/text-of.ts';
import { admit, aKindOf, isMap, isTrue, toItems } from '../values/values.ts';
import { flagArgument, wholeArgument } from './arguments.ts';
import { compareKeys, sortKey } from './filters-number.ts';
import { type Arguments, type Filter, filter, NO_NAMES } from './library.ts';

const length: Filter['run'] = (input) => {
  if (typeof input === 'string') return textLength(input);
  if (Array.isArray(input)) return input.length;
  if (input === undefined) return 0;
  if (isMap(input)) return Object.keys(input).length;
  throw typeFailure(`${aKindOf(input)} has no length.`);
};

const list: Filter['run'] = (input, _args, rt) => {
  const items = toItems(input, rt);
  chargeSlots(rt, items.length);
  return items.slice();
};

const map: Filter['run'] = (input, args, rt) => {
  const items = toItems(input, rt);
  chargeSlots(rt, items.length);
  const attribute = args.named.get('attribute');
  if (attribute !== undefined) {
    const fallback = args.named.get('default');
    return items.map((item) => readPath(item, attribute, rt.timeZone) ?? fallback);
  }
  const [name, ...values] = args.values;
  if (typeof name !== 'string') throw typeFailure('`map` needs the name of a filter or `attribute=`.');
  const chosen = rt.library.filters.get(name);
  if (chosen === undefined)
    throw unknownFailure(
      `Unknown filter \`${name.slice(0, 60)}\`.`,
      undefined,
      suggestName(name, rt.library.filters.keys()),
    );
  const inner = orderNamed(chosen.params, { values, named: args.named });
  return items.map((item) => {
    step(rt);
    return chosen.run(admit(item), inner, rt);
  });
};

/** Puts keyword arguments that reached an inner filter or test through `map` or `select` in their places. */
function orderNamed(params: readonly string[], args: Arguments): Arguments {
  if (args.named.size === 0) return { values: args.values, named: NO_NAMES };
  const values = [...args.values];
  for (const [name, value] of args.named) {
    const index = params.indexOf(name);
    if (index !== -1) values[index] = value;
  }
  return { values, named: args.named };
}

/** A predicate from the name of a test and its arguments; truth when there is no name. */
function predicate(args: readonly unknown[], rt: Runtime): (value: unknown) => boolean {
  const [name, ...values] = args;
  if (name === undefined) return isTrue;
  const chosen = typeof name === 'string' ? rt.library.tests.get(name) : undefined;
  if (chosen === undefined) {
    const shown = textOf(name, rt).slice(0, 60);
    throw unknownFailure(`Unknown test \`${shown}\`.`, undefined, suggestName(shown, rt.library.tests.keys()));
  }
  const inner = { values, named: NO_NAMES };
  return (value) => (value !== undefined || chosen.seesUndefined === true) && chosen.run(value, inner, rt);
}

function select(keeps: boolean): Filter['run'] {
  return (input, args, rt) => {
    const test = predicate(args.values, rt);
    return toItems(input, rt).filter((item) => {
      step(rt);
      return test(admit(item)) === keeps;
    });
  };
}

function selectAttribute(keeps: boolean): Filter['run'] {
  return (input, args, rt) => {
    const [attribute, ...rest] = args.values;
    const test = predicate(rest, rt);
    return toItems(input, rt).filter((item) => {
      step(rt);
      return test(readPath(item, attribute, rt.timeZone)) === keeps;
    });
  };
}

/** Items in a stable order, by one field or by several joined with commas. */
const sort: Filter['run'] = (input, args, rt) => {
  const caseCounts = flagArgument(args, 1, false);
  const attribute = args.values[2];
  const paths = typeof attribute === 'string' ? attribute.split(',').map((path) => path.trim()) : [attribute];
  const keysOf = (item: unknown): unknown[] =>
    paths.map((path) =>
      sortKey(path === undefined || path === null ? item : readPath(item, path, rt.timeZone), caseCounts),
    );
  const entries = toItems(input, rt).map((item) => ({ item, keys: keysOf(item) }));
  chargeSlots(rt, entries.length * 4);
  const sign = flagArgument(args, 0, false) ? -1 : 1;
  entries.sort((a, b) => {
    charge(rt, 8);
    for (let i = 0; i < paths.length; i += 1) {
      const found = compareKeys(a.keys[i], b.keys[i], rt);
      if (found !== 0) return found * sign;
    }
    return 0;
  });
  return entries.map((entry) => entry.item);
};

/** A set of seen values: by identity for scalars, by content for the rest. */
function createSeen(rt: Runtime): (value: unknown) => boolean {
  const scalars = new Set<unknown>();
  const others: unknown[] = [];
  return (value) => {
    if (typeof value !== 'object' || value === null) {
      if (scalars.has(value)) return true;
      scalars.add(value);
      return false;
    }
    if (others.some((known) => isEqual(known, value, rt))) return true;
    others.push(value);
    return false;
  };
}

const unique: Filter['run'] = (input, args, rt) => {
  const attribute = args.values[1];
  const isSeen = createSeen(rt);
  return toItems(input, rt).filter((item) => {
    const key = attribute === undefined || attribute === null ? item : readPath(item, attribute, rt.timeZone);
    return !isSeen(sortKey(key, flagArgument(args, 0, false)));
  });
};

const groupby: Filter['run'] = (input, args, rt) => {
  const attribute = args.values[0];
  const fallback = args.values[1];
  const caseCounts = flagArgument(args, 2, false);
  const entries = toItems(input, rt).map((item) => ({
    item,
    key: readPath(item, attribute, rt.timeZone) ?? fallback ?? null,
  }));
  chargeSlots(rt, entries.length * 4);
  entries.sort((a, b) => compareKeys(sortKey(a.key, caseCounts), sortKey(b.key, caseCounts), rt));
  const found: { key: unknown; items: unknown[] }[] = [];
  for (const { item, key } of entries) {
    const last = found.at(-1);
    if (last !== undefined && isEqual(sortKey(last.key, caseCounts), sortKey(key, caseCounts), rt))
      last.items.push(item);
    else found.push({ key, items: [item] });
  }
  return found.map(({ key, items }) => createGroup(key, items));
};

const batch: Filter['run'] = (input, args, rt) => {
  const size = positive(wholeArgument(args, 0, 1), 'batch');
  const items = toItems(input, rt);
  const fill = args.values[1];
  if (fill !== undefined && fill !== null) chargeSlots(rt, size);
  const rows: unknown[][] = [];
  for (let at = 0; at < items.length; at += size) rows.push(items.slice(at, at + size));
  chargeSlots(rt, items.length + rows.length);
  const last = rows.at(-1);
  if (fill !== undefined && fill !== null) while (last !== undefined && last.length < size) last.push(fill);
  return rows;
};

function positive(count: number, name: string): number {
  if (count < 1) throw typeFailure(`\`${name}\` needs a count of at least 1.`);
  if (count > 1e7) throw limitFailure(`The count of \`${name}\` is too large.`);
  return count;
}

/** Columns of nearly equal length, as in Jinja. */
const slice: Filter['run'] = (input, args, rt) => {
  const count = positive(wholeArgument(args, 0, 1), 'slice');
  const items = toItems(input, rt);
  const fill = args.values[1];
  chargeSlots(rt, items.length + count * 4);
  const size = Math.floor(items.length / count);
  const extra = items.length % count;
  return Array.from({ length: count }, (_, index) => {
    const from = index * size + Math.min(index, extra);
    const column = items.slice(from, from + size + (index < extra ? 1 : 0));
    return fill !== undefined && fill !== null && index >= extra && extra > 0 ? [...column, fill] : column;
  });
};

const flatten: Filter['run'] = (input, args, rt) => {
  const levels = wholeArgument(args, 0, Number.MAX_SAFE_INTEGER);
  const out: unknown[] = [];
  const visit = (items: readonly unknown[], depth: number): void => {
    checkDepth(rt, depth);
    for (const item of items) {
      chargeSlots(rt, 1);
      if (Array.isArray(item) && depth < levels) visit(item, depth + 1);
      else out.push(item);
    }
  };
  visit(toItems(input, rt), 0);
  return out;
};

/** Filters over lists. SPEC 2.3 "list and map filters". */
export const LIST_FILTERS: readonly (readonly [string, Filter])[] = [
  ['length', filter([], length)],
  ['count', filter([], length)],
  ['list', filter([], list)],
  ['first', filter([], (input, _args, rt) => admit(toItems(input, rt)[0]))],
  ['last', filter([], (input, _args, rt) => admit(toItems(input, rt).at(-1)))],
  ['map', filter([], map, { variadic: true, anyNames: true })],
  ['select', filter([], select(true), { variadic: true })],
  ['reject', filter([], select(false), { variadic: true })],
  ['selectattr', filter(['attribute'], selectAttribute(true), { variadic: true, required: 1 })],
  ['rejectattr', filter(['attribute'], selectAttribute(false), { variadic: true, required: 1 })],
  ['sort', filter(['reverse', 'case_sensitive', 'attribute'], sort)],
  ['unique', filter(['case_sensitive', 'attribute'], unique)],
  ['groupby', filter(['attribute', 'default', 'case_sensitive'], groupby, { required: 1 })],
  ['batch', filter(['linecount', 'fill_with'], batch, { required: 1 })],
  ['slice', filter(['slices', 'fill_with'], slice, { required: 1 })],
  ['flatten', filter(['levels'], flatten)],
];
