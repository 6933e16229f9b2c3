import type { OperationName, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { CostSpend } from '../../shared/model/cost.ts';
import { usualDay } from '../costs/index.ts';
import { type CalendarPeriod, findTimeZone, periodOf, periodsBetween, type TimeZone } from '../time/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

type CostOperation = Extract<OperationName, `costs.${string}`>;

/** The use cases of what models have cost (SPEC §11). */
export function costHandlers(session: ProjectSession): HandlersOf<CostOperation> {
  const { store } = session;
  return {
    'costs.summary': (filter) => store.costs.summary(filter),
    'costs.records': ({ limit, cursor, ...filter }) => store.costs.records(filter, limit, cursor),
    'costs.spend': (asked) => spend(session, asked),
  };
}

/** Days that a usual day is made of: four weeks, so that each day of the week counts as often. */
const USUAL_DAYS = 28;

function spend({ store, clock }: ProjectSession, asked: ParsedInputOf<'costs.spend'>): CostSpend {
  const { zone: name, unit, by, since, until, max, ...filter } = asked;
  const zone = findTimeZone(name);
  if (zone === null)
    throw new AppError('contract.invalid_input', `There is no time zone '${name}'.`, {
      hint: 'Write a name such as Europe/Berlin or UTC.',
      details: { zone: name },
    });
  const now = clock.now();
  const end = until ?? now + 1;
  const first = since ?? store.spend.firstAt() ?? now;
  const periods = periodsBetween(zone, unit, { since: Math.min(first, end - 1), until: end, max });
  const sumOf = (period: CalendarPeriod): CostSpend['periods'][number] => ({
    period: period.name,
    starts_at: new Date(period.startsAt).toISOString(),
    ends_at: new Date(period.endsAt).toISOString(),
    ...store.spend.period(period, by, filter),
  });
  return {
    zone: name,
    unit,
    by,
    periods: periods.map(sumOf),
    usual: usualDay(daysBefore(zone, now, store.spend.firstAt()).map(sumOf)),
    runs: store.spend.runs(periods[0]?.startsAt ?? end, periods.at(-1)?.endsAt ?? end),
  };
}

/** The days that are over, since the first call of all. */
function daysBefore(zone: TimeZone, now: number, firstAt: number | null): readonly CalendarPeriod[] {
  const today = periodOf(zone, 'day', now).startsAt;
  if (firstAt === null || firstAt >= today) return [];
  return periodsBetween(zone, 'day', { since: firstAt, until: today, max: USUAL_DAYS });
}
