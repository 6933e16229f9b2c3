import type { InputOf } from '../../../shared/contract/index.ts';
import type { CostSpend, SpendGroup } from '../../../shared/model/cost.ts';
import type { CostLimitStatus } from '../../../shared/model/cost-limit.ts';
import type { RunStatistics } from '../../../shared/model/run-statistics.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { ownZone } from '../../ui/format.ts';

/** What stretch of time the screen shows. */
export const RANGES = ['week', 'month', 'year'] as const;
export type Range = (typeof RANGES)[number];

type SpendKey = `${Range} ${SpendGroup}`;
export const spendKey = (range: Range, by: SpendGroup): SpendKey => `${range} ${by}`;

/** The days or months of a range, on the clocks of whoever looks. */
function spanOf(range: Range, now: Date): Pick<InputOf<'costs.spend'>, 'zone' | 'unit' | 'since' | 'max'> {
  const zone = ownZone();
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  if (range === 'year') return { zone, unit: 'month', since: +new Date(year, month - 11, 1), max: 12 };
  const since = range === 'month' ? new Date(year, month, 1) : new Date(year, month, day - 6);
  return { zone, unit: 'day', since: +since, max: 31 };
}

/** What was spent; asked again soon after a run has gone on. */
export const spending = createLiveQuery<CostSpend, SpendKey>({
  ask: (key) => {
    const [range, by] = key.split(' ') as [Range, SpendGroup];
    return call('costs.spend', { ...spanOf(range, new Date()), by });
  },
  dueOn: ({ kind }) => (kind === 'run' || kind === 'run_deleted' || kind === 'costs' ? 'soon' : null),
  soonMs: 1000,
});

/** How runs fared; asked again soon after one has gone on. */
export const faring = createLiveQuery<RunStatistics, Range>({
  ask: (range) => call('runs.statistics', spanOf(range, new Date())),
  dueOn: ({ kind }) => (kind === 'run' || kind === 'run_deleted' ? 'soon' : null),
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
