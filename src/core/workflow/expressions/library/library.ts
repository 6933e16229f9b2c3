import { charge, checkTextLength, touch } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { textOf } from '../values/text-of.ts';

/** Arguments of a call, already put in the order of the parameters; a missing one is undefined. */
export interface Arguments {
  readonly values: readonly unknown[];
  /** Keyword arguments of a function that takes any name. */
  readonly named: ReadonlyMap<string, unknown>;
}

/** What a call may look like; `arguments.ts` fits them. */
export interface Signature {
  readonly params: readonly string[];
  /** Takes any number of further positional arguments. */
  readonly variadic?: boolean;
  /** Takes keyword arguments of any name. */
  readonly anyNames?: boolean;
  /** How many arguments must be given. */
  readonly required?: number;
}

declare const METERED: unique symbol;

/** What one entry of the library does, before it is metered. */
export type Work<Input, Result> = (input: Input, args: Arguments, rt: Runtime) => Result;

/**
 * Work whose texts are paid for; only `metered` makes it, so that no entry of the library can do without. Lists and maps are
 * paid for where they are walked (`toItems`, `keysOf`) and made (`chargeItems`).
 */
export type Metered<Input, Result> = Work<Input, Result> & { readonly [METERED]: true };

/** What every call costs, the value that it gives included. */
const CALL_BYTES = 24;

/** Charges the texts that go into a piece of work and the text that comes out. */
export function metered<Input, Result>(work: Work<Input, Result>): Metered<Input, Result> {
  const counted: Work<Input, Result> = (input, args, rt) => {
    charge(rt, CALL_BYTES);
    if (typeof input === 'string') touch(rt, input);
    for (const value of args.values) if (typeof value === 'string') touch(rt, value);
    if (args.named.size > 0) for (const value of args.named.values()) if (typeof value === 'string') touch(rt, value);
    const result = work(input, args, rt);
    if (typeof result === 'string') touch(rt, result);
    return result;
  };
  return counted as Metered<Input, Result>;
}

/** A filter of SPEC 2.3: `input | name(args)`. */
export interface Filter extends Signature {
  readonly run: Metered<unknown, unknown>;
  /** Wants to see an undefined input (`default`). */
  readonly seesUndefined?: boolean;
}

/** A test of SPEC 2.3: `value is name(args)`. */
export interface Test extends Signature {
  readonly run: Metered<unknown, boolean>;
  readonly seesUndefined?: boolean;
}

export type FilterTable = ReadonlyMap<string, Filter>;
export type TestTable = ReadonlyMap<string, Test>;

/** No named arguments. */
export const NO_NAMES: ReadonlyMap<string, unknown> = new Map();
/** A call without arguments. */
export const NO_ARGUMENTS: Arguments = { values: [], named: NO_NAMES };

/** Short form for tables: `filter(['count'], (input, {values}, rt) => ...)`. */
export function filter(
  params: readonly string[],
  work: FilterWork,
  extra: Partial<Signature> & Pick<Filter, 'seesUndefined'> = {},
): Filter {
  return { params, run: metered(work), ...extra };
}

export type FilterWork = Work<unknown, unknown>;

/** A filter without arguments over the text of its input. The text that it makes holds the cap. */
export function textFilter(change: (text: string, rt: Runtime) => unknown): Filter {
  return filter([], (input, _args, rt) => {
    const text = textOf(input, rt);
    const changed = change(text, rt);
    if (typeof changed === 'string' && changed.length > text.length) checkTextLength(rt, changed.length);
    return changed;
  });
}
