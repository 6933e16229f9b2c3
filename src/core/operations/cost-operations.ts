import type { LiveEvent, OperationName, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { CostSpend } from '../../shared/model/cost.ts';
import type { CostLimit } from '../../shared/model/cost-limit.ts';
import { limitAmount, limitProblem, usualDay } from '../costs/index.ts';
import type { PeriodSpend } from '../storage/index.ts';
import type { CalendarPeriod } from '../time/index.ts';
import { askedPeriods } from './asked-periods.ts';
import { budgetQuestions, raiseLimit, refuseWritten } from './budget-questions.ts';
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
      refuseWritten(store, limit.name);
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
      refuseWritten(store, name);
      if (!store.limits.remove(name)) throw noSuchLimit(name);
      limitsChanged(name);
      return null;
    },
  };
}

/** The limit with its amount as amounts are kept. Errors: `contract.invalid_input` with the field that is wrong. */
function readLimit(limit: CostLimit): CostLimit {
  const problem = limitProblem(limit);
  if (problem === null) return { ...limit, max_cost: limitAmount(limit.max_cost) ?? limit.max_cost };
  const { field, message, hint } = problem;
  throw new AppError('contract.invalid_input', message, {
    hint,
    details: { field, problems: [{ name: field, message: `${message} ${hint}` }] },
  });
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
