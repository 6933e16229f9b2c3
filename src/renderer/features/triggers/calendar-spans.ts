import type { CalendarSpan } from '../../../shared/contract/index.ts';
import type { LaneSpan } from '../../ui/trigger/lane.ts';

const known = new WeakMap<readonly CalendarSpan[], readonly LaneSpan[]>();

/** The groups of a row of the calendar as they look; the same value for the same row, so that no lane is drawn twice. */
export function spansOf(spans: readonly CalendarSpan[]): readonly LaneSpan[] {
  const before = known.get(spans);
  if (before !== undefined) return before;
  const lane = spans.map(({ mark, ...span }) => ({ ...span, look: mark }));
  known.set(spans, lane);
  return lane;
}
