import { parseInstant } from './parse-instant.ts';

/** Days in a row as they were written. Both are midnights in ms as if the clock showed UTC; `last` is the last day itself. */
export interface DaysText {
  readonly first: number;
  readonly last: number;
}

/** What to write instead of days that cannot be read. */
export const DAYS_FIX = 'Write for example 2026-12-25, or 2026-12-24..2027-01-01.';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads a day (`2026-12-25`) or a range of days with both its ends (`2026-12-24..2027-01-01`). Never throws: `problem` is a clause. */
export function parseDays(text: string): DaysText | { readonly problem: string } {
  const [from = '', until = from, more] = text.trim().split('..');
  const [first, last] = [readDay(from), readDay(until)];
  const said = `'${text.slice(0, 60)}'`;
  if (first === null || last === null || more !== undefined)
    return { problem: `${said} is neither a date nor a range of dates` };
  if (last < first) return { problem: `The range ${said} ends before it begins` };
  return { first, last };
}

function readDay(text: string): number | null {
  const day = text.trim();
  return (DATE.test(day) ? parseInstant(day)?.ms : null) ?? null;
}
