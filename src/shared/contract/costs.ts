import { z } from 'zod';
import {
  type CostComparison,
  type CostEstimate,
  type CostRecord,
  type CostSpend,
  type CostSummary,
  type RepricePlan,
  SPEND_GROUPS,
} from '../model/cost.ts';
import {
  type BudgetBurnDown,
  type BudgetQuestion,
  type CostLimitStatus,
  LIMIT_ACTIONS,
  LIMIT_SCOPES,
} from '../model/cost-limit.ts';
import { runIdField } from './fields.ts';
import { operation } from './operation.ts';

/** Instants in UTC ms; names match exactly. */
const costFilter = {
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  workflow: z.string().max(200).optional(),
  run: z.string().max(120).optional(),
  agent: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
  /** Who started the run. */
  actor: z.string().max(200).optional(),
};

const { since: _since, until: _until, ...spendFilter } = costFilter;

/** Which calls are priced anew. */
const repriceFilter = { since: costFilter.since, until: costFilter.until, model: costFilter.model };

/** What can be done about costs and their limits. */
export const costOperations = {
  'costs.summary': operation<CostSummary>()(z.strictObject(costFilter), 'workflow:read'),
  /** Newest first. */
  'costs.records': operation<{ readonly records: readonly CostRecord[]; readonly nextCursor: string | null }>()(
    z.strictObject({
      ...costFilter,
      limit: z.number().int().min(1).max(1000).default(100),
      cursor: z.string().max(200).optional(),
    }),
    'workflow:read',
  ),
  /** The newest `max` periods up to the one that has `until` (default: now). `contract.invalid_input` for an unknown zone. */
  'costs.spend': operation<CostSpend>()(
    z.strictObject({
      ...spendFilter,
      /** IANA name, such as Europe/Berlin: whose clocks say when a day begins. */
      zone: z.string().max(64),
      unit: z.enum(['day', 'month']),
      by: z.enum(SPEND_GROUPS).default('workflow'),
      since: z.number().int().optional(),
      until: z.number().int().optional(),
      max: z.number().int().min(1).max(400).default(31),
    }),
    'workflow:read',
  ),
  'costs.limits': operation<{ readonly limits: readonly CostLimitStatus[] }>()(z.strictObject({}), 'workflow:read'),
  /**
   * What is left of a limit, day by day, as it was and as it will be. Errors: `cost.limit_not_found`, `contract.invalid_input` = it slides
   * along, or is one of runs.
   */
  'costs.burnDown': operation<BudgetBurnDown>()(z.strictObject({ name: z.string().max(60) }), 'workflow:read'),
  /**
   * Adds a limit or replaces the one of that name; runs that were parked for want of room go on. `contract.invalid_input` for an amount, a
   * period, a zone or a scope that is none, with its field; `cost.limit_written` for one that stands in the settings.
   */
  'costs.setLimit': operation<CostLimitStatus>()(
    z.strictObject({
      name: z.string().regex(/^[\w][\w .-]{0,59}$/),
      max_cost: z.string().max(30),
      period: z.string().max(20).nullable(),
      timezone: z.string().max(64),
      scope: z.enum(LIMIT_SCOPES),
      scope_id: z.string().min(1).max(200).nullable(),
      alert_threshold: z.number().gt(0).max(100).nullable(),
      action_on_limit: z.enum(LIMIT_ACTIONS),
      allow_unpriced: z.boolean(),
    }),
    'config:manage',
    'config.changed',
  ),
  /** What a run of a workflow will cost, before it is started: with the models of its steps, or all with one. Starts and asks nothing. */
  'costs.estimate': operation<CostEstimate>()(
    z.strictObject({ workflow: z.string().max(4096), model: z.string().min(1).max(200).optional() }),
    'workflow:read',
  ),
  /** The same with each of some models, and what agents' runs of the workflow have come to. Without models: those that its runs have used. */
  'costs.compare': operation<CostComparison>()(
    z.strictObject({
      workflow: z.string().max(4096),
      models: z.array(z.string().min(1).max(200)).max(20).optional(),
    }),
    'workflow:read',
  ),
  /** What the price files as they are now would change of calls that are booked; what an agent itself said it cost stays. Changes nothing. */
  'costs.planReprice': operation<RepricePlan>()(z.strictObject(repriceFilter), 'workflow:read'),
  /**
   * Books those calls anew, each as an event of its run; gives what was done. `cost.question_changed` when it would be something else than what
   * `hash` was shown with.
   */
  'costs.reprice': operation<RepricePlan>()(
    z.strictObject({ ...repriceFilter, hash: z.string().max(64) }),
    'config:manage',
    'config.changed',
  ),
  /** Runs that limits have parked, those that stand longest first. */
  'costs.questions': operation<{ readonly questions: readonly BudgetQuestion[] }>()(
    z.strictObject({}),
    'workflow:read',
  ),
  /**
   * Lets a parked run go on: `once` gives this run alone so much more until the limit begins anew, else the limit itself is raised and every
   * run that it has parked goes on. Whoever started the run does not give it more unless he may set limits. Errors: `cost.not_asked` (it is not
   * parked, or not any more), `cost.limit_written` (for good, of one that stands in the settings), `cost.question_changed` (`hash` is of something else), `contract.invalid_input` for an amount that is none or too small.
   */
  'costs.raise': operation<CostLimitStatus>()(
    z.strictObject({
      runId: runIdField,
      limit: z.string().max(60),
      hash: z.string().max(64),
      by: z.string().max(30),
      once: z.boolean(),
    }),
    'approval:approve',
    'config.changed',
    ({ once }) => (once ? [] : ['config:manage']),
  ),
  /** `cost.limit_not_found` where there is none; `cost.limit_written` where it stands in the settings. */
  'costs.removeLimit': operation<null>()(
    z.strictObject({ name: z.string().max(60) }),
    'config:manage',
    'config.changed',
  ),
} as const;
