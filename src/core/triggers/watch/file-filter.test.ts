import { describe, expect, it } from 'vitest';
import { createFileFilter, type FilterRules } from './file-filter.ts';

const DEFAULTS: FilterRules = { patterns: ['*'], ignorePatterns: [], regex: null, recursive: true };

function filterOf(rules: Partial<FilterRules>) {
  const filter = createFileFilter({ ...DEFAULTS, ...rules });
  if ('problems' in filter) throw new Error(filter.problems.map(({ message }) => message).join('; '));
  return filter;
}

describe('which files a watch means', () => {
  it.each([
    [{}, 'sub/a.txt', true],
    [{ recursive: false }, 'sub/a.txt', false],
    [{ recursive: false }, 'a.txt', true],
    [{ patterns: ['*.csv', '!draft-*'] }, 'in/a.csv', true],
    [{ patterns: ['*.csv', '!draft-*'] }, 'in/draft-a.csv', false],
    [{ patterns: ['!*.log'] }, 'a.txt', true],
    [{ patterns: ['!*.log'] }, 'a.log', false],
    [{ patterns: ['!*.log'] }, '.env', false],
    [{ patterns: [] }, 'a.txt', false],
    [{ ignorePatterns: ['*.csv'] }, 'a.csv', false],
    [{ patterns: ['a.csv'], ignorePatterns: ['*.csv'] }, 'a.csv', false],
    [{ ignorePatterns: ['*.csv', '!keep.csv'] }, 'keep.csv', true],
    [{ ignorePatterns: ['build'] }, 'x/build/deep/a.txt', false],
    [{ ignorePatterns: ['build/'] }, 'build', true],
    [{ patterns: ['.*'], ignorePatterns: ['*.env'] }, '.env', false],
    [{ patterns: ['.*'] }, '.git/config', false],
    [{ patterns: ['**/*'] }, 'node_modules/x/a.js', false],
    [{ patterns: ['.aiworkflow/**'] }, '.aiworkflow/workflows/a.md', true],
    [{ patterns: ['.aiworkflow/**'] }, '.aiworkflow/state/runs/a.md', false],
    [{ regex: '^in/[0-9]{4}' }, 'in/2026.csv', true],
    [{ regex: '^[0-9]{4}\\.' }, 'in/2026.csv', true],
    [{ regex: '^[0-9]{5}' }, 'in/2026.csv', false],
  ] as const)('%j against %s: %s', (rules, path, expected) => {
    expect(filterOf(rules).wants(path)).toBe(expected);
  });

  it.each([
    '.a.txt.swp',
    '.a.txt.swx',
    'a.txt~',
    '.#a.txt',
    '#a.txt#',
    '4913',
    '.~lock.plan.ods#',
    '~$plan.docx',
    '.goutputstream-X1',
    '.a.txt.kate-swp',
    'a.txt.crswap',
    'a.txt___jb_tmp___',
    '.subl12.tmp',
  ])('never the swap file %s', (name) => {
    expect(filterOf({ patterns: ['*', '.*'] }).wants(`notes/${name}`)).toBe(false);
  });

  it('enters no folder in which nothing can be meant', () => {
    const filter = filterOf({ ignorePatterns: ['build/**', 'tmp', 'logs/*.txt'] });
    const entered = ['', 'src', 'build', 'tmp', 'a/tmp', 'logs', '.venv', '.git', 'node_modules', 'a/node_modules'];
    expect(entered.filter(filter.enters)).toEqual(['', 'src', 'logs']);
    expect(filterOf({ patterns: ['.config/*.yml'] }).enters('.config')).toBe(true);
    expect(filterOf({ ignorePatterns: ['build/**', '!build/keep.txt'] }).wants('build/keep.txt')).toBe(true);
    expect(filterOf({ ignorePatterns: ['build/**', '!build/keep.txt'] }).enters('build')).toBe(true);
    expect(filterOf({ recursive: false }).enters('src')).toBe(false);
  });

  it('says all that is wrong with its rules', () => {
    expect(
      createFileFilter({ ...DEFAULTS, patterns: ['', '../x'], ignorePatterns: ['{a,b}'.repeat(9)], regex: '(?=x)' }),
    ).toEqual({
      problems: [
        { key: 'patterns', message: "The pattern '' is empty" },
        { key: 'patterns', message: "The pattern '../x' leaves its folder by '..'" },
        { key: 'ignore_patterns', message: expect.stringContaining('more than 100 patterns') },
        { key: 'regex', message: expect.stringContaining('is not a pattern that can be used') },
      ],
    });
  });

  it('is not held up by a regex of a stranger', () => {
    expect(filterOf({ regex: '(a+)+$' }).wants(`${'a'.repeat(200)}b`)).toBe(false);
  });
});
