import { beforeAll, describe, expect, it } from 'vitest';
import { startI18n } from '../../i18n/index.ts';
import { ownZone } from '../format.ts';
import { startsWords } from './starts-words.ts';
import { cronWords } from './trigger-words.ts';

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

describe('startsWords', () => {
  it('says what starts a workflow, with the zone where it is another one than here', () => {
    expect(startsWords({ kind: 'file', config: { path: 'inbox', patterns: ['*.pdf', '*.png'] } })).toBe(
      '*.pdf, *.png in inbox',
    );
    expect(startsWords({ kind: 'webhook', config: { path: '/review', scheme: 'github' } })).toContain('/review');
    const elsewhere = ownZone() === 'Asia/Tokyo' ? 'Asia/Seoul' : 'Asia/Tokyo';
    expect(startsWords({ kind: 'schedule', config: { cron: '0 9 * * *', timezone: elsewhere } })).toContain(elsewhere);
    expect(startsWords({ kind: 'schedule', config: { cron: '0 9 * * *', timezone: ownZone() } })).toBe(
      'at 09:00, every day',
    );
  });
});
