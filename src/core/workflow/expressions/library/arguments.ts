import { suggestName } from '../../../../shared/suggest-name.ts';
import { type FailurePlace, syntaxFailure, typeFailure } from '../runtime/failures.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { CallArguments, Expr } from '../syntax/ast.ts';
import { textOf } from '../values/text-of.ts';
import { aKindOf, isTrue } from '../values/values.ts';
import type { Arguments, Signature } from './library.ts';

/** Arguments of a call put in the order of the parameters. */
export interface BoundArguments {
  readonly values: readonly (Expr | undefined)[];
  readonly named: readonly { readonly name: string; readonly value: Expr }[];
}

/** Fits written arguments to a signature; too many, unknown or missing ones are `template.syntax`. */
export function bindArguments(signature: Signature, args: CallArguments, what: string, offset: number): BoundArguments {
  const { params } = signature;
  if (args.positional.length > params.length && signature.variadic !== true) {
    const hint = params.length === 0 ? 'Remove the arguments.' : `Its arguments are: ${params.join(', ')}.`;
    throw syntaxFailure(`${what} takes at most ${params.length} argument${params.length === 1 ? '' : 's'}.`, offset, {
      hint,
    });
  }
  const values: (Expr | undefined)[] = [...args.positional];
  const named: { name: string; value: Expr }[] = [];
  for (const { name, value, start } of args.named) {
    const index = params.indexOf(name);
    if (index === -1 && signature.anyNames === true) named.push({ name, value });
    else if (index === -1)
      throw syntaxFailure(`${what} has no argument '${name}'.`, start, unknownArgument(name, params));
    else if (values[index] !== undefined)
      throw syntaxFailure(`${what} gets '${name}' twice.`, start, { hint: 'Write it once.' });
    else values[index] = value;
  }
  for (let i = 0; i < values.length; i += 1) values[i] ??= undefined;
  const missing = params.slice(0, signature.required ?? 0).find((_, index) => values[index] === undefined);
  if (missing !== undefined)
    throw syntaxFailure(`${what} needs the argument '${missing}'.`, offset, {
      hint: `Write it in parentheses: (${params.join(', ')}).`,
    });
  return { values, named };
}

function unknownArgument(name: string, params: readonly string[]): FailurePlace {
  const fix = suggestName(name, params);
  if (fix !== undefined) return { fix };
  return { hint: params.length === 0 ? 'Remove it.' : `Its arguments are: ${params.join(', ')}.` };
}

/** A whole number given as an argument. */
export function wholeArgument(args: Arguments, index: number, fallback: number): number {
  const value = args.values[index];
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw typeFailure(`Expected a whole number as an argument, not ${aKindOf(value)}.`);
}

/** A text given as an argument; other scalars are turned into text. */
export function textArgument(value: unknown, fallback: string, rt: Runtime): string {
  return value === undefined || value === null ? fallback : textOf(value, rt);
}

/** A yes or no given as an argument. */
export function flagArgument(args: Arguments, index: number, rt: Runtime, fallback = false): boolean {
  const value = args.values[index];
  return value === undefined ? fallback : isTrue(value, rt);
}
