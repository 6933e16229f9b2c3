import type { QuietHours } from '../../shared/model/desktop.ts';

/** Quiet stretches that touch each other are one; no longer chain of them is followed. */
const MOST_STRETCHES = 32;
const DAYS_LOOKED_AT = [-1, 0, 1];
const WEEKEND: readonly number[] = [6, 0];

/** Until when nobody wants to be told what can wait, UTC ms; null = it is not quiet now. By the clock of this computer. */
export function quietUntil(now: number, quiet: QuietHours): number | null {
  let at = now;
  for (let count = 0; count < MOST_STRETCHES; count += 1) {
    const end = endOfStretch(at, quiet);
    if (end === null) break;
    at = end;
  }
  return at === now ? null : at;
}

/** The end of a quiet stretch in which this instant lies. */
function endOfStretch(at: number, quiet: QuietHours): number | null {
  for (const offset of DAYS_LOOKED_AT) {
    const day = new Date(at);
    const on = (days: number, hours = 0, minutes = 0): number =>
      new Date(day.getFullYear(), day.getMonth(), day.getDate() + offset + days, hours, minutes).getTime();
    const weekday = new Date(on(0)).getDay();
    if (quiet.weekend && WEEKEND.includes(weekday) && at >= on(0) && at < on(1)) return on(1);
    if (!quiet.isOn || !quiet.days.includes(weekday)) continue;
    const [from, until] = [partsOf(quiet.from), partsOf(quiet.until)];
    // One that ends before it begins ends on the next day.
    const end = on(quiet.until <= quiet.from ? 1 : 0, ...until);
    if (at >= on(0, ...from) && at < end) return end;
  }
  return null;
}

function partsOf(time: string): [hours: number, minutes: number] {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return [hours, minutes];
}
