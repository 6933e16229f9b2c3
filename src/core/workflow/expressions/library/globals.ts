import { grouped } from '../../../../shared/grouped.ts';
import { limitFailure, typeFailure } from '../runtime/failures.ts';
import { chargeItems } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { dateTime, timeDelta } from '../values/datetime.ts';
import { textOf } from '../values/text-of.ts';
import { type Callable, isMap, SPECIAL, setKey, toItems } from '../values/values.ts';
import { entriesOf } from './filters-map.ts';
import { type Arguments, metered, type Signature } from './library.ts';

/** A function that every template may call. */
export interface GlobalFunction extends Signature {
  readonly value: Callable;
}

function wholes(args: Arguments): number[] {
  return args.values.map((value) => {
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw typeFailure("'range' needs whole numbers.");
  });
}

function range(args: Arguments, rt: Runtime): number[] {
  const [first = 0, second, step = 1] = wholes(args);
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw typeFailure("The step of 'range' cannot be zero.");
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (count > rt.limits.range) throw limitFailure(`'range' may hold ${grouped(rt.limits.range)} items at most.`);
  chargeItems(rt, count);
  return Array.from({ length: count }, (_, index) => from + index * step);
}

function dict(args: Arguments, rt: Runtime): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  const source = args.values[0];
  const pairs = Array.isArray(source) ? toItems(source, rt) : isMap(source) ? entriesOf(source, 'dict', rt) : [];
  chargeItems(rt, pairs.length, KEY_BYTES);
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw typeFailure("'dict' needs a map or pairs.");
    setKey(map, textOf(pair[0], rt), pair[1]);
  }
  for (const [key, value] of args.named) setKey(map, key, value);
  return map;
}

/** What a key of a new map costs. */
const KEY_BYTES = 64;

const DELTA_UNITS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1];
const DELTA_NAMES = ['weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'];

function delta(args: Arguments): unknown {
  let ms = 0;
  args.values.forEach((value, index) => {
    if (value === undefined) return;
    if (typeof value !== 'number') throw typeFailure("'timedelta' needs numbers.");
    ms += value * (DELTA_UNITS[index] ?? 0);
  });
  return timeDelta(ms);
}

function joiner(args: Arguments, rt: Runtime): Callable {
  const separator = args.values[0] === undefined ? ', ' : textOf(args.values[0], rt);
  let isUsed = false;
  return callable('joiner', () => {
    const text = isUsed ? separator : '';
    isUsed = true;
    return text;
  });
}

function cycler(args: Arguments): unknown {
  if (args.values.length === 0) throw typeFailure("'cycler' needs at least one item.");
  return { [SPECIAL]: 'cycler', items: args.values, position: 0 };
}

function namespace(args: Arguments, rt: Runtime): unknown {
  return { [SPECIAL]: 'namespace', values: new Map(Object.entries(dict(args, rt))) };
}

function callable(name: string, call: Callable['call']): Callable {
  const work = metered<undefined, unknown>((_input, args, rt) => call(args, rt));
  return { [SPECIAL]: 'callable', name, call: (args, rt) => work(undefined, args, rt) };
}

function define(name: string, call: Callable['call'], signature: Signature): readonly [string, GlobalFunction] {
  return [name, { value: callable(name, call), ...signature }];
}

/** The functions of SPEC 2.2. */
export const GLOBALS: ReadonlyMap<string, GlobalFunction> = new Map([
  define('range', range, { params: ['start', 'stop', 'step'], required: 1 }),
  define('dict', dict, { params: ['mapping'], anyNames: true }),
  define('namespace', namespace, { params: ['mapping'], anyNames: true }),
  define('timedelta', delta, { params: DELTA_NAMES }),
  define('cycler', cycler, { params: [], variadic: true }),
  define('joiner', joiner, { params: ['sep'] }),
  define('now', (_args, rt) => dateTime(rt.nowMs, ''), { params: [] }),
]);

/** The value of a built-in name that no scope defines. `now` is an instant; the functions stand for themselves. */
export function readGlobal(name: string, rt: Runtime): unknown {
  return name === 'now' ? dateTime(rt.nowMs, '') : GLOBALS.get(name)?.value;
}

/** Functions of Jinja that are refused on purpose. */
export const REFUSED_FUNCTIONS: ReadonlySet<string> = new Set(['lipsum']);

/** Names of SPEC 2.2 that are known in every template. */
export const BUILT_IN_NAMES: ReadonlySet<string> = new Set([
  ...['inputs', 'variables', 'steps', 'run', 'run_id', 'workflow', 'workflow_context', 'trigger', 'secrets', 'env'],
  ...['true', 'false', 'none', 'null', 'True', 'False', 'None', 'Null'],
  ...GLOBALS.keys(),
]);
