import { fromE10, toE10 } from '../../shared/decimal.ts';
import type { CostLimit, CostLimitStatus, CostLimitUse, LimitForecast } from '../../shared/model/cost-limit.ts';
import { limitForecast } from '../costs/index.ts';
import type { NamedSpend } from '../storage/index.ts';
import { findTimeZone, periodOf, type TimeZone } from '../time/index.ts';
import { daysBefore } from './days-before.ts';
import { parkedRuns } from './parked-runs.ts';
import type { ProjectSession } from './project-session.ts';

type Session = Pick<ProjectSession, 'store' | 'clock' | 'budget'>;

/** What each day before today and today itself cost, on the clocks of one zone. */
interface Days {
  readonly zone: TimeZone;
  readonly before: readonly { readonly period: string; readonly spend: readonly NamedSpend[] }[];
  readonly today: { readonly period: string; readonly spend: readonly NamedSpend[] };
}

/** Says of limits what comes and how many runs they have parked; what the days cost is added up once for all limits of a zone. */
export function limitForecasts(session: Session): (use: CostLimitUse) => CostLimitStatus {
  const known = new Map<string, Days | null>();
  const parked = Map.groupBy(parkedRuns(session), ({ limit }) => limit.name);
  return (use) => {
    const { timezone, name } = use;
    const waits = { waiting_runs: parked.get(name)?.length ?? 0 };
    if (!isForeseen(use)) return { ...use, ...waits, forecast: null };
    if (!known.has(timezone)) known.set(timezone, daysOf(session, findTimeZone(timezone)));
    const days = known.get(timezone) ?? null;
    return { ...use, ...waits, forecast: days === null ? null : forecastOf(session, use, days) };
  };
}

/** A window that slides has no end to look forward to, and what a run will cost is no matter of days. */
const isForeseen = ({ scope, period }: CostLimit): boolean =>
  scope !== 'run' && (period === null || period === 'day' || period === 'week' || period === 'month');

function daysOf({ store, clock }: Session, zone: TimeZone | null): Days | null {
  if (zone === null) return null;
  const now = clock.now();
  const today = periodOf(zone, 'day', now);
  return {
    zone,
    before: daysBefore(zone, now, store.spend.firstAt()).map((day) => ({
      period: day.name,
      spend: store.spend.named(day),
    })),
    today: { period: today.name, spend: store.spend.named(today) },
  };
}

function forecastOf({ clock }: Session, use: CostLimitUse, { zone, before, today }: Days): LimitForecast | null {
  const { period } = use;
  const isCalendar = period === 'day' || period === 'week' || period === 'month';
  // The last ms of the period lies in its last day.
  const lastDay = isCalendar ? periodOf(zone, 'day', periodOf(zone, period, clock.now()).endsAt - 1).name : null;
  return limitForecast({
    spent: BigInt(toE10(use.spent)) + BigInt(toE10(use.reserved)),
    max: BigInt(toE10(use.max_cost)),
    spentToday: sumFor(use, today.spend),
    today: today.period,
    lastDay,
    before: before.map((day) => ({ period: day.period, cost: fromE10(sumFor(use, day.spend)) })),
  });
}

function sumFor({ scope, scope_id }: CostLimit, spend: readonly NamedSpend[]): bigint {
  const counts = (one: NamedSpend): boolean => scope === 'global' || (scope !== 'run' && one[scope] === scope_id);
  return spend.filter(counts).reduce((sum, { cost }) => sum + cost, 0n);
}
