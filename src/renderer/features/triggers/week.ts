import type { TimeRange } from '../../ui/trigger/lane.ts';

/** Monday 0:00 of the week of an instant, in the zone of this machine; UTC ms. */
export function weekOf(at: number): number {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day.getTime();
}

/** So many days after the midnight of a day; a change of clocks makes one of them longer or shorter. */
export function addDays(at: number, days: number): number {
  const day = new Date(at);
  day.setDate(day.getDate() + days);
  return day.getTime();
}

export const weekRange = (start: number): TimeRange => ({ from: start, until: addDays(start, 7) });

/** Midnight of each day of the week. */
export const daysOf = (start: number): readonly number[] => Array.from({ length: 7 }, (_, day) => addDays(start, day));

const pad = (value: number): string => String(value).padStart(2, '0');

/** A week in the address: its Monday, as `2026-11-23`. */
export function weekText(start: number): string {
  const day = new Date(start);
  return `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
}

/** The week that an address names, or null where it names none. */
export function readWeek(text: string | null): number | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '') ?? [];
  if (year === undefined) return null;
  const at = new Date(Number(year), Number(month) - 1, Number(day)).getTime();
  return Number.isNaN(at) ? null : weekOf(at);
}

/** Where an instant stands in a range: 0 at its begin, 1 at its end. */
export const shareOf = (at: number, { from, until }: TimeRange): number => (at - from) / (until - from);
