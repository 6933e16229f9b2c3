import { suggestName } from '../../../../shared/suggest-name.ts';
import { bindArguments } from '../library/arguments.ts';
import { FILTERS, REFUSED_FILTERS } from '../library/filters.ts';
import { GLOBALS, REFUSED_FUNCTIONS } from '../library/globals.ts';
import { METHOD_NAMES } from '../library/methods.ts';
import { TESTS } from '../library/tests.ts';
import { unknownFailure } from '../runtime/failures.ts';
import type { CallArguments, NameExpr } from '../syntax/ast.ts';

/* Checks that what an expression calls by name exists; each throws `template.unknown` with a suggestion. */

/** A method that some kind of value has. */
export function checkMethod(name: string, { end }: { readonly end: number }): void {
  if (METHOD_NAMES.has(name)) return;
  const offset = end - name.length;
  throw unknownFailure(`Unknown method '${name}'.`, offset, suggestName(name, METHOD_NAMES));
}

/** A function of SPEC 2.2 with arguments that fit. */
export function checkFunction({ name, start }: NameExpr, args: CallArguments): void {
  const known = GLOBALS.get(name);
  if (known !== undefined) bindArguments(known, args, `'${name}'`, start);
  else if (REFUSED_FUNCTIONS.has(name)) throw unknownFailure(`The function '${name}' is refused.`, start);
  else throw unknownFailure(`Unknown function '${name}'.`, start, suggestName(name, GLOBALS.keys()));
}

/** A filter of SPEC 2.3. */
export function checkFilterName(name: string, offset: number): void {
  if (FILTERS.has(name)) return;
  throw unknownFailure(
    REFUSED_FILTERS.get(name) ?? `Unknown filter '${name}'.`,
    offset,
    suggestName(name, FILTERS.keys()),
  );
}

/** A test of SPEC 2.3. */
export function checkTestName(name: string, offset: number): void {
  if (!TESTS.has(name)) throw unknownFailure(`Unknown test '${name}'.`, offset, suggestName(name, TESTS.keys()));
}

/** Position of the argument of a filter that names another filter or a test. */
export const NAMED_BY_ARGUMENT: ReadonlyMap<string, readonly [number, (name: string, offset: number) => void]> =
  new Map([
    ['map', [0, checkFilterName]],
    ['select', [0, checkTestName]],
    ['reject', [0, checkTestName]],
    ['selectattr', [1, checkTestName]],
    ['rejectattr', [1, checkTestName]],
  ]);
