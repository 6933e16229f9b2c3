import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { readInputItem, readInputs } from './input-items.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aiw-inputs-'));
  writeFileSync(join(folder, 'text.txt'), 'from = a file\n');
  writeFileSync(join(folder, 'value.json'), '{"a":[1]}');
  writeFileSync(
    join(folder, 'bomb.yaml'),
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`)
      .join('\n')}\n`,
  );
  writeFileSync(join(folder, 'twice.yaml'), 'a: 1\na: 2\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['name=value', ['name', 'value']],
  ['name=', ['name', '']],
  ['name=a=b', ['name', 'a=b']],
  ['count:=3', ['count', 3]],
  ['list:=[1, "x", null]', ['list', [1, 'x', null]]],
  ['text=@text.txt', ['text', 'from = a file\n']],
  ['data:=@value.json', ['data', { a: [1] }]],
  ['a:b=c', ['a:b', 'c']],
])('%s', (item, expected) => {
  expect(readInputItem(item, folder)).toEqual(expected);
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
};

it.each([
  ['name', 'usage.invalid'],
  ['=value', 'usage.invalid'],
  [':=1', 'usage.invalid'],
  ['a:={', 'usage.invalid'],
  ['a=@nowhere', 'file.not_found'],
  ['a=@.', 'file.io'],
])('%s is refused with %s', (item, code) => {
  expect(codeOf(() => readInputItem(item, folder))).toBe(code);
});

it.each(['bomb.yaml', 'twice.yaml'])('%s is refused', (file) => {
  expect(codeOf(() => readInputs({ items: [], file }, folder))).toBe('input.invalid');
});

it('gives own keys only, and never throws anything but a typed error', () => {
  const polluted = readInputs({ items: ['__proto__=x', 'toString=y'] }, folder);
  expect(Object.getPrototypeOf(polluted)).toBe(Object.prototype);
  expect(Object.keys(polluted)).toEqual(['__proto__', 'toString']);
  fc.assert(
    fc.property(fc.string(), (item) => {
      if (item.includes('=@')) return;
      const code = codeOf(() => readInputItem(item, folder));
      expect(['none', 'usage.invalid']).toContain(code);
      if (code === 'none') expect(item).toContain('=');
    }),
    { seed: 20_260_122, numRuns: 500 },
  );
});

it('keeps every digit of raw JSON and says what it read otherwise', () => {
  const warnings: string[] = [];
  const items = [
    'id:=1182937465019283746',
    'order:={"ids": [1, 18446744073709551615], "mean": NaN}',
    'n:=9007199254740991',
  ];
  expect(readInputs({ items }, folder, (message) => warnings.push(message))).toEqual({
    id: '1182937465019283746',
    order: { ids: [1, '18446744073709551615'], mean: null },
    n: 9_007_199_254_740_991,
  });
  expect(warnings).toEqual([
    'id: 1182937465019283746 is kept as text',
    'order.ids[1]: 18446744073709551615 is kept as text',
    'order.mean: NaN is no number that can be kept; it became null',
  ]);
});
