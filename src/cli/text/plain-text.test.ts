import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut, oneLine, plainText } from './plain-text.ts';

it('takes away what a terminal would obey, and leaves what it shows', () => {
  expect(plainText('\u001b[31mred\u001b[0m \u001b]0;title\u0007é\t✓\n')).toBe('red é\t✓\n');
  expect(plainText('a\rb\u0008c\u009b2Jd')).toBe('abc2Jd');
  expect(oneLine('  two\n lines\u0000 ')).toBe('two lines');
});

it('never lets a control character through', () => {
  const check = fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(plainText(text)).not.toMatch(/(?![\t\n])\p{Cc}/u);
  });
  fc.assert(check, { seed: 1, numRuns: 500 });
});

it('cuts by characters', () => {
  expect(cut('abcdef', 4)).toBe('abc…');
  expect(cut('abcd', 4)).toBe('abcd');
  expect(cut('👍👍👍', 2)).toBe('👍…');
});
