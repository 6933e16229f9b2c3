import { expect, it } from 'vitest';
import {
  fractionOfRow,
  fractionOfScroll,
  keepPlace,
  LOG_ROW_PX,
  MAX_SCROLL_PX,
  moveBy,
  scrollHeightOf,
  scrollOfFraction,
  viewAt,
} from './log-scroll.ts';

const small = { rows: 1000, viewportPx: 400 };
const huge = { rows: 1_000_000, viewportPx: 400 };
/** Where row `row` is drawn when every row has the plain height. */
const topOf = (view: ReturnType<typeof viewAt>, row: number): number =>
  view.anchorPx - view.anchorPart * LOG_ROW_PX + (row - view.anchor) * LOG_ROW_PX;

it('is plain scrolling while the element may be as high as its content', () => {
  for (const top of [0, 1, 333, 10_000, 19_600]) {
    const view = viewAt(small, fractionOfScroll(small, top));
    expect(topOf(view, view.first)).toBeCloseTo(view.first * LOG_ROW_PX - top, 6);
    expect(topOf(view, view.first)).toBeLessThanOrEqual(0);
    expect(topOf(view, view.last) + LOG_ROW_PX).toBeGreaterThanOrEqual(400);
  }
});

it('never makes the element higher than browsers allow and still reaches every row', () => {
  expect(scrollHeightOf(huge)).toBe(MAX_SCROLL_PX);
  const top = viewAt(huge, fractionOfScroll(huge, 0));
  expect([top.first, topOf(top, 0)]).toEqual([0, 0]);
  const end = viewAt(huge, fractionOfScroll(huge, MAX_SCROLL_PX - 400));
  expect(end.last).toBe(999_999);
  expect(topOf(end, 999_999) + LOG_ROW_PX).toBeCloseTo(400, 3);
  for (const row of [0, 17, 499_999, 777_777, 999_999]) {
    const view = viewAt(huge, fractionOfRow(huge, row));
    expect(view.first).toBeLessThanOrEqual(row);
    expect(view.last).toBeGreaterThanOrEqual(row);
  }
});

it('moves by pixels of text at any length', () => {
  let fraction = 0.5;
  const before = viewAt(huge, fraction);
  const row = before.first;
  const wasAt = topOf(before, row);
  for (let step = 0; step < 10; step += 1) fraction = moveBy(huge, fraction, 7);
  expect(topOf(viewAt(huge, fraction), row)).toBeCloseTo(wasAt - 70, 2);
  expect(moveBy(huge, 0, -50)).toBe(0);
  expect(moveBy(huge, 1, 50)).toBe(1);
});

it('keeps the lines in view where they are while the log grows', () => {
  const grown = { rows: 1400, viewportPx: 400 };
  const before = viewAt(small, 0.37);
  const after = viewAt(grown, keepPlace(small, grown, 0.37));
  expect(topOf(after, before.first)).toBeCloseTo(topOf(before, before.first), 6);
});

it('handles logs that fit and empty ones', () => {
  const few = { rows: 3, viewportPx: 400 };
  expect(viewAt(few, 0.9)).toMatchObject({ anchor: 0, anchorPart: 0, anchorPx: 0, first: 0, last: 2 });
  expect(viewAt({ rows: 0, viewportPx: 400 }, 0).last).toBe(-1);
  expect(scrollOfFraction(few, 1)).toBe(0);
});
