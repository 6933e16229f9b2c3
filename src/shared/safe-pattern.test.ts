import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { compilePattern, patternBudget, patternProblem } from './safe-pattern.ts';

const HONEST = [
  '^[a-z][a-z0-9_-]*$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$',
  '^(?:https?|ftp)://[^\\s/?#]+(?:/[^\\s]*)?$',
  '(?i)\\b(?:todo|fixme)\\b',
  '^.{1,255}$',
  '^\\p{L}[\\p{L}\\p{N} .-]{0,79}$',
  '^(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$',
  '^[\\s\\S]{0,1000}$',
  '[]x]{2}',
  '\\Q{1,1000}(\\E',
  '',
];

describe('honest patterns', () => {
  test.each(HONEST)('%s says of every text what RE2 says', (source) => {
    const pattern = compilePattern(source);
    expect(patternProblem(source)).toBeNull();
    const plain = RE2JS.compile(source);
    const texts = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.stringMatching(/^[a-z0-9@.:\-/ ]{0,40}$/),
      fc.constantFrom('2026-01-31', 'a@b.cd', 'https://x.y/z', 'aa:bb:cc:dd:ee:ff', 'a TODO b', '{1,1000}(', 'xx'),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(pattern?.test(text)).toBe(plain.matcher(text).find());
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test('are run over long texts too', () => {
    expect(compilePattern('^[\\w\\s.,-]+$')?.test('word, '.repeat(150_000))).toBe(true);
    expect(compilePattern('[^a-z]')?.test(`${'a'.repeat(1_000_000)}!`)).toBe(true);
  });
});

describe('a pattern that costs too much', () => {
  test.each(['(?:.{0,1000}x)?$', '\\p{L}{1,1000}$', '(?i)(?:\\p{L}|\\p{N}){1,1000}!'])(
    '%s is run over a short text and leaves a long one undecided',
    (source) => {
      const pattern = compilePattern(source);
      expect(pattern?.test('abc')).toBe(!source.endsWith('!'));
      expect(pattern?.test('a'.repeat(900_000))).toBeNull();
    },
  );

  test.each([
    ['.{0,1000}'.repeat(111), 'counts too much'],
    ['(?:(?:ab){1,30}c){1,30}'.repeat(20), 'counts too much'],
    ['(?:\\pL|\\PL|x){1000}'.repeat(30), 'counts too much'],
    ['a'.repeat(1_001), 'longer than 1000 characters'],
    ['(?=a)', 'RE2: no look-around, no back references'],
    ['(a)\\1', 'RE2: no look-around, no back references'],
    ['(', 'RE2'],
    ['a)', 'RE2'],
  ])('%# is no pattern, and why', (source, why) => {
    expect(compilePattern(source)).toBeNull();
    expect(patternProblem(source)).toContain(why);
  });

  test('many of them together: a budget ends for reading and for running', () => {
    const reading = patternBudget();
    const sources = Array.from({ length: 3_000 }, (_, n) => `(?:.{0,1000}x)?${n}$`);
    const read = sources.filter((source) => compilePattern(source, reading) !== null).length;
    expect(read).toBeLessThan(50);
    expect(patternProblem(sources[2_999] ?? '', reading)).toContain('too many');
    const running = patternBudget();
    const pattern = compilePattern('^[a-z]+$');
    const verdicts = Array.from({ length: 1_000 }, () => pattern?.test('a'.repeat(100_000), running));
    expect(verdicts[0]).toBe(true);
    expect(verdicts.at(-1)).toBeNull();
    expect(pattern?.test('abc', patternBudget(10))).toBeNull();
  });

  test('no program is larger than its bound says', () => {
    const piece = fc.constantFrom('a', '.', '[a-z]', '\\d', '\\p{L}', '(?:ab|c)', 'x*', 'y?', '(z+)');
    const count = fc.tuple(fc.nat(12), fc.nat(12)).map(([least, more]) => `{${least},${least + more}}`);
    const counted = fc.tuple(fc.array(piece, { minLength: 1, maxLength: 4 }), count);
    const sources = fc
      .array(counted, { minLength: 1, maxLength: 5 })
      .map((parts) => parts.map(([pieces, times]) => `(?:${pieces.join('')})${times}`).join('|'));
    fc.assert(
      fc.property(sources, (source) => {
        const left = 10_000_000;
        const budget = patternBudget(left);
        if (compilePattern(source, budget) === null) return;
        expect((left - budget.left) / 200).toBeGreaterThanOrEqual(RE2JS.compile(source).programSize());
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
