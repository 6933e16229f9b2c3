import { suggestName } from '../../../../shared/suggest-name.ts';
import { limitFailure, typeFailure, unknownFailure } from '../runtime/failures.ts';
import { charge, chargeItems, checkDepth, step } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { compilePath } from '../values/access.ts';
import { textAt, textLength } from '../values/chars.ts';
import { textOf } from '../values/text-of.ts';
import { admit, aKindOf, isMap, isTrue, keysOf, toItems } from '../values/values.ts';
import { wholeArgument } from './arguments.ts';
import { type Arguments, type Filter, type FilterWork, filter, NO_NAMES } from './library.ts';

const length: FilterWork = (input, _args, rt) => {
  if (typeof input === 'string') return textLength(input);
  if (Array.isArray(input)) return input.length;
  if (input === undefined) return 0;
  if (isMap(input)) return keysOf(input, rt).length;
  throw typeFailure(`${aKindOf(input)} has no length.`);
};

/** The first item or the last; only a map is walked for it. */
const itemAt =
  (index: 0 | -1): FilterWork =>
  (input, _args, rt) => {
    if (Array.isArray(input)) return admit(input.at(index));
    return typeof input === 'string' ? textAt(input, index, rt) : admit(toItems(input, rt).at(index));
  };

const list: FilterWork = (input, _args, rt) => {
  const items = toItems(input, rt);
  return items.slice();
};

const map: FilterWork = (input, args, rt) => {
  const items = toItems(input, rt);
  const attribute = args.named.get('attribute');
  if (attribute !== undefined) {
    const fallback = args.named.get('default');
    const read = compilePath(attribute, rt);
    return items.map((item) => read(item) ?? fallback);
  }
  const [name, ...values] = args.values;
  if (typeof name !== 'string') throw typeFailure("'map' needs the name of a filter or 'attribute='.");
  const chosen = rt.library.filters.get(name);
  if (chosen === undefined)
    throw unknownFailure(
      `Unknown filter '${name.slice(0, 60)}'.`,
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
  if (name === undefined) return (value) => isTrue(value, rt);
  const chosen = typeof name === 'string' ? rt.library.tests.get(name) : undefined;
  if (chosen === undefined) {
    const shown = textOf(name, rt).slice(0, 60);
    throw unknownFailure(`Unknown test '${shown}'.`, undefined, suggestName(shown, rt.library.tests.keys()));
  }
  const inner = { values, named: NO_NAMES };
  return (value) => (value !== undefined || chosen.seesUndefined === true) && chosen.run(value, inner, rt);
}

function select(keeps: boolean): FilterWork {
  return (input, args, rt) => {
    const test = predicate(args.values, rt);
    return toItems(input, rt).filter((item) => {
      step(rt);
      return test(admit(item)) === keeps;
    });
  };
}

function selectAttribute(keeps: boolean): FilterWork {
  return (input, args, rt) => {
    const [attribute, ...rest] = args.values;
    const test = predicate(rest, rt);
    const read = compilePath(attribute, rt);
    return toItems(input, rt).filter((item) => {
      step(rt);
      return test(read(item)) === keeps;
    });
  };
}

/** What a list costs besides its items. */
const LIST_BYTES = 64;

const batch: FilterWork = (input, args, rt) => {
  const size = positive(wholeArgument(args, 0, 1), 'batch');
  const items = toItems(input, rt);
  const fill = args.values[1];
  if (fill !== undefined && fill !== null) chargeItems(rt, size);
  chargeItems(rt, items.length);
  const rows: unknown[][] = [];
  for (let at = 0; at < items.length; at += size) {
    charge(rt, LIST_BYTES);
    rows.push(items.slice(at, at + size));
  }
  const last = rows.at(-1);
  if (fill !== undefined && fill !== null) while (last !== undefined && last.length < size) last.push(fill);
  return rows;
};

function positive(count: number, name: string): number {
  if (count < 1) throw typeFailure(`'${name}' needs a count of at least 1.`);
  if (count > 1e7) throw limitFailure(`The count of '${name}' is too large.`);
  return count;
}

/** Columns of nearly equal length, as in Jinja. */
const slice: FilterWork = (input, args, rt) => {
  const count = positive(wholeArgument(args, 0, 1), 'slice');
  const items = toItems(input, rt);
  const fill = args.values[1];
  chargeItems(rt, items.length);
  chargeItems(rt, count, LIST_BYTES + 8);
  const size = Math.floor(items.length / count);
  const extra = items.length % count;
  return Array.from({ length: count }, (_, index) => {
    const from = index * size + Math.min(index, extra);
    const column = items.slice(from, from + size + (index < extra ? 1 : 0));
    return fill !== undefined && fill !== null && index >= extra && extra > 0 ? [...column, fill] : column;
  });
};

const flatten: FilterWork = (input, args, rt) => {
  const levels = wholeArgument(args, 0, Number.MAX_SAFE_INTEGER);
  const out: unknown[] = [];
  const visit = (items: readonly unknown[], depth: number): void => {
    checkDepth(rt, depth);
    for (const item of items) {
      charge(rt, 16);
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
  ['first', filter([], itemAt(0))],
  ['last', filter([], itemAt(-1))],
  ['map', filter([], map, { variadic: true, anyNames: true })],
  ['select', filter([], select(true), { variadic: true })],
  ['reject', filter([], select(false), { variadic: true })],
  ['selectattr', filter(['attribute'], selectAttribute(true), { variadic: true, required: 1 })],
  ['rejectattr', filter(['attribute'], selectAttribute(false), { variadic: true, required: 1 })],
  ['batch', filter(['linecount', 'fill_with'], batch, { required: 1 })],
  ['slice', filter(['slices', 'fill_with'], slice, { required: 1 })],
  ['flatten', filter(['levels'], flatten)],
];
