import { readGlobal } from '../library/globals.ts';
import type { Evaluate } from '../runtime/runtime.ts';
import { isHiddenKey } from '../runtime/scope.ts';
import { readAttribute } from '../values/access.ts';
import { admit } from '../values/values.ts';
import { UNSET } from './compile-context.ts';

/** The value of `{path}`, or `UNKNOWN` when its root is no known name (SPEC 2.1). */
export const UNKNOWN: unique symbol = Symbol('unknown');

/** Reads `{path}` at run time. */
export function readSingle(path: readonly string[], slots: readonly number[]): Evaluate {
  const [root = '', ...rest] = path;
  return (rt) => {
    const slot = slots.find((candidate) => rt.locals[candidate] !== UNSET);
    let value: unknown;
    if (slot !== undefined) value = rt.locals[slot];
    else if (isHiddenKey(root)) return UNKNOWN;
    else if (rt.scope.has(root)) value = admit(rt.scope.get(root));
    else if (root === 'now') value = readGlobal(root, rt);
    else return UNKNOWN;
    for (const part of rest) value = readAttribute(value, part, rt);
    return value;
  };
}
