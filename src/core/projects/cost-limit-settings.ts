import { type CostLimit, LIMIT_ACTIONS, LIMIT_SCOPES } from '../../shared/model/cost-limit.ts';
import { limitAmount, limitProblem } from '../costs/index.ts';
import { Fields, type Settings } from '../yaml/index.ts';

const KEYS = [
  'name',
  'max_cost',
  'period',
  'timezone',
  'scope',
  'scope_id',
  'alert_threshold',
  'action_on_limit',
  'allow_unpriced',
];
const NAME = /^[\w][\w .-]{0,59}$/;

/** `costs.limits` of SPEC §14, in the words of SPEC §11 "Limit". One that is wrong is reported; what is wrong starts no run. */
export function readCostLimits(costs: Settings): readonly CostLimit[] {
  const limits = new Map<string, CostLimit>();
  for (const { node } of costs.maps('limits')) {
    const fields = new Fields(node, costs.report, { of: "an item of 'costs.limits'" });
    const limit = readLimit(fields);
    fields.checkKeys(KEYS);
    if (limit === null) continue;
    if (limits.has(limit.name)) costs.report.add('error', `There are two limits '${limit.name}'.`, fields.spot('name'));
    limits.set(limit.name, limit);
  }
  return [...limits.values()];
}

function readLimit(fields: Fields<Settings['report']>): CostLimit | null {
  const [name, max_cost] = [fields.text('name'), fields.text('max_cost')];
  fields.required('name');
  fields.required('max_cost', 'Write USD such as 5 or "0.50".');
  if (name === undefined || max_cost === undefined) return null;
  if (!NAME.test(name)) fields.wrong('name', 'letters, digits, spaces, dots and dashes, at most 60');
  const limit: CostLimit = {
    ...{ name, max_cost },
    period: fields.text('period') ?? null,
    timezone: fields.text('timezone') ?? 'UTC',
    scope: fields.word('scope', LIMIT_SCOPES) ?? 'global',
    scope_id: fields.text('scope_id') ?? null,
    alert_threshold: fields.number('alert_threshold', { above: 0, max: 100 }) ?? null,
    action_on_limit: fields.word('action_on_limit', LIMIT_ACTIONS) ?? 'warn',
    allow_unpriced: fields.flag('allow_unpriced') ?? false,
  };
  const problem = limitProblem(limit);
  if (problem === null) return { ...limit, max_cost: limitAmount(max_cost) ?? max_cost };
  fields.report.add('error', problem.message, fields.spot(problem.field), problem.hint);
  return null;
}
