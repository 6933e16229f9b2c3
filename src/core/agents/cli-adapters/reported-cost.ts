import { fromE10 } from '../../../shared/decimal.ts';
import type { Json } from '../../../shared/json.ts';

const MAX_USD = 100_000;

/**
 * An amount in USD that an agent printed as a float, as exact decimal text of at most ten places. null = it said none: agents that
 * know no price say 0.
 */
export function decimalUsd(value: Json | undefined): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > MAX_USD) return null;
  return fromE10(Math.round(value * 1e10));
}
