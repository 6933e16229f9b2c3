import { beforeAll, expect, it } from 'vitest';
import { startI18n } from '../i18n/index.ts';
import { costLine } from './cost-words.ts';

beforeAll(startI18n);

it.each([
  ['before the first call has ended', { usd: '0', calls: 0, unpricedCalls: 0 }, '–'],
  ['what costs nothing', { usd: '0', calls: 1, unpricedCalls: 0 }, '$0.00'],
  ['with a price each', { usd: '1.234', calls: 3, unpricedCalls: 0 }, '$1.23'],
  ['some without a price', { usd: '1.234', calls: 3, unpricedCalls: 2 }, '$1.23 + 2 unpriced'],
  ['one without a price', { usd: '0', calls: 2, unpricedCalls: 1 }, '$0.00 + 1 unpriced'],
  ['none with a price', { usd: '0', calls: 3, unpricedCalls: 3 }, 'Unpriced (3 calls)'],
])('%s', (_name, cost, words) => expect(costLine(cost)).toBe(words));
