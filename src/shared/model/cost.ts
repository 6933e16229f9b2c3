import type { JsonMap } from '../json.ts';

/** Where a cost comes from: the agent said it, our price table, or our count of tokens times the price table. */
export type CostSource = 'reported' | 'computed' | 'estimated';

/** What a run has cost so far. Amounts are exact decimal texts in USD, never floats. */
export interface RunCost {
  readonly usd: string;
  /** Calls of models, failed and repaired ones too. */
  readonly calls: number;
  /** Of these, calls whose model has no price: their cost is not in `usd`. */
  readonly unpricedCalls: number;
}

/** Nothing was spent. */
export const NO_COST: RunCost = { usd: '0', calls: 0, unpricedCalls: 0 };

/** SPEC §11 "Record", in its words, as the command line and exports print it. */
export interface CostRecord {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly workflow_id: string;
  readonly run_id: string;
  readonly step_name: string;
  readonly agent_name: string;
  readonly model_name: string | null;
  readonly token_usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cached_tokens: number;
    readonly reasoning_tokens: number;
    readonly total_tokens: number;
  };
  /** Decimal text; null = unpriced. */
  readonly estimated_cost: string | null;
  readonly currency: 'USD';
  readonly unit: 'tokens';
  readonly source: CostSource;
  /** Who started the run; null = nobody knows any more. */
  readonly actor: string | null;
  /** What of the call is in no amount, in words; null = nothing. */
  readonly unpriced_part: string | null;
  readonly metadata: JsonMap;
}

/** A sum over some records. */
export interface CostGroup {
  readonly name: string;
  /** Null = none of its calls has a price. */
  readonly cost: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly requests: number;
  readonly unpriced_requests: number;
}

/** SPEC §11 "Summary". */
export interface CostSummary {
  readonly start_time: string | null;
  readonly end_time: string | null;
  /** Null = there were calls, and none has a price. */
  readonly total_cost: string | null;
  readonly total_input_tokens: number;
  readonly total_output_tokens: number;
  readonly total_requests: number;
  readonly unpriced_requests: number;
  /** Calls with a cost in which a part is missing, such as searches by the provider. */
  readonly partly_priced_requests: number;
  readonly by_workflow: readonly CostGroup[];
  readonly by_agent: readonly CostGroup[];
  readonly by_model: readonly CostGroup[];
}

/** What mended prices change of calls that were booked (SPEC §11). Amounts are USD as decimal text. */
export interface RepricePlan {
  /** Calls that would cost something else. */
  readonly calls: number;
  readonly runs: number;
  /** What those calls cost together as they are booked, and as they would be; calls without a price are in neither. */
  readonly before: string;
  readonly after: string;
  /** With a sign: `-0.5`. */
  readonly difference: string;
  /** Of these calls, those that have no price now and would have one, and the other way round. */
  readonly newly_priced: number;
  readonly newly_unpriced: number;
  /** The same by model, the greatest difference first. */
  readonly by_model: readonly { readonly name: string; readonly calls: number; readonly difference: string }[];
  /** What the act is bound to: send it back. */
  readonly hash: string;
}

/** What a run will cost, from least to most: USD as decimal text; null = a model of it has no price. */
export interface CostRange {
  readonly low: string | null;
  readonly typical: string | null;
  readonly high: string | null;
}

/** What a run of a workflow will cost (SPEC §11 "Estimator"). */
export interface CostEstimate extends CostRange {
  readonly workflow_id: string;
  /** The one that was asked about; null = those that the steps have. */
  readonly model: string | null;
  /** Calls of agents in a run. */
  readonly calls: { readonly low: number; readonly high: number };
  /** A loop's items, or what a child run does, are not known before: it may be more. */
  readonly is_open: boolean;
  /** From what: the tokens of the newest completed runs, or the steps as they are written. */
  readonly based_on: 'history' | 'plan';
  /** How many runs of the past it is made of. */
  readonly runs: number;
  /** Models without a price; `unknown` = an agent's own default. */
  readonly unpriced_models: readonly string[];
}

/** What an agent's runs have come to over the real history. */
export interface AgentRecord {
  readonly agent: string;
  /** Runs that have ended, and those of them that completed. */
  readonly runs: number;
  readonly completed: number;
  /** USD as decimal text: all of its runs together, and what a completed one cost, for what failed is paid by those; null = none completed. */
  readonly cost: string;
  readonly cost_per_completed: string | null;
  /** How long a completed run was at work, in the middle and for nine of ten, in seconds; null = none completed. */
  readonly median_seconds: number | null;
  readonly p90_seconds: number | null;
}

/** Models side by side, and how agents have done. */
export interface CostComparison {
  readonly workflow_id: string;
  /** What a usual run costs with each; null = no price. */
  readonly models: Readonly<Record<string, string | null>>;
  readonly estimates: readonly CostEstimate[];
  readonly agents: readonly AgentRecord[];
}

/** By what spending is told apart. */
export const SPEND_GROUPS = ['workflow', 'agent', 'model'] as const;
export type SpendGroup = (typeof SPEND_GROUPS)[number];

/** A sum over the calls of one name in one period. */
export interface SpendPart {
  readonly name: string;
  /** Null = none of its calls has a price. */
  readonly cost: string | null;
  readonly requests: number;
  readonly unpriced_requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** A day or a month of a zone. */
export interface SpendPeriod extends Omit<SpendPart, 'name'> {
  /** `2026-11-19` or `2026-11`. */
  readonly period: string;
  /** ISO 8601, UTC; the period has its start and not its end. */
  readonly starts_at: string;
  readonly ends_at: string;
  /** The most expensive first. */
  readonly parts: readonly SpendPart[];
}

/** What was spent, day by day or month by month on the clocks of a zone, without a gap. */
export interface CostSpend {
  readonly zone: string;
  readonly unit: 'day' | 'month';
  readonly by: SpendGroup;
  readonly periods: readonly SpendPeriod[];
  /** What today costs, as the days before went: decimal text for a weekday and for a day of the weekend. Null = too little has happened. */
  readonly usual: { readonly weekday: string; readonly weekend: string } | null;
  /** Runs that ended within the periods, how many completed, and what one that completed cost: what failed is paid by those. */
  readonly runs: { readonly ended: number; readonly completed: number; readonly cost_per_completed: string | null };
}
