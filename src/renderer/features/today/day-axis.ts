import type { TimeRange } from '../../ui/trigger/lane.ts';

const HOUR_MS = 3_600_000;
/** So near the word for now no hour is written: half of its words and half of that one have to stand beside each other. */
const NOW_ROOM_PX = 72;
const NOW_ROOM_MS = 4 * HOUR_MS;
/** Below this width the words of every six hours run into each other. */
const NARROW_PX = 640;

/** The hours that are written above a day, as the clock of this machine shows them from midnight. `widthPx` = of the whole range. */
export function axisMarks({ from, until }: TimeRange, now: number, widthPx: number): readonly number[] {
  const everyHours = widthPx < NARROW_PX ? 12 : 6;
  const room = Math.max(NOW_ROOM_MS, (NOW_ROOM_PX / Math.max(widthPx, 1)) * (until - from));
  const first = new Date(from);
  first.setMinutes(0, 0, 0);
  first.setHours(first.getHours() + 1);
  const marks: number[] = [];
  for (let at = first.getTime(); at < until; at += HOUR_MS)
    if (new Date(at).getHours() % everyHours === 0 && Math.abs(at - now) > room) marks.push(at);
  return marks;
}
