import { expect, it } from 'vitest';
import type { CostSpend, SpendPart } from '../../../shared/model/cost.ts';
import { spendCsv, spendFileName } from './spend-file.ts';

const part = (name: string, cost: string | null): SpendPart => ({
  ...{ name, cost, requests: 2, unpriced_requests: cost === null ? 2 : 0 },
  ...{ input_tokens: 1000, output_tokens: 500 },
});
const day = (period: string, parts: readonly SpendPart[]): CostSpend['periods'][number] => ({
  ...{ period, starts_at: '', ends_at: '', parts, cost: '0' },
  ...{ requests: 0, unpriced_requests: 0, input_tokens: 0, output_tokens: 0 },
});

it('writes each part of each day to its last place, names as texts, and what has no price as nothing', () => {
  const parts = [part('Mail, "daily"', '0.0000000001'), part('=SUM(A1)', null)];
  const spend: CostSpend = {
    ...{ zone: 'Europe/Berlin', unit: 'day', by: 'workflow', usual: null },
    periods: [day('2026-10-31', []), day('2026-11-01', parts)],
    runs: { ended: 0, completed: 0, cost_per_completed: null },
  };
  expect(spendCsv(spend).split('\r\n')).toEqual([
    'day,zone,workflow,cost_usd,requests,unpriced_requests,input_tokens,output_tokens',
    '2026-11-01,Europe/Berlin,"Mail, ""daily""",0.0000000001,2,0,1000,500',
    "2026-11-01,Europe/Berlin,'=SUM(A1),,2,2,1000,500",
    '',
  ]);
  expect(spendFileName(spend)).toBe('costs-2026-10-31-2026-11-01.csv');
});
