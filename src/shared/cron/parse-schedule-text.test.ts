import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScheduleProblem } from './cron-fields.ts';
import { neverDueProblem, parseScheduleText, type ScheduleText } from './parse-schedule-text.ts';

function read(text: string): ScheduleText {
  const reading = parseScheduleText(text);
  if ('problem' in reading) throw new Error(reading.problem.message);
  return reading.schedule;
}

function problemOf(text: string): ScheduleProblem | null {
  const reading = parseScheduleText(text);
  return 'problem' in reading ? reading.problem : neverDueProblem(reading.schedule, text);
}

const bits = (value: number, offset = 0): readonly number[] =>
  Array.from({ length: 32 }, (_, bit) => bit).flatMap((bit) => ((value >>> bit) & 1 ? [bit + offset] : []));

/** The values of a field, as numbers. */
function valuesOf(text: string, field: 'minute' | 'hour' | 'day' | 'month' | 'weekday'): readonly number[] {
  const schedule = read(text);
  if (schedule.kind !== 'cron') throw new Error('no cron');
  const { cron } = schedule;
  if (field === 'minute') return [...bits(cron.minutesLow), ...bits(cron.minutesHigh, 30)];
  if (field === 'hour') return bits(cron.hours);
  if (field === 'day') return bits(cron.days, 1);
  return field === 'month' ? bits(cron.months, 1) : bits(cron.weekdays);
}

