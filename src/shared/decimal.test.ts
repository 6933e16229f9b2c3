import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfUp, fromE10, roundDecimal, toE10 } from './decimal.ts';

const safe = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

describe('toE10 and fromE10', () => {
  it.each([
    ['0', 0],
    ['0.0125', 125_000_000],
    ['0.0000000001', 1],
    ['-1.5', -15_000_000_000],
    ['900719.9254740991', Number.MAX_SAFE_INTEGER],
  ])('%s', (text, value) => {
    expect(toE10(text)).toBe(value);
    expect(fromE10(value)).toBe(text);
  });

  it('takes texts that say more than they must', () => {
    expect(toE10('0.0750')).toBe(750_000_000);
    expect(Object.is(toE10('-0'), 0)).toBe(true);
  });

  it.each(['', '.5', '1.', '1e3', '0x1', ' 1', '1,5', '0.00000000001', '900719.9254740992', 'NaN', '--1'])(
    'refuses %j',
    (text) => expect(() => toE10(text)).toThrow(RangeError),
  );

  it('are each other backwards, for every amount that can be stored', () => {
    fc.assert(fc.property(safe, (value) => toE10(fromE10(value)) === value));
  });

  it('adds without a trace of floating point', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 ** 12 }), { maxLength: 50 }), (values) => {
        const sum = values.map(fromE10).reduce((total, text) => total + toE10(text), 0);
        return fromE10(sum) === fromE10(values.reduce((total, value) => total + BigInt(value), 0n));
      }),
    );
  });

  it('prints sums that no number holds', () =>
    expect(fromE10(9_223_372_036_854_775_807n)).toBe('922337203.6854775807'));
});

describe('roundDecimal', () => {
  it.each([
    ['0.0104567', '0.0104567'],
    ['1.5e-7', '0.00000015'],
    ['12E+1', '120'],
    ['0.00000000005', '0.0000000001'],
    ['0.000000000049', '0'],
    ['0.12345678905', '0.1234567891'],
    [' 3 ', '3'],
    ['900719.92547409914', '900719.9254740991'],
  ])('%s = %s', (text, rounded) => expect(roundDecimal(text)).toBe(rounded));

  it.each(['', '-1', 'NaN', 'Infinity', '900719.9254740992', '1e99', '1e400', '0x10', '1.2.3'])(
    'gives nothing for %j',
    (text) => expect(roundDecimal(text)).toBeNull(),
  );

  it('takes every number as the language prints it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 900_000, noNaN: true }), (value) => {
        const rounded = roundDecimal(String(value));
        return rounded !== null && Math.abs(Number(rounded) - value) <= 1e-9;
      }),
    );
  });
});

it('divideHalfUp is the nearest whole number, the upper one of two', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (value, by) => {
      const rest = value - divideHalfUp(value, by) * by;
      return 2n * rest < by && 2n * rest >= -by;
    }),
  );
});
