import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderValue, scopeOf } from '../index.ts';

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

/** Half to even on every digit that the binary value has. */
function roundExactly(value: number, precision: number): number {
  const [whole = '', decimals = ''] = Math.abs(value).toFixed(100).split('.');
  const kept = BigInt(whole + decimals.slice(0, precision));
  const rest = decimals.slice(precision);
  const half = `5${'0'.repeat(rest.length - 1)}`;
  const isUp = rest > half || (rest === half && kept % 2n === 1n);
  const digits = String(kept + (isUp ? 1n : 0n)).padStart(precision + 1, '0');
  return Number(`${value < 0 ? '-' : ''}${digits.slice(0, -precision)}.${digits.slice(-precision)}`) + 0;
}

test(`round agrees with exact rounding, halves and their neighbours too (seed ${SEED})`, () => {
  const halves = fc
    .tuple(fc.integer({ min: -20_000_000, max: 20_000_000 }), fc.constantFrom(2, 4, 8, 16, 1000, 2000, 200_000))
    .map(([count, parts]) => count / parts);
  const any = fc.double({ min: -1e12, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(fc.oneof(halves, any), fc.integer({ min: 1, max: 8 }), (x, precision) => {
      const { value } = renderValue('{{ x | round(p) }}', scopeOf({ x, p: precision }), { now: 0 });
      expect([x, precision, value]).toEqual([x, precision, roundExactly(x, precision)]);
    }),
    { seed: SEED, numRuns: 3000 },
  );
});
