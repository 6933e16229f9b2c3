import type { AttemptRecord, RunState } from './run-state.ts';

/** Ends of an attempt after which an effect may have happened. */
const MAY_HAVE_HAPPENED: ReadonlySet<AttemptRecord['status']> = new Set([
  'completed',
  'cancelled',
  'in_doubt',
  'running',
]);

/** Whether a path lies inside a block. */
export const isInside = (path: string, block: string): boolean =>
  path.startsWith(`${block}.`) || path.startsWith(`${block}[`);

/** Whether steps inside a block have effects, and the first of them that may have had its effect (SPEC §3.4: none is repeated). */
export function effectsInside(
  { steps }: RunState,
  block: string,
): { readonly hasEffects: boolean; readonly done: string | null } {
  let hasEffects = false;
  for (const record of steps.values()) {
    if (!isInside(record.path, block) || record.effect !== 'effect' || record.attempts.length === 0) continue;
    hasEffects = true;
    const mayHave = record.attempts.some(({ status }) => MAY_HAVE_HAPPENED.has(status));
    if (mayHave) return { hasEffects, done: record.path };
  }
  return { hasEffects, done: null };
}
