import type { Json } from '../../../shared/json.ts';

/** So many deliveries in such a time. */
export interface RateLimit {
  readonly count: number;
  readonly perMs: number;
}

/** SPEC §7.3. */
export const DEFAULT_RATE_LIMIT: RateLimit = { count: 60, perMs: 60_000 };

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  sec: 1000,
  second: 1000,
  min: 60_000,
  m: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
};
const MOST = 1_000_000;

/** `rate_limit` as it is written: a number a minute, or a text such as `10/s`, `600/min`, `1000/h`; null = none of these. */
export function readRateLimit(written: Json): RateLimit | null {
  if (typeof written === 'number') return limitOf(written, 60_000);
  if (typeof written !== 'string') return null;
  const found = /^\s*(\d{1,7})\s*(?:\/\s*([a-z]+))?\s*$/.exec(written);
  const perMs = UNITS[found?.[2] ?? 'min'];
  return found === null || perMs === undefined ? null : limitOf(Number(found[1]), perMs);
}

const limitOf = (count: number, perMs: number): RateLimit | null =>
  Number.isInteger(count) && count >= 1 && count <= MOST ? { count, perMs } : null;

/** A bucket of tokens: full at first, filled evenly, one token a delivery. Counted in whole numbers: `perMs` of them are a token. */
export class TokenBucket {
  readonly #limit: RateLimit;
  #level: number;
  #filledAt: number;

  constructor(limit: RateLimit, nowAt: number) {
    this.#limit = limit;
    this.#level = limit.count * limit.perMs;
    this.#filledAt = nowAt;
  }

  /** 0 = taken; else after how many ms the next one can be. A clock that was set back fills nothing and takes nothing away. */
  take(nowAt: number): number {
    const { count, perMs } = this.#limit;
    const filled = Math.max(0, nowAt - this.#filledAt) * count;
    this.#level = Math.min(count * perMs, this.#level + filled);
    this.#filledAt = nowAt;
    if (this.#level < perMs) return Math.ceil((perMs - this.#level) / count);
    this.#level -= perMs;
    return 0;
  }
}
