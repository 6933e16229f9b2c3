import { describe, expect, it } from 'vitest';
import { readBundleIgnore } from './bundle-ignore.ts';

describe('readBundleIgnore', () => {
  it.each([
    ['', 'a.txt', false],
    ['', '.env', true],
    ['', 'deep/.git/config', true],
    ['', 'tools/__pycache__/x', true],
    ['', 'x.pyc', true],
    ['', '.DS_Store', true],
    ['', '.env.example', false],
    ['', '.gitignore', false],
    ['*.log', 'a.log', true],
    ['*.log', 'deep/a.log', true],
    ['*.log', 'a.log.txt', false],
    ['/a.txt', 'a.txt', true],
    ['/a.txt', 'deep/a.txt', false],
    ['deep/*.txt', 'deep/a.txt', true],
    ['deep/*.txt', 'x/deep/a.txt', false],
    ['**/x.txt', 'a/b/x.txt', true],
    ['**/x.txt', 'x.txt', true],
    ['a/**/x', 'a/x', true],
    ['a/**/x', 'a/b/c/x', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a', false],
    ['?.txt', 'a.txt', true],
    ['?.txt', 'ab.txt', false],
    ['[a-c].txt', 'b.txt', true],
    ['[!a-c].txt', 'b.txt', false],
    ['[!a-c].txt', 'd.txt', true],
    ['# comment', '# comment', false],
    ['*.txt\n!keep.txt', 'keep.txt', false],
    ['*.txt\n!keep.txt', 'drop.txt', true],
    ['!.env', '.env', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
  ])('%j on %s: %s', (text, path, expected) => expect(readBundleIgnore(text)(path, false)).toBe(expected));

  it('takes a trailing slash as "folders only"', () => {
    const isIgnored = readBundleIgnore('build/');
    expect(isIgnored('build', true)).toBe(true);
    expect(isIgnored('build', false)).toBe(false);
  });

  it('does not hang on patterns made for it', () => {
    const isIgnored = readBundleIgnore(`${'*a'.repeat(200)}b\n${'**/'.repeat(200)}x`);
    expect(isIgnored('a'.repeat(5_000), false)).toBe(false);
    expect(isIgnored(`${'a/'.repeat(60)}y`, false)).toBe(false);
  });
});
