import { roundDecimal } from '../../shared/decimal.ts';
import type { CostLimit } from '../../shared/model/cost-limit.ts';
import { parseDuration } from '../../shared/parse-duration.ts';
import { isTimeZone } from '../time/index.ts';

/** What is wrong with a limit, and how it is mended. */
export interface LimitProblem {
  readonly field: keyof CostLimit;
  readonly message: string;
  readonly hint: string;
}

/** The first thing that is wrong with a limit of spending (SPEC §11 "Limit"); null = nothing. */
export function limitProblem({ max_cost, period, timezone, scope, scope_id }: CostLimit): LimitProblem | null {
  if (limitAmount(max_cost) === null)
    return problem('max_cost', `'${max_cost}' is no amount above 0.`, 'Write USD such as 5 or 0.50.');
  if (period !== null && !isPeriod(period))
    return problem('period', `'${period}' is no period.`, 'Write day, week, month, or a duration such as 12h.');
  if (!isTimeZone(timezone))
    return problem('timezone', `There is no time zone '${timezone}'.`, 'Write a name such as Europe/Berlin or UTC.');
  if (scope === 'global' && scope_id !== null)
    return problem(
      'scope_id',
      'A limit of everything is for nothing in particular.',
      'Leave the id out, or name a scope.',
    );
  if (scope !== 'global' && scope !== 'run' && scope_id === null)
    return problem('scope_id', `Which ${scope} the limit is for is missing.`, `Name the ${scope}.`);
  return null;
}

/** An amount as amounts are kept; null = it is none above 0. */
export function limitAmount(text: string): string | null {
  const amount = /^\d+(\.\d{1,10})?$/.test(text) ? roundDecimal(text) : null;
  return amount === '0' ? null : amount;
}

function isPeriod(period: string): boolean {
  if (period === 'day' || period === 'week' || period === 'month') return true;
  const { ms, problem: wrong } = parseDuration(period);
  return ms !== null && ms > 0 && wrong === undefined;
}

const problem = (field: keyof CostLimit, message: string, hint: string): LimitProblem => ({ field, message, hint });
