import { beforeAll, describe, expect, it } from 'vitest';
import { startI18n } from '../../i18n/index.ts';
import { cronWords, triggerWords } from './trigger-words.ts';

beforeAll(startI18n);

describe('cronWords', () => {
  it.each([
    ['*/15 8-18 * * 1-5', 'every 15 min from 08:00 to 18:45, on weekdays'],
    ['15 9 * * *', 'at 09:15, every day'],
    ['0 9 * * MON-FRI', 'at 09:00, on weekdays'],
    ['0 9 * * 1,3', 'at 09:00, on Mon, Wed'],
    ['0 9 * * 1#2', 'at 09:00, on the 2nd Mon of the month'],
    ['0 0 1 * *', 'at 00:00, on day 1 of the month'],
    ['0 0 L * *', 'at 00:00, on the last day of the month'],
    ['*/5 * * * *', 'every 5 min'],
    ['0 */2 * * *', 'every 2 h'],
    ['0 * * * *', 'every hour'],
    ['30 * * * *', 'every hour at :30'],
    ['0 9 1 1 *', 'at 09:00, on day 1 of the month, in Jan'],
    ['@daily', 'at 00:00, every day'],
    ['@every 6h', 'every 6 h'],
    ['@at 2026-01-31T09:00', 'once, 2026-01-31 09:00'],
    ['0 0 13 * 5', '0 0 13 * 5'],
    ['', ''],
  ])('%s -> %s', (cron, words) => {
    expect(cronWords(cron)).toBe(words);
  });
});

describe('triggerWords', () => {
  it('says what starts a workflow, and nothing for starts by hand', () => {
    expect(triggerWords({ type: 'manual', enabled: true, config: {} })).toBeNull();
    expect(
      triggerWords({ type: 'file', enabled: true, config: { path: 'inbox', patterns: ['*.pdf', '*.png'] } }),
    ).toEqual({
      key: 'trigger.file',
      values: { patterns: '*.pdf, *.png', path: 'inbox' },
    });
    expect(triggerWords({ type: 'schedule', enabled: true, config: { cron: '0 9 * * *' } })?.values.zone).toBe('UTC');
  });
});
