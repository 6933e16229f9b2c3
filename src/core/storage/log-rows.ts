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

/** What `read` may be narrowed to; narrowed lines keep their own number. */
export interface LogFilter {
  readonly from: number;
  readonly limit: number;
  readonly path?: string | undefined;
  readonly level?: LogLine['level'] | undefined;
}

/** The part of it that says which lines are meant. */
export type Narrowed = Pick<LogFilter, 'path' | 'level'>;

/** It in SQL, and for a line that is not written yet. */
export function narrowedBy({ path, level }: Narrowed): {
  readonly sql: string;
  readonly values: readonly string[];
  readonly isMet: (row: Pick<LineRow, 'path' | 'level'>) => boolean;
} {
  return {
    sql: `${path === undefined ? '' : ' AND path = ?'}${level === undefined ? '' : ' AND level = ?'}`,
    values: [path, level].filter((value) => value !== undefined),
    isMet: (row) => (path === undefined || row.path === path) && (level === undefined || row.level === level),
  };
}

const TELLS_OF_ERROR = /(?:error|exception)\b|\b(?:fatal|traceback|panic|failed|failure)\b/i;
const TELLS_OF_NONE = /\b(?:no|0|without) (?:errors?|exceptions?|failures?|failed)\b/i;
/** Whether a line tells of an error. Programs say it in words; colours and prefixes are theirs. A megabyte without a line end is not looked through. */
export const tellsOfError = (text: string): boolean => {
  const begin = text.slice(0, 2000);
  return TELLS_OF_ERROR.test(begin) && !TELLS_OF_NONE.test(begin);
};
