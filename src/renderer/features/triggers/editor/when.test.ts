import { expect, it } from 'vitest';
import { parseScheduleText } from '../../../../shared/cron/parse-schedule-text.ts';
import { NEW_WHEN, readWhen, scheduleText, type When } from './when.ts';

const text = (change: Partial<When>): string => scheduleText({ ...NEW_WHEN, ...change });

it.each([
  [{ kind: 'minutes', every: '15' }, '*/15 * * * *'],
  [{ kind: 'minutes', every: '1' }, '* * * * *'],
  [{ kind: 'minutes', every: '7' }, '@every 7m'],
  [{ kind: 'minutes', every: '90' }, '@every 90m'],
  [{ kind: 'hours', every: '1', minute: '05' }, '5 * * * *'],
  [{ kind: 'hours', every: '6', minute: '30' }, '30 */6 * * *'],
  [{ kind: 'hours', every: '5' }, '@every 5h'],
  [{ kind: 'daily', time: '07:05' }, '5 7 * * *'],
  [{ kind: 'weekdays', time: '00:00' }, '0 0 * * 1-5'],
  [{ kind: 'days', time: '18:30', weekdays: [0, 3] }, '30 18 * * 0,3'],
  [{ kind: 'month', time: '09:00', day: 'L' }, '0 9 L * *'],
  [{ kind: 'month', time: '09:00', day: '15' }, '0 9 15 * *'],
  [{ kind: 'once', once: '2026-12-24T08:00' }, '@at 2026-12-24T08:00'],
  [{ kind: 'text', text: ' 0 9 * * 4#1 ' }, '0 9 * * 4#1'],
] as const)('writes %o as %s and reads it back', (change, written) => {
  expect(text(change)).toBe(written);
  expect(parseScheduleText(written)).toHaveProperty('schedule');
  expect(scheduleText(readWhen(written))).toBe(written);
});

it('keeps as a text what the fields cannot say', () => {
  for (const written of [
    '0 9 * 3 1-5',
    '*/10 8-18 * * *',
    '0 9,17 * * *',
    '@every 90s',
    '0 9 1,L * *',
    '0 9 * * 1#2',
    'nonsense',
  ])
    expect(readWhen(written)).toMatchObject({ kind: 'text', text: written });
  expect(readWhen('@daily')).toMatchObject({ kind: 'daily', time: '00:00' });
});

it('leaves to the engine what was typed wrong', () => {
  for (const change of [
    { kind: 'minutes', every: '' },
    { kind: 'minutes', every: '-3' },
    { kind: 'hours', every: '2', minute: '75' },
    { kind: 'daily', time: '' },
    { kind: 'days', weekdays: [] },
    { kind: 'once', once: '' },
    { kind: 'text', text: '' },
  ] as const)
    expect(parseScheduleText(text(change)), JSON.stringify(change)).toHaveProperty('problem');
});