describe('the text of a schedule', () => {
  it.each([
    '*/30 9-17 * * 1-5',
    '0 9 * * MON-FRI',
    '0 0 29 2 *',
    '0 0 L * *',
    '0 0 ? * 2#3',
    '0 0 30 2 5',
    '0 0 */29 2 1#5,2',
    '@daily',
    '@Hourly',
    '@every 90s',
    '@every 1s',
    '  0   9 * * *  ',
    '@at 2026-01-31T09:00:00+01:00',
    '@at 2026-01-31',
  ])('%j is one', (text) => {
    expect(problemOf(text)).toBeNull();
  });

  it.each([
    ['', 'The schedule is empty'],
    ['0 9 * *', 'A schedule has 5 fields (minute hour day month weekday), this one has 4'],
    ['0 0 9 * * *', 'A schedule has 5 fields (minute hour day month weekday), this one has 6'],
    ['60 * * * *', '60 is out of range in the minute field (0-59)'],
    ['* 24 * * *', '24 is out of range in the hour field (0-23)'],
    ['0 0 0 * *', '0 is out of range in the day field (1-31)'],
    ['0 0 1 13 *', '13 is out of range in the month field (1-12)'],
    ['0 0 * * 8', '8 is out of range in the weekday field (0-7)'],
    ['0 0 * * 8#1', '8 is out of range in the weekday field (0-7)'],
    ['*/0 * * * *', "The step of '*/0' in the minute field is zero"],
    ['30-10 * * * *', "The range '30-10' in the minute field is reversed"],
    ['0 0 1 9-3 *', "The range '9-3' in the month field is reversed"],
    ['x * * * *', "'x' is not valid in the minute field"],
    ['1,,2 * * * *', "'' is not valid in the minute field"],
    ['1/2/3 * * * *', "'1/2/3' is not valid in the minute field"],
    ['1-2-3 * * * *', "'1-2-3' is not valid in the minute field"],
    ['*-5 * * * *', "'*-5' is not valid in the minute field"],
    ['0 0 * * 1#6', "'1#6' is not valid in the weekday field"],
    ['0 0 * * 1#2#3', "'1#2#3' is not valid in the weekday field"],
    ['L * * * *', "'L' is not valid in the minute field"],
    ['0 0 30 2 *', 'The schedule never fires: no month has that day'],
    ['0 0 31 4,6 ?', 'The schedule never fires: no month has that day'],
    ['0 0 */29 2 1#5', 'The schedule never fires: no month has that day'],
    ['@never', "Unknown schedule word '@never'"],
    ['@daily 9', "Unknown schedule word '@daily 9'"],
    ['@every 0s', 'The time between two starts must be at least one second'],
    ['@every 999ms', 'The time between two starts must be at least one second'],
    ['@every soon', "'soon' is not a duration such as 30s, 5m or 1h30m"],
    ['@every', 'The duration is empty'],
    ['@at', '@at needs a date and a time'],
    ['@at tomorrow', "'tomorrow' is not a date and time"],
    ['@at 2026-02-29T09:00', "'2026-02-29T09:00' is not a date and time"],
    [`${'1,'.repeat(200)}1 * * * *`, 'The schedule is too long'],
  ])('%j: %s', (text, message) => {
    const problem = problemOf(text);
    expect(problem?.message).toBe(message);
    expect(problem?.fix).toMatch(/\.$|\?$/);
  });

  it.each([
    ['0 9 1,35 * *', '35'],
    [' 0 9  * * MON-FRY', 'MON-FRY'],
    ['@every soon', 'soon'],
    ['0 0 * JANN *', 'JANN'],
  ])('%j: the place is that of %j', (text, part) => {
    const { at = 0, length = 0 } = problemOf(text) ?? {};
    expect(text.slice(at, at + length)).toBe(part);
  });

  it('names what was probably meant', () => {
    expect(problemOf('0 0 * JANN *')?.fix).toBe("Did you mean 'JAN'?");
    expect(problemOf('@dayly')?.fix).toBe("Did you mean '@daily'?");
    expect(problemOf('30 0 9 * * *')?.fix).toContain('Seconds');
    expect(problemOf('30-10 * * * *')?.fix).toBe('Write 10-30, or two ranges: 30-59,0-10.');
  });

  it('goes over the end with names and weekdays', () => {
    expect(valuesOf('0 0 * nov-feb *', 'month')).toEqual([1, 2, 11, 12]);
    expect(valuesOf('0 0 * NOV-MAR/2 *', 'month')).toEqual([1, 3, 11]);
    expect(valuesOf('0 0 * * FRI-MON', 'weekday')).toEqual([0, 1, 5, 6]);
    expect(valuesOf('0 0 * * 5-1', 'weekday')).toEqual([0, 1, 5, 6]);
    expect(valuesOf('0 0 * * 5-7', 'weekday')).toEqual([0, 5, 6]);
    expect(valuesOf('0 0 * * 7-2', 'weekday')).toEqual([0, 1, 2]);
  });

  it('counts steps from the beginning of the range, to its end', () => {
    expect(valuesOf('10-40/15 * * * *', 'minute')).toEqual([10, 25, 40]);
    expect(valuesOf('5/20 * * * *', 'minute')).toEqual([5, 25, 45]);
    expect(valuesOf('0 */10 * * *', 'hour')).toEqual([0, 10, 20]);
    expect(valuesOf('0 0 */10 * *', 'day')).toEqual([1, 11, 21, 31]);
    expect(valuesOf('0 0 1 */5 *', 'month')).toEqual([1, 6, 11]);
    expect(valuesOf('0 0 * * 5/1', 'weekday')).toEqual([0, 5, 6]);
    expect(valuesOf('?/25,59 * * * *', 'minute')).toEqual([0, 25, 50, 59]);
  });

  it('gives an answer for every text', () => {
    const alphabet = fc.constantFrom(...'0123456789*?/-,#L @MONFEBdayevrt\t.:+Z'.split(''));
    const text = fc.oneof(fc.string(), fc.string({ unit: alphabet, maxLength: 40 }));
    fc.assert(
      fc.property(text, (written) => {
        const reading = parseScheduleText(written);
        if (!('problem' in reading)) return;
        const { message, fix, at, length } = reading.problem;
        expect(message).not.toBe('');
        expect(fix).not.toBe('');
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at + length).toBeLessThanOrEqual(written.length);
      }),
      { numRuns: 5000 },
    );
  });
});
