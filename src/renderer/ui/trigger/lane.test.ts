import { expect, it } from 'vitest';
import { countLooks, type LaneSpan, layLane } from './lane.ts';

const HOUR = 3_600_000;
const WEEK = { from: 0, until: 168 * HOUR };
const one = (at: number, look: LaneSpan['look']): LaneSpan => ({ look, from: at, until: at, count: 1 });
const every = (stepMs: number, look: LaneSpan['look'], from = 0, until = WEEK.until): LaneSpan[] =>
  Array.from({ length: Math.ceil((until - from) / stepMs) }, (_, at) => one(from + at * stepMs, look));

it('draws starts that have room apart, and those that have none as one bar with their number', () => {
  const daily = layLane(every(24 * HOUR, 'ran'), WEEK, 700);
  expect(daily).toHaveLength(7);
  expect(daily[1]).toMatchObject({ kind: 'bar', look: 'ran', count: 1, left: 1 / 7 });
  const dense = layLane(every(15 * 60_000, 'ran'), WEEK, 700);
  expect(dense).toEqual([expect.objectContaining({ kind: 'bar', count: 672, left: 0 })]);
});

it('breaks a bar where something went otherwise, and where the plan begins', () => {
  const starts: LaneSpan[] = [
    ...every(HOUR, 'ran', 0, 48 * HOUR),
    one(48 * HOUR, 'skipped'),
    ...every(HOUR, 'ran', 49 * HOUR, 60 * HOUR),
    ...every(HOUR, 'planned', 60 * HOUR, 80 * HOUR),
  ];
  const items = layLane(starts, WEEK, 700);
  expect(items.map(({ kind, look, count }) => [kind, look, count])).toEqual([
    ['bar', 'ran', 48],
    ['bar', 'ran', 11],
    ['bar', 'planned', 20],
    ['mark', 'skipped', 1],
  ]);
});

it('puts marks that would lie on each other into one that shows the worst of them', () => {
  const items = layLane(
    [one(10 * HOUR, 'late'), one(11 * HOUR, 'failed'), one(12 * HOUR, 'missed'), one(60 * HOUR, 'missed')],
    WEEK,
    700,
  );
  expect(items.map(({ look, count }) => [look, count])).toEqual([
    ['failed', 3],
    ['missed', 1],
  ]);
});

it('shows many failures after each other as a bar, never more parts than there is room, and nothing outside', () => {
  expect(layLane(every(HOUR, 'failed', 0, 12 * HOUR), WEEK, 700)).toEqual([
    expect.objectContaining({ kind: 'bar', look: 'failed', count: 12 }),
  ]);
  const looks = ['ran', 'failed', 'missed', 'late', 'skipped'] as const;
  const many = Array.from({ length: 10_000 }, (_, at) => one(at * 60_000, looks[at % 5] ?? 'ran'));
  expect(layLane(many, WEEK, 700).length).toBeLessThan(900);
  expect(layLane([one(WEEK.until, 'ran')], WEEK, 700)).toEqual([]);
});

it('says a lane in numbers', () => {
  const starts = [...every(24 * HOUR, 'ran'), one(5, 'failed'), one(-5, 'failed')];
  expect([...countLooks(starts, WEEK)]).toEqual([
    ['ran', 7],
    ['failed', 1],
  ]);
});
