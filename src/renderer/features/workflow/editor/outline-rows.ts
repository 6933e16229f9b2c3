import type { OutlineStep } from '../../../../shared/contract/index.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';

/** A step of the outline as it is shown. */
export interface OutlineRow extends OutlineStep {
  /** By its place, not by its id, which may stand twice while it is typed. */
  readonly key: string;
  /** `2.1`: where it stands. */
  readonly number: string;
  /** Errors and warnings in its own lines. */
  readonly errors: number;
  readonly warnings: number;
}

/** The steps with their numbers and with how many problems stand in the lines of each. */
export function outlineRows(
  outline: readonly OutlineStep[],
  diagnostics: readonly Diagnostic[],
): readonly OutlineRow[] {
  const numbers: number[] = [];
  const rows = outline.map((step, at) => {
    numbers.length = step.depth + 1;
    numbers[step.depth] = (numbers[step.depth] ?? 0) + 1;
    return { ...step, key: `${at}`, number: [...numbers].join('.'), errors: 0, warnings: 0 };
  });
  for (const { line, severity } of diagnostics) {
    if (line === undefined || severity === 'notice') continue;
    const row = rows[rowAt(rows, line)];
    if (row !== undefined) row[severity === 'error' ? 'errors' : 'warnings'] += 1;
  }
  return rows;
}

/** Which step a line (1-based) belongs to; -1 = it stands above all of them. */
export const rowAt = (rows: readonly Pick<OutlineStep, 'line'>[], line: number): number =>
  rows.findLastIndex((row) => row.line <= line);
