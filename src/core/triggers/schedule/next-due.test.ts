import { describe, expect, it } from 'vitest';
import { duesBetween, HORIZON_MS, nextDue, parseSchedule, previousDue } from '../index.ts';

const THURSDAY = Date.parse('2026-01-22T08:00:00Z');
const shown = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The first dues after an instant, each as ISO. */
function duesAfter(text: string, zone: string, from: string, count: number): readonly (string | null)[] {
  const fromMs = Date.parse(from);
  const schedule = parseSchedule(text, zone, fromMs);
  return duesBetween(schedule, { fromMs, toMs: fromMs + HORIZON_MS }, count).map(shown);
}

describe('the next due time', () => {
  it.each([
    ['*/30 9-17 * * 1-5', '2026-01-22T09:00:00.000Z'],
    ['0 9 * * 1', '2026-01-26T09:00:00.000Z'],
    ['0 0 * * 0', '2026-01-25T00:00:00.000Z'],
    ['0 0 * * 7', '2026-01-25T00:00:00.000Z'],
    ['0 9 13 * 5', '2026-01-23T09:00:00.000Z'],
    ['0 9 * * MON-FRI', '2026-01-22T09:00:00.000Z'],
    ['10-40/15 8 * * *', '2026-01-22T08:10:00.000Z'],
    ['5/20 * * * *', '2026-01-22T08:05:00.000Z'],
    ['*/15 * * * *', '2026-01-22T08:15:00.000Z'],
    ['0 8 * * *', '2026-01-23T08:00:00.000Z'],
    ['0 0 29 2 *', '2028-02-29T00:00:00.000Z'],
    ['0 0 30 2 *', null],
  ])('of %j after Thursday 08:00 is %s (SPEC §16)', (text, due) => {
    expect(shown(nextDue(parseSchedule(text, 'UTC', 0), THURSDAY))).toBe(due);
  });

  it.each([
    ['0 0 L * *', ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']],
    ['0 0 L 2 *', ['2026-02-28', '2027-02-28', '2028-02-29', '2029-02-28']],
    ['0 0 * * FRI#5', ['2026-01-30', '2026-05-29', '2026-07-31', '2026-10-30']],
    ['0 0 * * MON#1,3', ['2026-01-28', '2026-02-02', '2026-02-04', '2026-02-11']],
    ['0 0 1,15 * SUN', ['2026-01-25', '2026-02-01', '2026-02-08', '2026-02-15']],
    ['0 0 */2 * MON', ['2026-02-09', '2026-02-23', '2026-03-09', '2026-03-23']],
    ['0 0 13 * ?', ['2026-02-13', '2026-03-13', '2026-04-13', '2026-05-13']],
    ['@weekly', ['2026-01-25', '2026-02-01', '2026-02-08', '2026-02-15']],
    ['@monthly', ['2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01']],
    ['@yearly', ['2027-01-01', '2028-01-01', '2029-01-01', '2030-01-01']],
  ])('of %j goes by the calendar', (text, days) => {
    expect(duesAfter(text, 'UTC', '2026-01-22T08:00:00Z', 4)).toEqual(days.map((day) => `${day}T00:00:00.000Z`));
  });

  it('lies strictly after the instant, to the millisecond', () => {
    const daily = parseSchedule('0 8 * * *', 'UTC', 0);
    expect(nextDue(daily, THURSDAY - 1)).toBe(THURSDAY);
    expect(shown(nextDue(daily, THURSDAY))).toBe('2026-01-23T08:00:00.000Z');
    expect(previousDue(daily, THURSDAY + 1)).toBe(THURSDAY);
    expect(shown(previousDue(daily, THURSDAY))).toBe('2026-01-21T08:00:00.000Z');
  });

  it('is looked for ten years ahead and no further', () => {
    // The 29th of February is a Sunday in 2032 and then in 2060.
    const rare = parseSchedule('0 0 29 2 */7', 'UTC', 0);
    expect(shown(nextDue(rare, THURSDAY))).toBe('2032-02-29T00:00:00.000Z');
    expect(nextDue(rare, Date.parse('2040-01-01T00:00:00Z'))).toBeNull();
    expect(shown(nextDue(rare, Date.parse('2051-01-01T00:00:00Z')))).toBe('2060-02-29T00:00:00.000Z');
    expect(nextDue(parseSchedule('0 0 29 2 *', 'UTC', 0), Date.parse('2096-02-29T00:00:00Z'))).not.toBeNull();
    expect(nextDue(parseSchedule('@daily', 'Europe/Berlin', 0), 8.64e15)).not.toBeUndefined();
  });
});

describe('when the clocks change', () => {
  it('what the gap leaves out is due once, at the first instant after it', () => {
    expect(duesAfter('30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', 2)).toEqual([
      '2026-03-08T07:00:00.000Z',
      '2026-03-09T06:30:00.000Z',
    ]);
    expect(duesAfter('0,15,30 2,3 * * *', 'America/New_York', '2026-03-08T06:59:59.999Z', 4)).toEqual([
      '2026-03-08T07:00:00.000Z',
      '2026-03-08T07:15:00.000Z',
      '2026-03-08T07:30:00.000Z',
      '2026-03-09T06:00:00.000Z',
    ]);
  });

  it('what comes twice is due the first time', () => {
    expect(duesAfter('30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-02T06:30:00.000Z',
    ]);
    expect(duesAfter('*/20 1 * * *', 'America/New_York', '2026-11-01T05:30:00Z', 2)).toEqual([
      '2026-11-01T05:40:00.000Z',
      '2026-11-02T06:00:00.000Z',
    ]);
    // Asked within the second of the two hours.
    expect(duesAfter('*/20 1 * * *', 'America/New_York', '2026-11-01T06:10:00Z', 1)).toEqual([
      '2026-11-02T06:00:00.000Z',
    ]);
    const daily = parseSchedule('30 1 * * *', 'America/New_York', 0);
    expect(shown(previousDue(daily, Date.parse('2026-11-01T06:45:00Z')))).toBe('2026-11-01T05:30:00.000Z');
  });

  it('an hour field that begins with a star goes by elapsed time, in both', () => {
    expect(duesAfter('0 * * * *', 'America/New_York', '2026-11-01T04:30:00Z', 3)).toEqual([
      '2026-11-01T05:00:00.000Z',
      '2026-11-01T06:00:00.000Z',
      '2026-11-01T07:00:00.000Z',
    ]);
    expect(duesAfter('30 * * * *', 'America/New_York', '2026-03-08T06:00:00Z', 3)).toEqual([
      '2026-03-08T06:30:00.000Z',
      '2026-03-08T07:30:00.000Z',
      '2026-03-08T08:30:00.000Z',
    ]);
    expect(duesAfter('30 */2 * * *', 'America/New_York', '2026-03-08T06:00:00Z', 2)).toEqual([
      '2026-03-08T08:30:00.000Z',
      '2026-03-08T10:30:00.000Z',
    ]);
  });

  it('a Sunday noon stays a Sunday noon', () => {
    expect(duesAfter('0 12 * * 0', 'Europe/Berlin', '2022-03-20T11:00:00Z', 2)).toEqual([
      '2022-03-27T10:00:00.000Z',
      '2022-04-03T10:00:00.000Z',
    ]);
  });

  it.each(['2026-03-08T05:00:00Z', '2026-11-01T04:00:00Z'])('@every 1m keeps its minutes over %s', (from) => {
    const fromMs = Date.parse(from);
    const schedule = parseSchedule('@every 1m', 'America/New_York', fromMs - 30_000);
    const dues = duesBetween(schedule, { fromMs, toMs: fromMs + 4 * 3_600_000 }, 1000);
    expect(dues).toHaveLength(240);
    expect(dues.every((due, index) => due === fromMs + 30_000 + index * 60_000)).toBe(true);
  });

  it('a change of half an hour, and one at midnight', () => {
    expect(duesAfter('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00:00Z', 1)).toEqual([
      '2026-10-03T15:30:00.000Z',
    ]);
    expect(duesAfter('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00:00Z', 2)).toEqual([
      '2026-04-04T14:45:00.000Z',
      '2026-04-05T15:15:00.000Z',
    ]);
    expect(duesAfter('0 0 * * *', 'Africa/Cairo', '2026-04-23T10:00:00Z', 2)).toEqual([
      '2026-04-23T22:00:00.000Z',
      '2026-04-24T21:00:00.000Z',
    ]);
  });

  it('a day that the zone left out is due at the beginning of the next', () => {
    expect(duesAfter('0 9 * * *', 'Pacific/Apia', '2011-12-29T00:00:00Z', 3)).toEqual([
      '2011-12-29T19:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '2011-12-30T19:00:00.000Z',
    ]);
  });
});

describe('@every and @at', () => {
  it('@every keeps the grid of the time its job was made', () => {
    const made = Date.parse('2026-01-22T08:07:13Z');
    const every = parseSchedule('@every 6h', 'UTC', made);
    expect(nextDue(every, made)).toBe(made + 6 * 3_600_000);
    expect(nextDue(every, made - 5)).toBe(made + 6 * 3_600_000);
    expect(nextDue(every, made + 6 * 3_600_000)).toBe(made + 12 * 3_600_000);
    expect(nextDue(every, made + 100 * 3_600_000)).toBe(made + 102 * 3_600_000);
    expect(previousDue(every, made + 6 * 3_600_000)).toBeNull();
    expect(previousDue(every, made + 100 * 3_600_000)).toBe(made + 96 * 3_600_000);
  });

  it.each([
    ['@at 2026-01-31T09:00:00+01:00', 'UTC', '2026-01-31T08:00:00.000Z'],
    ['@at 2026-01-31T09:00', 'Europe/Berlin', '2026-01-31T08:00:00.000Z'],
    ['@at 2026-03-08T02:30', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['@at 2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['@at 2026-01-31', 'Asia/Kolkata', '2026-01-30T18:30:00.000Z'],
  ])('%s in %s is due once, at %s', (text, zone, at) => {
    const once = parseSchedule(text, zone, 0);
    expect(shown(nextDue(once, THURSDAY))).toBe(at);
    expect(nextDue(once, Date.parse(at))).toBeNull();
    expect(previousDue(once, Date.parse(at))).toBeNull();
    expect(shown(previousDue(once, Date.parse(at) + 1))).toBe(at);
  });
});

describe('what is no schedule', () => {
  it('is an error with its place and what to do', () => {
    expect(() => parseSchedule('0 9 * * FRY', 'UTC', 0)).toThrow(
      expect.objectContaining({
        code: 'schedule.invalid',
        message: "'FRY' is not valid in the weekday field.",
        hint: "Did you mean 'FRI'?",
        details: { schedule: '0 9 * * FRY', at: 8, length: 3 },
      }),
    );
    expect(() => parseSchedule('@daily', 'Europe/Berln', 0)).toThrow(
      expect.objectContaining({ code: 'schedule.unknown_zone', message: "Unknown time zone 'Europe/Berln'." }),
    );
  });
});
