import type { CostSpend, SpendGroup } from '../../../shared/model/cost.ts';
import type { CostLimitStatus } from '../../../shared/model/cost-limit.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';

/** What stretch of time the screen shows. */
export const RANGES = ['week', 'month', 'year'] as const;
export type Range = (typeof RANGES)[number];

/** Days begin on the clocks of whoever looks. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

type SpendKey = `${Range} ${SpendGroup}`;
export const spendKey = (range: Range, by: SpendGroup): SpendKey => `${range} ${by}`;

const askSpend = (range: Range, by: SpendGroup, now: Date): Promise<CostSpend> => {
  const common = { zone: ownZone(), by };
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  if (range === 'year')
    return call('costs.spend', { ...common, unit: 'month', since: +new Date(year, month - 11, 1), max: 12 });
  const since = range === 'month' ? new Date(year, month, 1) : new Date(year, month, day - 6);
  return call('costs.spend', { ...common, unit: 'day', since: +since, max: 31 });
};

/** What was spent; asked again soon after a run has gone on. */
export const spending = createLiveQuery<CostSpend, SpendKey>({
  ask: (key) => {
    const [range, by] = key.split(' ') as [Range, SpendGroup];
    return askSpend(range, by, new Date());
  },
  dueOn: ({ kind }) => (kind === 'run' || kind === 'run_deleted' || kind === 'costs' ? 'soon' : null),
  soonMs: 1000,
});

/** Limits and how full they are; asked again soon after a run has gone on. */
export const budgetsNow = createLiveQuery<readonly CostLimitStatus[]>({
  ask: async () => (await call('costs.limits', {})).limits,
  dueOn: ({ kind }) => {
    if (kind === 'costs') return 'now';
    return kind === 'run' || kind === 'run_deleted' ? 'soon' : null;
  },
  soonMs: 1000,
});
