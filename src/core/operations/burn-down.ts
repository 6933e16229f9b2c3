import { fromE10, toE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import type { BudgetBurnDown } from '../../shared/model/cost-limit.ts';
import { comingDays } from '../costs/index.ts';
import { findTimeZone, periodOf, periodsBetween } from '../time/index.ts';
import { daysOf, isForeseen, type LimitDays, limitStatus, limitToday } from './limit-forecasts.ts';
import type { ProjectSession } from './project-session.ts';

/** The longest month; of a limit without an end so many days are shown, and as many foreseen. */
const MOST_DAYS = 31;

/** `cost.limit_not_found` of a name. */
export const noSuchLimit = (name: string): AppError =>
  new AppError('cost.limit_not_found', `There is no cost limit '${name}'.`, {
    hint: "'aiworkflow costs limits list' shows them.",
  });

/**
 * What is left of a limit, day by day in its period, and what will be left when the days to come are usual ones. Errors:
 * `cost.limit_not_found`, `contract.invalid_input` = it slides along, or is one of runs: it has no days.
 */
export async function burnDown(
  session: Pick<ProjectSession, 'store' | 'clock' | 'budget'>,
  name: string,
): Promise<BudgetBurnDown> {
  const { store, clock } = session;
  const limit = store.limits.list().find((one) => one.name === name);
  if (limit === undefined) throw noSuchLimit(name);
  const zone = findTimeZone(limit.timezone);
  if (!isForeseen(limit) || zone === null)
    throw new AppError('contract.invalid_input', `What is left of '${name}' cannot be told day by day.`, {
      hint: 'It slides along, or is one of runs.',
    });
  const now = clock.now();
  const { period } = limit;
  const isCalendar = period === 'day' || period === 'week' || period === 'month';
  const firstAt = await store.reader.ask('firstSpend', undefined);
  const since = isCalendar ? periodOf(zone, period, now).startsAt : (firstAt ?? now);
  const shown = periodsBetween(zone, 'day', { since, until: now + 1, max: MOST_DAYS });
  const { scope, scope_id } = limit;
  const [status, [days], spent] = await Promise.all([
    limitStatus(session, limit),
    daysOf(session, zone, [limit]),
    store.reader.ask('spentBy', { periods: shown, several: [{ scope, scope_id }] }),
  ]);
  const costs = spent.map(([cost = 0n]) => cost);
  const max = BigInt(toE10(limit.max_cost));
  // What was spent before the days that are shown: nothing where they begin with the period.
  let total = BigInt(toE10(status.spent)) - costs.reduce((sum, cost) => sum + cost, 0n);
  const past = shown.map(({ name: day }, at) => {
    const cost = costs[at] ?? 0n;
    total += cost;
    return { day, spent: fromE10(cost), left: fromE10(max - total) };
  });
  const coming = comingDays(limitToday(session, status, days as LimitDays), MOST_DAYS) ?? [];
  return {
    limit: status,
    days: past,
    coming: coming.map((one) => ({ day: one.day, left: fromE10(max - one.total) })),
  };
}
