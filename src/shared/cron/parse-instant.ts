import { daysInMonth } from './cron-fields.ts';

/** A date and time as it was written: an instant, or a time of the clock that only a zone makes an instant of. */
export type InstantText =
  | { readonly kind: 'instant'; readonly ms: number }
  /** `ms` as if the clock showed UTC. */
  | { readonly kind: 'clock'; readonly ms: number };

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Reads ISO 8601: `2026-01-31T09:00:00Z` and `…+01:00` are instants; without an offset (`2026-01-31T09:00`, `2026-01-31` = its
 * midnight) it is what the clock shows in the zone that goes with it, never in that of the machine. Null when it is neither, or no
 * such date exists. Fractions are cut to milliseconds.
 */
export function parseInstant(text: string): InstantText | null {
  const match = FORM.exec(text.trim());
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || year < 1970) return null;
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  const offset = match[8] === undefined ? undefined : offsetMs(match[8]);
  if (offset === null) return null;
  return offset === undefined ? { kind: 'clock', ms } : { kind: 'instant', ms: ms - offset };
}

/** `Z`, `+01:00`, `+0100`, `+01`; null when no place on earth is so far off. */
function offsetMs(text: string): number | null {
  if (/^z$/i.test(text)) return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || 0);
  if (hours > 18 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
