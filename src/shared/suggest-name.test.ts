import { describe, expect, it } from 'vitest';
import { suggestName } from './suggest-name.ts';

describe('suggestName', () => {
  it.each([
    ['custmer', ['customer', 'order'], 'customer'],
    ['ordre', ['customer', 'order'], 'order'],
    ['Status', ['status'], 'status'],
    ['b', ['a', 'c'], 'a'],
    ['zzz', ['customer'], undefined],
    ['name', ['name'], undefined],
    ['', ['a'], undefined],
    ['word', [], undefined],
    ['x'.repeat(101), ['x'.repeat(100)], undefined],
  ])('%s of %j is %s', (word, candidates, expected) => expect(suggestName(word, candidates)).toBe(expected));

  it('takes the nearest one, and of several the first with the same first letter, else the first', () => {
    expect(suggestName('tols.x', ['role.x', 'tool.x', 'toll.x'])).toBe('toll.x');
    expect(suggestName('tols.x', ['role.x', 'tool.x', 'time.x'])).toBe('tool.x');
    expect(suggestName('timeouts', ['timeout_s', 'timeout', 'timeouts_'])).toBe('timeout_s');
    expect(suggestName('retires', ['require', 'retries'])).toBe('retries');
  });

  it('lets at most a third of the letters differ', () => {
    expect(suggestName('abcdef', ['abcdxy'])).toBe('abcdxy');
    expect(suggestName('abcdef', ['abcxyz'])).toBeUndefined();
  });
});
