import { formatShownDay, formatShownMonth } from '../../ui/format.ts';

const isMonth = (period: string): boolean => period.length === 7;

/** A period in words: `Thu 19 Nov 2026`, `November 2026`. */
export const periodWords = (period: string): string =>
  isMonth(period) ? formatShownMonth(period) : formatShownDay(period);

/** The same without the year: `Thu 19 Nov`. */
export const shortPeriod = (period: string): string => periodWords(period).replace(/ \d{4}$/, '');

/** What stands below a bar: the day of the month, or the first letters of the month. */
export const periodTick = (period: string): string =>
  isMonth(period) ? formatShownMonth(period).slice(0, 3) : String(Number(period.slice(8)));
