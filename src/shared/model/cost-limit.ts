/** What a limit counts the calls of. */
export const LIMIT_SCOPES = ['global', 'workflow', 'agent', 'model', 'run'] as const;
export type LimitScope = (typeof LIMIT_SCOPES)[number];

/**
 * What happens to a call for which a limit has no room: `warn` lets it go, `notify` too and tells the project's channels, `block` fails its
 * step, `pause` parks its run.
 */
export const LIMIT_ACTIONS = ['warn', 'notify', 'block', 'pause'] as const;
export type LimitAction = (typeof LIMIT_ACTIONS)[number];

/** SPEC §11 "Limit", in its words. */
export interface CostLimit {
  readonly name: string;
  /** USD as decimal text. */
  readonly max_cost: string;
  /** `day`, `week`, `month`, or a duration such as `12h` that slides along; null = for ever. */
  readonly period: string | null;
  /** Whose clocks say when a day, a week and a month begin. */
  readonly timezone: string;
  readonly scope: LimitScope;
  /** A workflow's id, an agent's or a model's name; null where the scope is global, or each run for itself. */
  readonly scope_id: string | null;
  /** Percent at which it warns; null = not below 100. */
  readonly alert_threshold: number | null;
  readonly action_on_limit: LimitAction;
  /** Whether calls go through of which nobody knows the price. */
  readonly allow_unpriced: boolean;
}

/** What a limit comes to when the days to come cost what such days usually cost. */
export interface LimitForecast {
  /** What will have been spent at the end of the period: USD as decimal text; null = it has no end. */
  readonly cost: string | null;
  /** The last day of the period on the clocks of the limit, `2026-11-30`; null = it has none. */
  readonly until: string | null;
  /** The day on which it will be full, `2026-11-26`; null = not in this period, or not within a year. */
  readonly full_on: string | null;
}

/** How full a limit is now. */
export interface CostLimitUse extends CostLimit {
  /** It stands in `aiworkflow.yaml`, and is changed there. */
  readonly is_written: boolean;
  /** USD as decimal text; of a limit for each run, what the most expensive one has spent. */
  readonly spent: string;
  /** Held by calls that are under way or were lost: USD as decimal text. */
  readonly reserved: string;
  /** Percent of `max_cost`, one decimal. */
  readonly percent: number;
  /** When it begins anew, ISO 8601; null = it slides, or never. */
  readonly resets_at: string | null;
}

/** A limit, how full it is and what comes. */
export interface CostLimitStatus extends CostLimitUse {
  /** Null = too little has happened to say, or it slides along, or is one of runs. */
  readonly forecast: LimitForecast | null;
  /** Runs that are parked until somebody raises it. */
  readonly waiting_runs: number;
}

/** What is left of a limit with days (SPEC §11); amounts are USD as decimal text, below 0 where more was spent than it says. */
export interface BudgetBurnDown {
  readonly limit: CostLimitStatus;
  /** The days of its period up to today, `2026-11-19`: what each cost, and what was left at its end. */
  readonly days: readonly { readonly day: string; readonly spent: string; readonly left: string }[];
  /** What will be left at the end of today and of each day to come of the period; empty = too little has happened to say. */
  readonly coming: readonly { readonly day: string; readonly left: string }[];
}

/** A run that a limit has parked, and what would let it go on (SPEC §11 `pause`). Instants are UTC ms. */
export interface BudgetQuestion {
  readonly runId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  /** Who started the run. */
  readonly actor: string;
  /** Where it stands. */
  readonly stepName: string | null;
  readonly startedAt: number;
  /** The limit as it is now. */
  readonly limit: CostLimitUse;
  /** What the call may cost at most: USD as decimal text; null = nobody knows. */
  readonly asked: string | null;
  /** The least by which the limit has to be raised for that call: USD as decimal text; 0 = there is room again. */
  readonly needs: string;
  /** When there is room for it by itself and the run goes on, in an app that is open: UTC ms; null = only when somebody answers. */
  readonly goesOnAt: number | null;
  /** Other runs that this limit has parked. */
  readonly others: number;
  /** What an answer is bound to: send it back with the answer. */
  readonly hash: string;
}
