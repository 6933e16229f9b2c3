import type { ValueProblem } from './value-problem.ts';

export type Problems = readonly [ValueProblem, ...ValueProblem[]];

/** What a value came to under a schema. */
export type SchemaVerdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly problems: Problems }
  /** The schema cannot be used, for any value (`always`) or for this one; `problem` says why, without a full stop. */
  | { readonly kind: 'unusable'; readonly problem: string; readonly always: boolean };

/** A verdict of this kind out of what was thrown. */
export function unusable(error: unknown, always: boolean): SchemaVerdict {
  const said = error instanceof Error ? error.message : String(error);
  return { kind: 'unusable', problem: said.replace(/\.$/, '').slice(0, 500), always };
}
