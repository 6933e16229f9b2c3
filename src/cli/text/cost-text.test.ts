import { expect, it } from 'vitest';
import { costText } from './cost-text.ts';

it.each([
  [{ usd: '0', calls: 2, unpricedCalls: 0 }, '$0'],
  [{ usd: '1.23', calls: 2, unpricedCalls: 0 }, '$1.23'],
  [{ usd: '1.23', calls: 4, unpricedCalls: 2 }, '$1.23 + 2 calls without a price'],
  [{ usd: '0', calls: 2, unpricedCalls: 1 }, '$0 + 1 call without a price'],
  [{ usd: '0', calls: 1, unpricedCalls: 1 }, 'unpriced: 1 of 1 call'],
  [{ usd: '0', calls: 3, unpricedCalls: 3 }, 'unpriced: 3 of 3 calls'],
])('%j: %s', (cost, text) => expect(costText(cost)).toBe(text));
