import { describe, expect, it } from 'vitest';
import { toE10 } from '../../shared/decimal.ts';
import { type LimitToday, limitForecast } from './index.ts';

const usd = (text: string): bigint => BigInt(toE10(text));
/** Thursday 19 November: 3 on each weekday before, 1 on days of the weekend. */
const TODAY: LimitToday = {
  spent: usd('40'),
  max: usd('100'),
  spentToday: usd('1'),
  today: '2026-11-19',
  lastDay: '2026-11-30',
  before: [
    { period: '2026-11-14', cost: '1' },
    { period: '2026-11-15', cost: '1' },
    { period: '2026-11-16', cost: '3' },
    { period: '2026-11-17', cost: '3' },
  ],
};

describe('limitForecast', () => {
  it('adds the rest of today and each day to come, and says nothing of a full limit that holds', () => {
    // The rest of today is 2, seven weekdays and four days of the weekend are 25.
    expect(limitForecast(TODAY)).toEqual({ cost: '67', until: '2026-11-30', full_on: null });
  });

  it('names the first day that fills it, and what the period comes to all the same', () => {
    // 42 today, 45 on Friday, 46 on Saturday.
    expect(limitForecast({ ...TODAY, max: usd('46') })).toEqual({
      cost: '67',
      until: '2026-11-30',
      full_on: '2026-11-21',
    });
    expect(limitForecast({ ...TODAY, max: usd('41') })?.full_on).toBe('2026-11-19');
  });

  it('looks a year ahead where there is no end', () => {
    const forEver = { ...TODAY, lastDay: null };
    expect(limitForecast({ ...forEver, max: usd('46') })).toEqual({ cost: null, until: null, full_on: '2026-11-21' });
    expect(limitForecast({ ...forEver, max: usd('4000') })).toEqual({ cost: null, until: null, full_on: null });
  });

  it('says nothing from two days, which would be a guess', () => {
    expect(limitForecast({ ...TODAY, before: TODAY.before.slice(0, 2) })).toBeNull();
  });
});
