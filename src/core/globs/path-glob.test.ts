import { describe, expect, it } from 'vitest';
import { readPathGlob } from './index.ts';

function meets(pattern: string, path: string, dots = false): boolean {
  const glob = readPathGlob(pattern);
  if ('problem' in glob) throw new Error(glob.problem);
  return glob.test(path.split('/'), { dots });
}

describe('a pattern of paths', () => {
  it.each([
    ['*', 'a.txt', true],
    ['*', 'sub/deep/a.txt', true],
    ['*.md', 'notes/a.md', true],
    ['*.md', 'notes/a.mdx', false],
    ['notes/*.md', 'notes/a.md', true],
    ['notes/*.md', 'notes/old/a.md', false],
    ['notes/*.md', 'x/notes/a.md', false],
    ['notes/**/*.md', 'notes/a.md', true],
    ['notes/**/*.md', 'notes/old/older/a.md', true],
    ['notes/**', 'notes/old/a.md', true],
    ['notes/**', 'notes', false],
    ['**/a.md', 'a.md', true],
    ['/a.md', 'a.md', true],
    ['/a.md', 'sub/a.md', false],
    ['./in/a.md', 'in/a.md', true],
    ['report-?.csv', 'report-1.csv', true],
    ['report-?.csv', 'report-10.csv', false],
    ['report-[0-9a-f].csv', 'report-c.csv', true],
    ['report-[!0-9].csv', 'report-1.csv', false],
    ['*.{csv,tsv}', 'x/a.tsv', true],
    ['{in,out}/{a,b{1,2}}.txt', 'out/b2.txt', true],
    ['{in,out}/{a,b{1,2}}.txt', 'out/b.txt', false],
    ['a{b}.txt', 'a{b}.txt', true],
    ['\\*.txt', '*.txt', true],
    ['\\*.txt', 'a.txt', false],
    ['*', '.env', false],
    ['**', 'a/.env', false],
    ['.env', 'a/.env', true],
    ['.*', '.env', true],
    ['*.txt', '.hidden/a.txt', false],
    ['.hidden/*.txt', '.hidden/a.txt', true],
    ['**/.hidden/**', 'a/.hidden/b/c', true],
    ['?env', '.env', false],
    ['[.]env', '.env', false],
  ] as const)('%s against %s: %s', (pattern, path, expected) => {
    expect(meets(pattern, path)).toBe(expected);
  });

  it('meets names that begin with a dot like others where that is asked for', () => {
    expect(meets('*.tmp', '.a.tmp', true)).toBe(true);
    expect(meets('cache/**', 'cache/.x/y', true)).toBe(true);
  });

  it.each([
    ['', /empty/],
    ['../*.txt', /leaves its folder/],
    ['x'.repeat(1_001), /1,000 characters/],
    ['{a,b}'.repeat(7), /100 patterns/],
  ] as const)('says why %j is none', (pattern, problem) => {
    expect(readPathGlob(pattern)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('is not held up by one that makes regular expressions go back and forth', () => {
    expect(meets(`${'*a'.repeat(400)}*b`, 'a'.repeat(4_000))).toBe(false);
    expect(meets(Array(200).fill('**').join('/'), Array(200).fill('d').join('/'))).toBe(true);
  });
});
