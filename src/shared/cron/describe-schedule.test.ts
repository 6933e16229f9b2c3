import { describe, expect, it } from 'vitest';
import { describeSchedule, type ScheduleWords } from './describe-schedule.ts';

const EVERY_DAY = { on: { kind: 'every_day' }, months: [] } as const;
const WEEKDAYS = { on: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5] }, months: [] } as const;

describe('a schedule in words', () => {
  it.each<[string, ScheduleWords]>([
    ['0 9 * * 1-5', { kind: 'daily', times: ['09:00'], ...WEEKDAYS }],
    ['0 9 ? * MON-FRI', { kind: 'daily', times: ['09:00'], ...WEEKDAYS }],
    ['@daily', { kind: 'daily', times: ['00:00'], ...EVERY_DAY }],
    ['30 8,17 * * *', { kind: 'daily', times: ['08:30', '17:30'], ...EVERY_DAY }],
    ['0 */8 * * *', { kind: 'daily', times: ['00:00', '08:00', '16:00'], ...EVERY_DAY }],
    ['*/15 * * * *', { kind: 'minutes', everyMinutes: 15, hours: null, ...EVERY_DAY }],
    ['* * * * *', { kind: 'minutes', everyMinutes: 1, hours: null, ...EVERY_DAY }],
    ['*/30 9-17 * * 1-5', { kind: 'minutes', everyMinutes: 30, hours: { from: '09:00', to: '17:30' }, ...WEEKDAYS }],
    ['*/10 3 * * *', { kind: 'minutes', everyMinutes: 10, hours: { from: '03:00', to: '03:50' }, ...EVERY_DAY }],
    ['@hourly', { kind: 'hours', everyHours: 1, minutes: [0], hours: null, ...EVERY_DAY }],
    ['5,20 * * * *', { kind: 'hours', everyHours: 1, minutes: [5, 20], hours: null, ...EVERY_DAY }],
    ['20 */2 * * *', { kind: 'hours', everyHours: 2, minutes: [20], hours: null, ...EVERY_DAY }],
    [
      '0 9-17 * * *',
      { kind: 'hours', everyHours: 1, minutes: [0], hours: { from: '09:00', to: '17:00' }, ...EVERY_DAY },
    ],
    ['@weekly', { kind: 'daily', times: ['00:00'], on: { kind: 'weekdays', weekdays: [0] }, months: [] }],
    [
      '@monthly',
      { kind: 'daily', times: ['00:00'], on: { kind: 'month_days', days: [1], hasLastDay: false }, months: [] },
    ],
    [
      '@yearly',
      { kind: 'daily', times: ['00:00'], on: { kind: 'month_days', days: [1], hasLastDay: false }, months: [1] },
    ],
    [
      '0 18 15,L * *',
      { kind: 'daily', times: ['18:00'], on: { kind: 'month_days', days: [15], hasLastDay: true }, months: [] },
    ],
    [
      '0 10 * JAN,JUL MON#1,FRI#3',
      {
        kind: 'daily',
        times: ['10:00'],
        on: {
          kind: 'nth_weekdays',
          weekdays: [
            { weekday: 1, nth: 1 },
            { weekday: 5, nth: 3 },
          ],
        },
        months: [1, 7],
      },
    ],
    ['@every 90m', { kind: 'every', periodMs: 5_400_000 }],
    ['@at 2026-01-31T09:00', { kind: 'once', at: { kind: 'clock', ms: Date.UTC(2026, 0, 31, 9) } }],
  ])('%s', (text, words) => {
    expect(describeSchedule(text)).toEqual(words);
  });

  it.each([
    '0 9 13 * 5',
    '0 9 */2 * MON',
    '0 9 * * MON#1,TUE',
    '1,2,3,4,5 1,3,5 * * *',
    '7/11 * * * *',
    'whenever',
    '',
  ])('%j has no plain words: the text stands', (text) => {
    expect(describeSchedule(text)).toEqual({ kind: 'text', text });
  });
});
