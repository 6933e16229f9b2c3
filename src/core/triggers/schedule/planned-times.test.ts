import { describe, expect, it } from 'vitest';
import {
  jitterOf,
  nextPlanned,
  parseExclusions,
  parseSchedule,
  plannedBetween,
  previousPlanned,
  type Timing,
} from '../index.ts';

const at = (text: string): number => Date.parse(text);
const shown = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString().slice(0, 16);

function timing(text: string, zone: string, bounds: Partial<Timing> = {}): Timing {
  return { schedule: parseSchedule(text, zone, 0), startsAt: null, endsAt: null, exclusions: [], ...bounds };
}

describe('planned times', () => {
  it('begin with starts_at and end before ends_at', () => {
    const bounded = timing('0 9 * * *', 'UTC', {
      startsAt: at('2026-02-01T09:00:00Z'),
      endsAt: at('2026-02-04T09:00:00Z'),
    });
    const all = plannedBetween(bounded, { fromMs: at('2026-01-01T00:00:00Z'), toMs: at('2026-12-31T00:00:00Z') }, 100);
    expect(all.map(shown)).toEqual(['2026-02-01T09:00', '2026-02-02T09:00', '2026-02-03T09:00']);
    expect(shown(previousPlanned(bounded, at('2026-03-01T00:00:00Z')))).toBe('2026-02-03T09:00');
    expect(previousPlanned(bounded, at('2026-02-01T09:00:00Z'))).toBeNull();
    expect(nextPlanned(bounded, at('2026-02-03T09:00:00Z'))).toBeNull();
  });

  it('leave out the days of the calendar, as its zone has them', () => {
    // In Auckland the 25th begins at 11:00 UTC of the 24th.
    const exclusions = parseExclusions(['2026-12-25', '2026-12-27..2026-12-28', '2026-12-29'], 'Pacific/Auckland');
    const daily = timing('0 */12 * * *', 'UTC', { exclusions });
    const span = { fromMs: at('2026-12-23T12:00:00Z'), toMs: at('2026-12-30T00:00:00Z') };
    const planned = plannedBetween(daily, span, 100);
    expect(planned.map(shown)).toEqual([
      '2026-12-24T00:00',
      '2026-12-25T12:00',
      '2026-12-26T00:00',
      '2026-12-29T12:00',
      '2026-12-30T00:00',
    ]);
    const backwards: number[] = [];
    for (
      let due = previousPlanned(daily, span.toMs + 1);
      due !== null && due > span.fromMs;
      due = previousPlanned(daily, due)
    )
      backwards.push(due);
    expect(backwards.reverse()).toEqual(planned);
  });

  it('come one after the other, at most so many', () => {
    const every = timing('@every 1m', 'UTC');
    const span = { fromMs: at('2026-01-01T00:00:00Z'), toMs: at('2026-02-01T00:00:00Z') };
    const first = plannedBetween(every, span, 100);
    expect(first).toHaveLength(100);
    expect(plannedBetween(every, { ...span, fromMs: first.at(-1) ?? 0 }, 1)).toEqual([(first.at(-1) ?? 0) + 60_000]);
  });

  it('are none when all days are excluded, and the answer comes', () => {
    const exclusions = parseExclusions(['2026-01-01..2099-12-31'], 'UTC');
    expect(nextPlanned(timing('* * * * *', 'UTC', { exclusions }), at('2026-06-01T00:00:00Z'))).toBeNull();
  });
});

describe('an exclusion calendar', () => {
  it.each([
    ['2026-02-30', "'2026-02-30' is neither a date nor a range of dates."],
    ['tomorrow', "'tomorrow' is neither a date nor a range of dates."],
    ['2026-01-01T09:00', "'2026-01-01T09:00' is neither a date nor a range of dates."],
    [
      '2026-01-01..2026-01-02..2026-01-03',
      "'2026-01-01..2026-01-02..2026-01-03' is neither a date nor a range of dates.",
    ],
    ['2026-01-05..2026-01-02', "The range '2026-01-05..2026-01-02' ends before it begins."],
  ])('does not take %s, and says which item it was', (text, message) => {
    expect(() => parseExclusions(['2026-01-01', text], 'UTC')).toThrow(
      expect.objectContaining({ code: 'schedule.invalid', message, details: { item: 1 } }),
    );
  });

  it('does not take an unknown zone', () => {
    expect(() => parseExclusions([], 'Mars/Olympus')).toThrow(
      expect.objectContaining({ code: 'schedule.unknown_zone' }),
    );
  });
});

describe('jitter', () => {
  it('is the same for a job and a planned time, and differs between them', () => {
    const one = jitterOf('daily-report', at('2026-01-22T08:00:00Z'), 60_000);
    expect(jitterOf('daily-report', at('2026-01-22T08:00:00Z'), 60_000)).toBe(one);
    expect(jitterOf('daily-report', at('2026-01-23T08:00:00Z'), 60_000)).not.toBe(one);
    expect(jitterOf('daily-reports', at('2026-01-22T08:00:00Z'), 60_000)).not.toBe(one);
    expect(jitterOf('daily-report', at('2026-01-22T08:00:00Z'), 0)).toBe(0);
  });

  it('is spread evenly below its limit', () => {
    const buckets = new Array<number>(10).fill(0);
    for (let job = 0; job < 100; job++)
      for (let hour = 0; hour < 100; hour++) {
        const jitter = jitterOf(`job-${job}`, hour * 3_600_000, 1000);
        expect(jitter).toBeGreaterThanOrEqual(0);
        expect(jitter).toBeLessThan(1000);
        const bucket = Math.floor(jitter / 100);
        buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      }
    // 1,000 each are expected; five standard deviations are 150.
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
