import { describe, expect, test } from 'vitest';
import { renderText, renderValue, scopeOf } from './index.ts';

const text = (source: string, data: Record<string, unknown> = {}): string =>
  renderText(source, scopeOf(data), { now: 0 }).text;

describe('vectors of SPEC 16', () => {
  const items = (key: string, ...values: unknown[]): unknown[] => values.map((value) => ({ [key]: value }));
  const oks = (...values: boolean[]): unknown[] => values.map((ok, index) => ({ ok, n: index + 1 }));
  test.each<[string, string, Record<string, unknown>?]>([
    ["{{ 'a long sentence that is definitely more than twenty' | truncate(20) }}", 'a long sentence...'],
    ["{{ 'abcdefghijkl' | truncate(10) }}", 'abcdefghijkl'],
    ["{{ 'abcdefghijklmnopqrst' | truncate(10) }}", 'abcdefg...'],
    ['{{ (24/21*100) | round }}', '114'],
    ['{{ 2.5 | round }} {{ 3.5 | round }}', '2 4'],
    ['{{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }}', '-4 2 64 4'],
    ["{{ 'A' if n > 8 else 'B' if n > 5 else 'C' }}", 'B', { n: 6 }],
    ["{{ xs[:2] | join(',') }}", '1,2', { xs: [1, 2, 3] }],
    ["{{ 'abcdef'[1:4] }}{{ 'abcdef'[-2:] }}", 'bcdef'],
    ['{{ not xs | length == 2 }}', 'false', { xs: [1, 2] }],
    ["{{ xs | selectattr('s','eq','hi') | list | length }}", '2', { xs: items('s', 'hi', 'lo', 'hi') }],
    [
      '{% for x in xs if x.ok %}{{ loop.index }}:{{ x.n }};{% else %}none{% endfor %}',
      '1:2;2:3;',
      { xs: oks(false, true, true) },
    ],
    [
      '{% for x in xs if x.ok %}{{ loop.index }}:{{ x.n }};{% else %}none{% endfor %}',
      'none',
      { xs: oks(false, false, false) },
    ],
    ["{{ xs | groupby('k') | map(attribute=0) | join(',') }}", 'a,b', { xs: items('k', 'b', 'a', 'b') }],
    ['{{ [1,2,3,4,5] | batch(2, 0) | list }}', '[[1, 2], [3, 4], [5, 0]]'],
    ['{{ [1,2,3,4,5] | slice(2) | list }}', '[[1, 2, 3], [4, 5]]'],
    ["{{ ['a','A','b'] | unique | join }}", 'ab'],
    ["{{ '12abc' | int }} {{ '12abc' | int(7) }} {{ '3.7' | int }}", '0 7 3'],
    ["{{ 'a b&c/d' | urlencode }}", 'a%20b%26c/d'],
    ["{{ [1,'a',none,true] | tojson }}", '[1, "a", null, true]'],
    ['{{ 1 < 3 < 2 }}', 'false'],
    ['{{ missing }}{{ null }}', ''],
    ['{% set a = 1 %}{% for i in [1,2] %}{% set a = 5 %}{% endfor %}{{ a }}', '1'],
    ["{{ {'b':1,'a':2} | dictsort }}", '[["a", 2], ["b", 1]]'],
    ['{% raw %}{{ x }}{% endraw %}{# c #}|', '{{ x }}|'],
    ["{{ 'x' | default('d') }}{{ '' | default('d', true) }}", 'xd'],
  ])('%s', (source, expected, data = {}) => {
    expect(text(source, data)).toBe(expected);
  });

  test('only the first of missing and null is warned about', () => {
    const { warnings } = renderText('{{ missing }}{{ null }}', scopeOf({}), { now: 0 });
    expect(warnings).toEqual([{ code: 'template.undefined', message: "'missing' is not defined." }]);
  });

  test('native values', () => {
    const scope = scopeOf({ xs: [1, 2], n: 5, inputs: { n: 5 }, note: 'value {{ 1 }}' });
    const native = (value: unknown): unknown => renderValue(value, scope, { now: 0 }).value;
    expect(native('{{ xs }}')).toEqual([1, 2]);
    expect(native('{xs}')).toEqual([1, 2]);
    expect(native('n={n}')).toBe('n=5');
    expect(native('{{inputs.n}}')).toBe(5);
    expect(native('{unknown} {"a": 1}')).toBe('{unknown} {"a": 1}');
    expect(native('{{ note }}')).toBe('value {{ 1 }}');
    expect(native('{note}!')).toBe('value {{ 1 }}!');
    expect(native({ a: ['{n}', { b: '{{ n + 1 }}' }], '{n}': 1 })).toEqual({ a: [5, { b: 6 }], '{n}': 1 });
  });
});
