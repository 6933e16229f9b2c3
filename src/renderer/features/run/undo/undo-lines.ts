import type { FileUndoTexts } from '../../../../shared/contract/index.ts';
import { diffLines } from '../../../../shared/diff-lines.ts';
import type { FileText } from '../../../../shared/model/file-undo.ts';

/** A line of what an undo changes: of now (`-`), of before (`+`), or of both; a line of now that goes may be somebody else's. */
export interface UndoLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
  /** Its number now, and before the run. */
  readonly now: number | null;
  readonly before: number | null;
  /** Written by somebody else after the run. */
  readonly isForeign: boolean;
}

/** A row of the comparison: a line, or lines that stay as they are and are left out. */
export type UndoHunk = UndoLine | { readonly skipped: number };

const AROUND = 3;

/** Lines of a text; nothing has none. */
function linesOf(text: FileText): readonly string[] | null {
  if (text.kind === 'none') return [];
  return text.kind === 'text' ? text.text.replace(/\n$/, '').split('\n') : null;
}

/** What an undo would do to a file line by line; null = it is no text, now or before. */
export function undoLines({ before, after, now }: FileUndoTexts): readonly UndoLine[] | null {
  const [old, left, standing] = [linesOf(before), linesOf(after), linesOf(now)];
  if (old === null || standing === null) return null;
  const foreign = left === null ? [] : diffLines(left, standing).filter(({ sign }) => sign !== '-');
  let [atNow, atBefore] = [0, 0];
  return diffLines(standing, old).map(({ sign, text }) => {
    const isForeign = sign === '-' && foreign[atNow]?.sign === '+';
    if (sign !== '+') atNow += 1;
    if (sign !== '-') atBefore += 1;
    return { sign, text, now: sign === '+' ? null : atNow, before: sign === '-' ? null : atBefore, isForeign };
  });
}

/** Only what changes, with a few lines around it. */
export function undoHunks(lines: readonly UndoLine[]): readonly UndoHunk[] {
  const near = new Set<number>();
  lines.forEach(({ sign }, at) => {
    if (sign !== ' ') for (let other = at - AROUND; other <= at + AROUND; other += 1) near.add(other);
  });
  const hunks: UndoHunk[] = [];
  let skipped = 0;
  const close = (): void => {
    if (skipped > 0) hunks.push({ skipped });
    skipped = 0;
  };
  lines.forEach((line, at) => {
    if (!near.has(at)) skipped += 1;
    else {
      close();
      hunks.push(line);
    }
  });
  close();
  return hunks;
}
