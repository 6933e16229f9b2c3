import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationText, parseDuration } from './parse-duration.ts';

describe('parseDuration', () => {
  it.each<[string | number, number]>([
    ['60s', 60],
    ['5m', 300],
    ['1h', 3600],
    ['1d', 86_400],
    ['120', 120],
    ['1.5h', 5400],
    ['500ms', 0.5],
    ['1h30m', 5400],
    ['2m 5s', 125],
    [' 1H 30M ', 5400],
    ['.5s', 0.5],
    ['5 m', 300],
    [90, 90],
    [0, 0],
    ['366d', 366 * 86_400],
  ])('%j is %d seconds (SPEC §16)', (text, seconds) => {
    expect(parseDuration(text)).toEqual({ ms: seconds * 1000 });
  });

  it.each(['abc', '', '   ', '5x', '1h30', 'h', '1..5s', '5m-', '1e3s', `${'1s'.repeat(80)}`])(
    '%j is 300 s with a problem',
    (text) => {
      const read = parseDuration(text);
      expect(read.ms).toBe(300_000);
      expect(read.problem).toBeTruthy();
    },
  );

  it.each([
    '-5',
    '-5s',
    '- 1h',
    'nan',
    'NaN',
    '367d',
    '99999999999',
    '9'.repeat(99),
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('%j cannot be used', (text) => {
    const read = parseDuration(text);
    expect(read.ms).toBeNull();
    expect(read.problem).toBeTruthy();
  });

  it('answers for every text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { ms, problem } = parseDuration(text);
        expect(ms === null ? problem !== undefined : Number.isInteger(ms) && ms >= 0).toBe(true);
      }),
    );
  });
});

it('a duration is written so that it is read as the same', () => {
  expect([86_400_000, 5_400_000, 90_000, 1_500, 0].map(durationText)).toEqual(['24h', '90m', '90s', '1500ms', '0h']);
  fc.assert(fc.property(fc.nat(366 * 86_400_000), (ms) => parseDuration(durationText(ms)).ms === ms));
});
