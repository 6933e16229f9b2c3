import type { Runtime } from '../runtime/runtime.ts';

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

/** A filter of SPEC 2.3: `input | name(args)`. */
export interface Filter extends Signature {
  readonly run: (input: unknown, args: Arguments, rt: Runtime) => unknown;
  /** Wants to see an undefined input (`default`). */
  readonly seesUndefined?: boolean;
}

/** A test of SPEC 2.3: `value is name(args)`. */
export interface Test extends Signature {
  readonly run: (value: unknown, args: Arguments, rt: Runtime) => boolean;
  readonly seesUndefined?: boolean;
}

export type FilterTable = ReadonlyMap<string, Filter>;
export type TestTable = ReadonlyMap<string, Test>;

export const NO_NAMES: ReadonlyMap<string, unknown> = new Map();
export const NO_ARGUMENTS: Arguments = { values: [], named: NO_NAMES };

/** Short form for tables: `filter(['count'], (input, {values}, rt) => ...)`. */
export function filter(params: readonly string[], run: Filter['run'], extra: Partial<Filter> = {}): Filter {
  return { params, run, ...extra };
}
