import { fromE10, toE10 } from '../../shared/decimal.ts';
import { NO_USAGE, type TokenUsage } from '../../shared/model/agent.ts';
import type { CostRange } from '../../shared/model/cost.ts';

/** What a call takes of which nothing is known (SPEC §11 "Estimator"). */
export const USUAL_CALL = { inputTokens: 1000, outputTokens: 500 } as const;

/** A step of an agent, as it is planned. */
export interface PlannedCalls {
  readonly agent: string;
  readonly model: string | null;
  /** How often it is called in a run, from least to most. */
  readonly low: number;
  readonly high: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What some tokens cost with an agent and a model: USD as decimal text; null = no price. */
export type PriceTokens = (call: {
  readonly agent: string;
  readonly model: string | null;
  readonly usage: TokenUsage;
}) => string | null;

/** What steps cost as they are written: the usual run makes as many calls as lie in the middle. */
export function planRange(steps: readonly PlannedCalls[], price: PriceTokens): CostRange {
  const sumFor = (callsOf: (step: PlannedCalls) => number): string | null =>
    sumOf(
      steps.map((step) => {
        const { agent, model, inputTokens, outputTokens } = step;
        const one = price({ agent, model, usage: { ...NO_USAGE, inputTokens, outputTokens } });
        return one === null ? null : BigInt(toE10(one)) * BigInt(callsOf(step));
      }),
    );
  return {
    low: sumFor(({ low }) => low),
    typical: sumFor(({ low, high }) => Math.ceil((low + high) / 2)),
    high: sumFor(({ high }) => high),
  };
}

/** What past runs cost: one of ten cost less than the low end, one of ten more than the high one. */
export function pastRange(costs: readonly (string | null)[]): CostRange {
  const known = costs.flatMap((cost) => (cost === null ? [] : [toE10(cost)])).toSorted((one, other) => one - other);
  if (known.length === 0 || known.length < costs.length) return { low: null, typical: null, high: null };
  const at = (part: number): string => fromE10(known[Math.max(0, Math.ceil(known.length * part) - 1)] ?? 0);
  return { low: at(0.1), typical: at(0.5), high: at(0.9) };
}

const sumOf = (parts: readonly (bigint | null)[]): string | null => {
  let sum = 0n;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return fromE10(sum);
};
