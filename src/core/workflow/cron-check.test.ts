import { describe, expect, it } from 'vitest';
import { checkCron } from './cron-check.ts';

describe('checkCron', () => {
  it.each([
    '*/30 9-17 * * 1-5',
    '0 9 * * 1',
    '0 0 * * 0',
    '0 0 * * 7',
    '0 9 13 * 5',
    '0 9 * * MON-FRI',
    '10-40/15 8 * * *',
    '5/20 * * * *',
    '0 0 29 2 *',
    '0 0 L * *',
    '0 0 ? * 2#3',
    '0 0 * nov-feb *',
    '0 0 * * FRI-MON',
    '0 0 * * 5-1',
    '0,15,30 * * JAN,JUL sun',
    '0 0 30 2 5',
    '@daily',
    '@Hourly',
    '@every 90s',
    '  0   9 * * *  ',
  ])('accepts %j', (text) => {
    expect(checkCron(text)).toBeNull();
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
    ['*/0 * * * *', "The step of '*/0' in the minute field is zero"],
    ['30-10 * * * *', "The range '30-10' in the minute field is reversed"],
    ['0 0 1 9-3 *', "The range '9-3' in the month field is reversed"],
    ['x * * * *', "'x' is not valid in the minute field"],
    ['1,,2 * * * *', "'' is not valid in the minute field"],
    ['1/2/3 * * * *', "'1/2/3' is not valid in the minute field"],
    ['0 0 * * 1#6', "'1#6' is not valid in the weekday field"],
    ['L * * * *', "'L' is not valid in the minute field"],
    ['0 0 30 2 *', 'The schedule never fires: no month has that day'],
    ['0 0 31 4,6 ?', 'The schedule never fires: no month has that day'],
    ['@never', "Unknown schedule word '@never'"],
    ['@every 0s', 'The time between two starts must be above zero'],
    ['@every soon', "'soon' is not a duration such as 30s, 5m or 1h30m"],
    [`${'1,'.repeat(200)}1 * * * *`, 'The schedule is too long'],
  ])('%j: %s', (text, problem) => {
    expect(checkCron(text)).toBe(problem);
  });
});
