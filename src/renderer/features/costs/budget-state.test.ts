import { describe, expect, it } from 'vitest';
import type { CostLimitStatus, LimitForecast } from '../../../shared/model/cost-limit.ts';
import { budgetBar, budgetState } from './budget-state.ts';

const limit = (percent: number, forecast: Partial<LimitForecast> | null = null): CostLimitStatus => ({
  ...{ name: 'office', max_cost: '200', period: 'month', timezone: 'UTC', scope: 'global', scope_id: null },
  ...{ alert_threshold: 80, action_on_limit: 'warn', allow_unpriced: false, spent: '0', reserved: '0', percent },
  ...{ resets_at: null, waiting_runs: 0, is_written: false },
  forecast: forecast === null ? null : { cost: null, until: null, full_on: null, ...forecast },
});

describe('a budget', () => {
  it.each([
    ['holds', limit(79.9)],
    ['holds', limit(10, { cost: '150' })],
    ['tight', limit(80)],
    ['tight', limit(10, { full_on: '2026-11-26' })],
    ['holds', { ...limit(99), alert_threshold: null }],
    ['full', limit(100)],
    ['full', { ...limit(98), waiting_runs: 1 }],
    ['full', limit(250, { full_on: '2026-11-26' })],
  ] as const)('%s', (state, shown) => expect(budgetState(shown)).toBe(state));

  it('shows what is used and what is to come, and never more than there is', () => {
    expect(budgetBar(limit(50))).toEqual({ used: 50, coming: 0 });
    expect(budgetBar(limit(50, { cost: '150' }))).toEqual({ used: 50, coming: 25 });
    expect(budgetBar(limit(50, { cost: '900', full_on: '2026-11-26' }))).toEqual({ used: 50, coming: 50 });
    expect(budgetBar(limit(130, { cost: '900', full_on: '2026-11-19' }))).toEqual({ used: 100, coming: 0 });
  });
});
