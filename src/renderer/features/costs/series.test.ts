import { describe, expect, it } from 'vitest';
import type { CostSpend, SpendPeriod } from '../../../shared/model/cost.ts';
import { namesOf } from '../../client/use-workflow-choices.ts';
import { monthForecast } from './month-forecast.ts';
import { amountsOf, axisOf, calledBy, seriesOf, sumOf } from './series.ts';

const NO_TOKENS = { input_tokens: 0, output_tokens: 0 };
const period = (name: string, costs: Readonly<Record<string, number>>): SpendPeriod => {
  const parts = Object.entries(costs).map(([part, cost]) => ({
    ...{ name: part, cost: String(cost), requests: 1, unpriced_requests: 0, ...NO_TOKENS },
  }));
  const cost = String(Object.values(costs).reduce((sum, one) => sum + one, 0));
  return {
    period: name,
    starts_at: '',
    ends_at: '',
    cost,
    requests: parts.length,
    unpriced_requests: 0,
    ...NO_TOKENS,
    parts,
  };
};

describe('series', () => {
  it('are called as workflows are, by their ids where a name is not theirs alone or nobody knows it', () => {
    const nameOf = namesOf([
      { id: 'a', name: 'Email triage' },
      { id: 'b', name: 'Twin' },
      { id: 'c', name: 'Twin' },
    ]);
    const spend = { periods: [period('x', { a: 4, b: 3, c: 2, gone: 1 })] } as unknown as CostSpend;
    expect(seriesOf(calledBy(spend, nameOf)).map(({ name }) => name)).toEqual(['Email triage', 'b', 'c', 'gone']);
  });

  it('are the most expensive names; a sixth stands for itself, more stand together', () => {
    const six = { a: 1, b: 6, c: 2, d: 3, e: 4, f: 5 };
    expect(seriesOf({ periods: [period('x', six)] }).map(({ name }) => name)).toEqual(['b', 'f', 'e', 'd', 'c', 'a']);
    const series = seriesOf({ periods: [period('x', six), period('y', { g: 0.5, h: 10 })] });
    expect(series.map(({ name, usd, count }) => [name, usd, count])).toEqual([
      ...[
        ['h', 10, 1],
        ['b', 6, 1],
        ['f', 5, 1],
        ['e', 4, 1],
        ['d', 3, 1],
      ],
      [null, 3.5, 3],
    ]);
    expect(amountsOf(period('x', six).parts, series)).toEqual([0, 6, 5, 4, 3, 3]);
  });

  it.each([
    [0, 1, 0.5],
    [13.2, 15, 5],
    [0.004, 0.004, 0.002],
    [135, 150, 50],
  ])('an axis up to %d ends at %d in steps of %d', (greatest, top, step) => {
    const axis = axisOf(greatest);
    expect([axis.top, axis.step]).toEqual([expect.closeTo(top), expect.closeTo(step)]);
  });
});

it('a name whose calls have no price is no 0', () => {
  const house = { name: 'house', cost: null, requests: 2, unpriced_requests: 2, ...NO_TOKENS };
  const day: SpendPeriod = { ...period('x', {}), parts: [house], cost: null, requests: 2, unpriced_requests: 2 };
  expect(seriesOf({ periods: [day] })).toEqual([{ name: 'house', usd: 0, isUnpriced: true, count: 1 }]);
  expect([sumOf([day]), sumOf([day, period('y', { a: 1 })]), sumOf([])]).toEqual([null, '1', '0']);
});

describe('the forecast of a month', () => {
  const spend = (periods: readonly SpendPeriod[], usual: CostSpend['usual']): CostSpend => ({
    ...{ zone: 'UTC', unit: 'day', by: 'workflow', periods, usual },
    runs: { ended: 0, completed: 0, cost_per_completed: null },
  });
  // 27 November 2026 is a Friday.
  const friday = period('2026-11-27', { a: 4 });

  it('takes the days to come as usual days of their kind, and the rest of today', () => {
    expect(monthForecast(spend([friday], { weekday: '10', weekend: '1' }))).toEqual({
      usd: 4 + 6 + 1 + 1 + 10,
      days: [
        { period: '2026-11-28', usd: 1 },
        { period: '2026-11-29', usd: 1 },
        { period: '2026-11-30', usd: 10 },
      ],
    });
  });

  it('says nothing where too little has happened', () => {
    expect(monthForecast(spend([friday], null))).toBeNull();
  });
});
