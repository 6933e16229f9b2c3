import type { LiveEvent, OperationName, ParsedInputOf } from '../../shared/contract/index.ts';
import { roundDecimal } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import type { CostSpend } from '../../shared/model/cost.ts';
import type { CostLimit } from '../../shared/model/cost-limit.ts';
import { parseDuration } from '../../shared/parse-duration.ts';
import { usualDay } from '../costs/index.ts';
import type { PeriodSpend } from '../storage/index.ts';
import { type CalendarPeriod, isTimeZone } from '../time/index.ts';
import { askedPeriods } from './asked-periods.ts';
import { budgetQuestions, raiseLimit } from './budget-questions.ts';
import { burnDown, noSuchLimit } from './burn-down.ts';
import { compare, estimate } from './cost-estimates.ts';
import { daysBefore } from './days-before.ts';
import type { HandlersOf } from './handlers.ts';
import { limitForecasts, limitStatus } from './limit-forecasts.ts';
import type { ProjectSession } from './project-session.ts';
import { planReprice, reprice } from './reprice.ts';

type CostOperation = Extract<OperationName, `costs.${string}`>;

/** The use cases of what models have cost (SPEC §11). `publish` tells the screens of every change. */
export function costHandlers(session: ProjectSession, publish: (event: LiveEvent) => void): HandlersOf<CostOperation> {
  const { store } = session;
  const limitsChanged = (name: string): void => {
    session.limitsChanged(name);
    publish({ kind: 'costs' });
  };
  return {
    'costs.summary': (filter) => store.reader.ask('costSummary', filter),
    'costs.records': (asked) => store.reader.ask('costRecords', asked),
    'costs.spend': (asked) => spend(session, asked),
    'costs.limits': async () => ({ limits: await limitForecasts(session, session.budget.status()) }),
    'costs.burnDown': ({ name }) => burnDown(session, name),
    'costs.setLimit': async (asked) => {
      const limit = readLimit(asked);
      store.limits.save(limit);
      limitsChanged(limit.name);
      return limitStatus(session, limit);
    },
    'costs.estimate': (asked) => estimate(session, asked),
    'costs.compare': (asked) => compare(session, asked),
    'costs.planReprice': (filter) => planReprice(session, filter),
    'costs.reprice': async (asked, actor) => {
      const plan = await reprice(session, asked, actor);
      publish({ kind: 'costs' });
      return plan;
    },
    'costs.questions': () => ({ questions: budgetQuestions(session) }),
    'costs.raise': async (answer, actor, permissions) => {
      const limit = await raiseLimit(session, answer, { actor, permissions });
      publish({ kind: 'costs' });
      return limit;
    },
    'costs.removeLimit': ({ name }) => {
      if (!store.limits.remove(name)) throw noSuchLimit(name);
      limitsChanged(name);
      return null;
    },
  };
}

/** The limit with its amount as amounts are kept. Throws `contract.invalid_input` with the field that is wrong. */
function readLimit(limit: CostLimit): CostLimit {
  const { max_cost, period, timezone, scope, scope_id } = limit;
  const wrong = (field: keyof CostLimit, message: string, hint: string): AppError =>
    new AppError('contract.invalid_input', message, {
      hint,
      details: { field, problems: [{ name: field, message: `${message} ${hint}` }] },
    });
  const amount = roundDecimal(max_cost);
  if (amount === null || amount === '0' || !/^\d+(\.\d{1,10})?$/.test(max_cost))
    throw wrong('max_cost', `'${max_cost}' is no amount above 0.`, 'Write USD such as 5 or 0.50.');
  const isCalendar = period === null || period === 'day' || period === 'week' || period === 'month';
  const length = isCalendar ? { ms: 1, problem: undefined } : parseDuration(period);
  if (length.ms === null || length.ms <= 0 || length.problem !== undefined)
    throw wrong('period', `'${period}' is no period.`, 'Write day, week, month, or a duration such as 12h.');
  if (!isTimeZone(timezone))
    throw wrong('timezone', `There is no time zone '${timezone}'.`, 'Write a name such as Europe/Berlin or UTC.');
  if (scope === 'global' && scope_id !== null)
    throw wrong(
      'scope_id',
      'A limit of everything is for nothing in particular.',
      'Leave the id out, or name a scope.',
    );
  if (scope !== 'global' && scope !== 'run' && scope_id === null)
    throw wrong('scope_id', `Which ${scope} the limit is for is missing.`, `Name the ${scope}.`);
  return { ...limit, max_cost: amount };
}

async function spend(
  { store: { reader }, clock }: ProjectSession,
  asked: ParsedInputOf<'costs.spend'>,
): Promise<CostSpend> {
  const { zone: name, unit, by, since: _since, until: _until, max: _max, ...filter } = asked;
  const now = clock.now();
  const firstAt = await reader.ask('firstSpend', undefined);
  const { zone, periods } = askedPeriods(asked, { now, firstAt });
  // Days that are shown are not added up twice.
  const all = new Map([...daysBefore(zone, now, firstAt), ...periods].map((one) => [one.name, one]));
  const spent = await reader.ask('spend', { periods: [...all.values()], by, filter });
  const sums = new Map([...all.keys()].map((period, at) => [period, spent[at]]));
  const told = ({ name, startsAt, endsAt }: CalendarPeriod): CostSpend['periods'][number] => ({
    ...{ period: name, starts_at: new Date(startsAt).toISOString(), ends_at: new Date(endsAt).toISOString() },
    ...(sums.get(name) as PeriodSpend),
  });
  const span = { since: periods[0]?.startsAt ?? now, until: periods.at(-1)?.endsAt ?? now };
  return {
    ...{ zone: name, unit, by },
    periods: periods.map(told),
    usual: usualDay(daysBefore(zone, now, firstAt).map(told)),
    runs: await reader.ask('spentByRuns', span),
  };
}
