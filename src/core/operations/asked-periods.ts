import { AppError } from '../../shared/errors.ts';
import { type CalendarPeriod, findTimeZone, periodsBetween, type TimeZone } from '../time/index.ts';

/** Which days or months are asked for: the newest `max` up to the one that has `until`. */
interface Asked {
  readonly zone: string;
  readonly unit: 'day' | 'month';
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly max: number;
}

/**
 * Those periods on the clocks of the zone; without `since` from the instant at which anything happened (UTC ms; null = nothing did).
 * `contract.invalid_input` for an unknown zone.
 */
export function askedPeriods(
  { zone: name, unit, since, until, max }: Asked,
  { now, firstAt }: { readonly now: number; readonly firstAt: number | null },
): { readonly zone: TimeZone; readonly periods: readonly CalendarPeriod[] } {
  const zone = findTimeZone(name);
  if (zone === null)
    throw new AppError('contract.invalid_input', `There is no time zone '${name}'.`, {
      hint: 'Write a name such as Europe/Berlin or UTC.',
      details: { zone: name },
    });
  const end = until ?? now + 1;
  const first = since ?? firstAt ?? now;
  return { zone, periods: periodsBetween(zone, unit, { since: Math.min(first, end - 1), until: end, max }) };
}
