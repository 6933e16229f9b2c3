import { type DiffLine, diffLines } from '../../../shared/diff-lines.ts';
import { canonicalJson, isJsonMap, type Json } from '../../../shared/json.ts';
import type { ApprovedStep } from '../../../shared/model/approval.ts';

/** What became of a step, or of what is proposed, since the round before. */
export interface Change {
  readonly key: string;
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly lines: readonly DiffLine[];
}

/** The steps that are not done as they would have been done in the round before, in order. */
export function stepChanges(before: readonly ApprovedStep[], after: readonly ApprovedStep[]): readonly Change[] {
  const paths = [...new Set([...after, ...before].map(({ path }) => path))];
  return paths.flatMap((path): Change[] => {
    const old = before.find((step) => step.path === path);
    const fresh = after.find((step) => step.path === path);
    const kind = old === undefined ? 'added' : fresh === undefined ? 'removed' : 'changed';
    const lines = diffLines(old === undefined ? [] : linesOf(old), fresh === undefined ? [] : linesOf(fresh));
    const isSame = lines.every(({ sign }) => sign === ' ');
    return isSame ? [] : [{ key: path, name: (fresh ?? old)?.name ?? path, kind, lines }];
  });
}

/** What is proposed now against the round before; null = the same. */
export function valueChange(name: string, before: Json, after: Json): Change | null {
  if (canonicalJson(before) === canonicalJson(after)) return null;
  return { key: 'proposal', name, kind: 'changed', lines: diffLines(valueLines(before), valueLines(after)) };
}

function linesOf({ action, condition, inputs }: ApprovedStep): readonly string[] {
  return [
    action,
    ...(condition === null ? [] : [`if ${condition}`]),
    ...Object.entries(inputs).flatMap(([name, value]) => named(name, value)),
  ];
}

/** Lines of a value as people read it: a text stays a text, everything else is JSON. */
const valueLines = (value: Json): readonly string[] =>
  typeof value === 'string'
    ? value.split(/\r?\n/)
    : isJsonMap(value)
      ? Object.entries(value).flatMap(([name, each]) => named(name, each))
      : JSON.stringify(value, null, 2).split('\n');

function named(name: string, value: Json): readonly string[] {
  const [first = '', ...rest] =
    typeof value === 'string' ? valueLines(value) : JSON.stringify(value, null, 2).split('\n');
  return [
    `${name}: ${rest.length === 0 ? first : ''}`.trimEnd(),
    ...(rest.length === 0 ? [] : [first, ...rest]).map((line) => `  ${line}`),
  ];
}
