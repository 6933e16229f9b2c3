import { divideHalfUp, fromE10 } from '../../shared/decimal.ts';
import type { TokenUsage } from '../../shared/model/agent.ts';
import type { PriceRow } from './price-row.ts';

const TOKENS_OF_A_PRICE = 1_000_000n;

/**
 * What the tokens of a call cost at these prices (SPEC §11 "Formula"): exact, rounded half up to ten places. Cached and written-to-cache
 * tokens are part of the input, reasoning tokens of the output; counts that say otherwise never make a negative part.
 */
export function costOf(usage: TokenUsage, row: PriceRow): string {
  const cached = tokens(usage.cachedTokens);
  const written = tokens(usage.cacheWriteTokens);
  const reasoning = tokens(usage.reasoningTokens);
  const total =
    rest(usage.inputTokens, cached + written) * BigInt(row.input) +
    cached * BigInt(row.cachedInput ?? row.input) +
    written * BigInt(row.cacheWrite ?? row.input) +
    rest(usage.outputTokens, reasoning) * BigInt(row.output) +
    reasoning * BigInt(row.reasoning ?? row.output);
  return fromE10(divideHalfUp(total, TOKENS_OF_A_PRICE));
}

/** Agents count; what they say is taken as a whole number that is not negative. */
const tokens = (count: number): bigint => (Number.isFinite(count) && count > 0 ? BigInt(Math.trunc(count)) : 0n);

function rest(all: number, part: bigint): bigint {
  const left = tokens(all) - part;
  return left > 0n ? left : 0n;
}
