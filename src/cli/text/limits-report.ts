import type { CostLimitStatus } from '../../shared/model/cost-limit.ts';
import { table } from './table.ts';

/** Limits with what is spent and held of them. */
export function limitsText(limits: readonly CostLimitStatus[]): string {
  if (limits.length === 0)
    return 'There is no cost limit yet. Set one: aiworkflow costs limits add NAME --max 50 --period month --action pause';
  const rows = limits.map((limit) => [
    limit.name,
    scopeText(limit),
    `$${limit.spent} of $${limit.max_cost}`,
    limit.reserved === '0' ? '' : `$${limit.reserved}`,
    limit.waiting_runs === 0 ? `${limit.percent}%` : `${limit.percent}%, ${limit.waiting_runs} waiting`,
    limit.period === null ? 'ever' : limit.period,
    forecastText(limit),
    limit.action_on_limit,
  ]);
  return table(['NAME', 'OF', 'SPENT', 'HELD', 'FULL', 'PERIOD', 'FORECAST', 'WHEN FULL'], rows).trimEnd();
}

function forecastText({ forecast }: CostLimitStatus): string {
  if (forecast === null) return '';
  const { cost, until, full_on } = forecast;
  if (full_on !== null) return `full on ${full_on}`;
  return cost === null ? 'holds for a year' : `$${Number(cost).toFixed(2)} on ${until}`;
}

function scopeText({ scope, scope_id }: CostLimitStatus): string {
  if (scope === 'global') return 'everything';
  return scope_id === null ? `each ${scope}` : `${scope} ${scope_id}`;
}
