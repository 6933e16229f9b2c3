/**
 * Amounts of money are exact decimal texts with at most ten places (SPEC §11). Where they are added or stored they are integers of
 * 10^-10, which are safe up to 900,000 USD; sums in SQL may be larger and come as `bigint`.
 */
const PLACES = 10;
const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,10}))?$/;

/** `0.0125` as 125000000. Throws a `RangeError` for what is no decimal text of at most ten places, or too large. */
export function toE10(text: string): number {
  if (text === '0') return 0;
  const match = DECIMAL.exec(text);
  const value = match === null ? Number.NaN : Number(`${match[1]}${match[2]}${(match[3] ?? '').padEnd(PLACES, '0')}`);
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an amount: ${text.slice(0, 40)}`);
  return value === 0 ? 0 : value;
}

/** 125000000 as `0.0125`: no exponent, no trailing zeros. */
export function fromE10(value: number | bigint): string {
  if (value === 0) return '0';
  const exact = BigInt(value);
  const digits = String(exact < 0n ? -exact : exact).padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  return `${exact < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${fraction === '' ? '' : `.${fraction}`}`;
}

const LOOSE = /^(\d{1,15})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * An amount as another program printed it (`1.5e-7`, more than ten places), rounded half up to ten places; null = no amount that is
 * zero or more, or too large to be stored.
 */
export function roundDecimal(text: string): string | null {
  const match = LOOSE.exec(text.trim());
  if (match === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const scale = PLACES + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const value = scale >= 0 ? digits * 10n ** BigInt(scale) : divideHalfUp(digits, 10n ** BigInt(-scale));
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? null : fromE10(value);
}

/** `value / by` for values from zero on, rounded half up. */
export const divideHalfUp = (value: bigint, by: bigint): bigint => (value * 2n + by) / (by * 2n);
