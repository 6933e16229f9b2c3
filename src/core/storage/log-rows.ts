import type { LogLine } from '../../shared/model/run.ts';
import { damagedLogs } from './logs-file.ts';
import { sumOf } from './row-sum.ts';

/** A row of the table `lines`. */
export interface LineRow {
  line: number;
  at: number;
  path: string;
  stream: LogLine['stream'];
  level: LogLine['level'];
  text: string;
  /** Null in rows of earlier schemas. */
  sum: number | null;
}

/** The sum that a row is written with. */
export const sumOfLine = ({ line, at, path, stream, level, text }: Omit<LineRow, 'sum'>): number =>
  sumOf([line, at, path, stream, level, text]);

/**
 * The line of a row; `store.corrupt` where it is not what was written.
 *
 * Written out, because a rest of seven fields costs more than reading the row: a log of a million lines is saved through here.
 */
export function checkedLine(row: LineRow): LogLine {
  const { line, at, path, stream, level, text, sum } = row;
  if (sum !== null && sum !== sumOfLine(row)) throw damagedLogs(`line ${line} of a run is not what was written`);
  return { line, at, path, stream, level, text };
}

/** Lines of a log that wait to be written. */
export interface Waiting<T = LineRow> {
  readonly rows: readonly (LineRow & T)[];
  /** Those of them that stand for a written line. */
  readonly replaced: readonly number[];
}

/** Is the line behind `start` and not behind `end`? */
export const isWithin = ({ line }: Pick<LineRow, 'line'>, start: number, end: number): boolean =>
  line > start && line <= end;

/** Written lines and those that wait and are asked for, in order. */
export function merged<T extends { readonly line: number }>(
  written: readonly T[],
  { rows, replaced }: Waiting<T>,
  isAsked: (row: LineRow) => boolean,
): readonly T[] {
  if (rows.length === 0) return written;
  const kept = written.filter((row) => !replaced.includes(row.line));
  return [...kept, ...rows.filter(isAsked)].toSorted((one, other) => one.line - other.line);
}
