import { fromE10, toE10 } from '../../shared/decimal.ts';
import type { CostLimit, CostLimitStatus, CostLimitUse } from '../../shared/model/cost-limit.ts';
import { type LimitToday, limitForecast, type PastDay } from '../costs/index.ts';
import { findTimeZone, periodOf, type TimeZone } from '../time/index.ts';
import { daysBefore } from './days-before.ts';
import { parkedRuns } from './parked-runs.ts';
import type { ProjectSession } from './project-session.ts';

type Session = Pick<ProjectSession, 'store' | 'clock' | 'budget'>;

/** What the days of a limit cost on its clocks. */
export interface LimitDays {
  readonly zone: TimeZone;
  readonly before: readonly PastDay[];
  readonly today: { readonly period: string; readonly spent: bigint };
}

/** Says of limits what comes and how many runs they have parked; the days of a zone are read once for all of its limits. */
export async function limitForecasts(
  session: Session,
  uses: readonly CostLimitUse[],
): Promise<readonly CostLimitStatus[]> {
  const days = new Map<CostLimit, LimitDays>();
  for (const [name, limits] of Map.groupBy(uses.filter(isForeseen), ({ timezone }) => timezone)) {
    const zone = findTimeZone(name);
    const found = zone === null ? [] : await daysOf(session, zone, limits);
    for (const [at, one] of found.entries()) days.set(limits[at] as CostLimitUse, one);
  }
  const parked = Map.groupBy(parkedRuns(session), ({ limit }) => limit.name);
  return uses.map((use) => {
    const own = days.get(use);
    const forecast = own === undefined ? null : limitForecast(limitToday(session, use, own));
    return { ...use, waiting_runs: parked.get(use.name)?.length ?? 0, forecast };
  });
}

/** One of them. */
export async function limitStatus(session: Session, limit: CostLimit): Promise<CostLimitStatus> {
  const [status] = await limitForecasts(session, [session.budget.statusOf(limit)]);
  return status as CostLimitStatus;
}

/** A window that slides has no end to look forward to, and what a run will cost is no matter of days. */
export const isForeseen = ({ scope, period }: CostLimit): boolean =>
  scope !== 'run' && (period === null || period === 'day' || period === 'week' || period === 'month');

/** The days of limits of one zone, in their order. */
export async function daysOf(
  { store: { reader }, clock }: Session,
  zone: TimeZone,
  limits: readonly CostLimit[],
): Promise<readonly LimitDays[]> {
  const now = clock.now();
  const today = periodOf(zone, 'day', now);
  const before = daysBefore(zone, now, await reader.ask('firstSpend', undefined));
  const several = limits.map(({ scope, scope_id }) => ({ scope, scope_id }));
  const spent = await reader.ask('spentBy', { periods: [...before, today], several });
  return limits.map((_, limit) => ({
    zone,
    before: before.map(({ name }, at) => ({ period: name, cost: fromE10(spent[at]?.[limit] ?? 0n) })),
    today: { period: today.name, spent: spent.at(-1)?.[limit] ?? 0n },
  }));
}

/** A limit as it stands on its own clocks. */
export function limitToday({ clock }: Session, use: CostLimitUse, { zone, before, today }: LimitDays): LimitToday {
  const { period } = use;
  const isCalendar = period === 'day' || period === 'week' || period === 'month';
  // The last ms of the period lies in its last day.
  const lastDay = isCalendar ? periodOf(zone, 'day', periodOf(zone, period, clock.now()).endsAt - 1).name : null;
  return {
    spent: BigInt(toE10(use.spent)) + BigInt(toE10(use.reserved)),
    max: BigInt(toE10(use.max_cost)),
    spentToday: today.spent,
    today: today.period,
    lastDay,
    before,
  };
}
