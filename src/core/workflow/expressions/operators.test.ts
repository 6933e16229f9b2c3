import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { renderText, renderValue, scopeOf } from './index.ts';

const DATA = {
  n: 5,
  f: 2.5,
  s: 'text',
  yes: true,
  nil: null,
  xs: [1, 2, 3],
  m: { a: 1, b: { c: [10, 20] }, 'two words': 'x', items: 'own' },
  emoji: 'a😀b',
};
const text = (source: string, data: Record<string, unknown> = DATA): string =>
  renderText(source, scopeOf(data), { now: 0 }).text;
const native = (source: string): unknown => renderValue(source, scopeOf(DATA), { now: 0 }).value;

function codeOf(source: string): string {
  try {
    return `no error: ${text(source)}`;
  } catch (cause) {
    return cause instanceof AppError ? cause.code : `foreign: ${String(cause)}`;
  }
}

describe('literals', () => {
  test.each([
    ["{{ 'a' \"b\" 'c' }}", 'abc'],
    ["{{ 'it\\'s\\n\\u0041\\x42\\q' }}", "it's\nAB\\q"],
    ['{{ 1_000 }} {{ 0x1f }} {{ 0b11 }} {{ 0o17 }} {{ 1.5e3 }} {{ 1e-7 }}', '1000 31 3 15 1500 1e-7'],
    ['{{ True }}{{ False }}{{ None }}{{ null }}', 'truefalse'],
    ['{{ (1, 2) }}{{ () }}{{ (1,) }}{{ 1, 2 }}', '[1, 2][][1][1, 2]'],
    ["{{ {'a': 1, 'b': {'c': 2}} }}", '{"a": 1, "b": {"c": 2}}'],
    ['{{ {1: 2} }}', '{"1": 2}'],
    ['{{ 1.0 }} {{ 10/2 }} {{ 0.1 + 0.2 }}', '1 5 0.30000000000000004'],
    ['{{ [] }}{{ {} }}', '[]{}'],
    ['{{ [1,2,] }}{{ {"a":1,} }}', '[1, 2]{"a": 1}'],
  ])('%s', (source, expected) => expect(text(source)).toBe(expected));
});

describe('operators', () => {
  test.each([
    ['{{ 1 + 2 * 3 }}', '7'],
    ['{{ (1 + 2) * 3 }}', '9'],
    ['{{ 7 // 2 }} {{ 7 % 3 }} {{ -7 % -3 }} {{ 7 % -3 }} {{ 7.5 // 2 }}', '3 1 -1 -2 3'],
    ['{{ 2 ** 10 }} {{ 2 ** -1 }} {{ 4 ** 0.5 }}', '1024 0.5 2'],
    ['{{ 1 ~ 2 ~ nil ~ yes ~ xs }}', '12true[1, 2, 3]'],
    ["{{ 1 ~ 2 + 3 if false else 'ok' }}", 'ok'],
    ["{{ 'a' + 'b' }} {{ [1] + [2] }} {{ 'ab' * 2 }} {{ 3 * 'x' }}|{{ 'x' * -1 }}|", 'ab [1, 2] abab xxx||'],
    ['{{ -n }} {{ +n }} {{ --n }} {{ -n + 1 }} {{ -(n) }}', '-5 5 5 -4 -5'],
    ['{{ -5 | abs }} {{ -n | abs }}', '5 -5'],
    ['{{ 1 < 2 < 3 }} {{ 3 > 2 >= 2 }} {{ 1 == 1.0 }} {{ 1 != 2 }}', 'true true true true'],
    ["{{ 'a' < 'b' }} {{ [1,2] < [1,3] }} {{ [1] == [1] }} {{ {'a':[1]} == {'a':[1]} }}", 'true true true true'],
    ["{{ 2 in xs }} {{ 9 not in xs }} {{ 'ex' in s }} {{ 'a' in m }} {{ 'z' in m }}", 'true true true true false'],
    ["{{ 'x' and 'y' }} {{ '' or 'd' }} {{ 0 and 1 }} {{ not '' }} {{ not not 1 }}", 'y d 0 true true'],
    ["{{ 'a' if n > 3 }}|{{ 'a' if n > 9 }}|", 'a||'],
    ["{{ ('a' if false) | default('z') }}", 'z'],
    ['{{ n is number and s is string and not nil is number }}', 'true'],
    ['{{ 5 is divisibleby 5 and true }} {{ 5 is divisibleby(3) }}', 'true false'],
    [
      '{{ nil is none }} {{ nil is not none }} {{ missing is defined }} {{ missing is not defined }}',
      'true false false true',
    ],
    ['{{ yes == 1 }} {{ "1" == 1 }} {{ nil == missing }}', 'true false false'],
    ['{{ xs | length + 1 }} {{ xs | length == 3 }}', '4 true'],
  ])('%s', (source, expected) => expect(text(source)).toBe(expected));

  test('undefined operands give an empty text and a warning', () => {
    const { text: out, warnings } = renderText(
      '{{ missing + 1 }}|{{ missing ~ "a" }}|{{ missing.deep.er }}',
      scopeOf({}),
      { now: 0 },
    );
    expect(out).toBe('|a|');
    expect(warnings.map((one) => one.message)).toContain("'missing.deep.er' is not defined.");
  });

  test('a long flat chain is no nesting', () => {
    expect(native(`{{ ${Array.from({ length: 5000 }, () => '1').join('+')} }}`)).toBe(5000);
  });
});

describe('access', () => {
  test.each([
    ['{{ m.b.c[1] }} {{ m["b"]["c"][-1] }} {{ m.b.c.0 }} {{ m["two words"] }}', '20 20 10 x'],
    ['{{ xs[9] }}{{ xs.9 }}{{ m.zz }}{{ nil.a }}{{ n.a }}', ''],
    ['{{ m.items }} {{ m.items() | length }}', 'own 4'],
    [
      '{{ xs[1:] }} {{ xs[::-1] }} {{ xs[-2:] }} {{ xs[::2] }} {{ xs[:-1] }} {{ xs[5:] }}',
      '[2, 3] [3, 2, 1] [2, 3] [1, 3] [1, 2] []',
    ],
    ["{{ 'abcdef'[::-2] }} {{ 'abcdef'[4:1:-1] }} {{ s[0] }} {{ s[-1] }}", 'fdb edc t t'],
    ['{{ emoji | length }} {{ emoji[1] }} {{ emoji[1:] }} {{ emoji | reverse }}', '3 😀 😀b b😀a'],
    ['{{ loop }}{{ self }}{{ range }}', ''],
  ])('%s', (source, expected) => expect(text(source)).toBe(expected));
});

describe('functions', () => {
  test.each([
    ['{{ range(3) }} {{ range(1, 4) }} {{ range(5, 0, -2) }} {{ range(0) }}', '[0, 1, 2] [1, 2, 3] [5, 3, 1] []'],
    [
      "{{ dict(a=1, b='x') }} {{ dict([['k', 1]]) }} {{ dict({'z': 1}, y=2) }}",
      '{"a": 1, "b": "x"} {"k": 1} {"z": 1, "y": 2}',
    ],
    [
      "{% set c = cycler('a','b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.next() }}",
      'ababa',
    ],
    ['{% set j = joiner("|") %}{% for x in xs %}{{ j() }}{{ x }}{% endfor %}', '1|2|3'],
    [
      '{% set ns = namespace(total=0) %}{% for x in xs %}{% set ns.total = ns.total + x %}{% endfor %}{{ ns.total }}',
      '6',
    ],
  ])('%s', (source, expected) => expect(text(source)).toBe(expected));
});

describe('native values', () => {
  test.each([
    ['{{ n + 1 }}', 6],
    ['  {{ xs }}  ', [1, 2, 3]],
    ['{{ nil }}', null],
    ['{{ missing }}', null],
    ['{{ yes }}', true],
    ['{{- n -}}', 5],
    ['{m.b}', { c: [10, 20] }],
    ['{xs.0}', 1],
    ['{{ n }}{{ n }}', '55'],
    ['{{ n }}.', '5.'],
    ['{{ range }}', null],
    ['{{ {"d": timedelta(minutes=90)} }}', { d: '1h30m' }],
    ['{m.zz}', null],
    ['{zz.m}', '{zz.m}'],
    ['{ n }', '{ n }'],
    ['{n-1}', '{n-1}'],
  ])('%s', (source, expected) => expect(native(source)).toEqual(expected));

  test('data comes back as the same object and a template without work is not copied', () => {
    const value = { a: ['plain', { b: 1 }] };
    expect(renderValue(value, scopeOf({}), { now: 0 }).value).toBe(value);
    expect(native('{{ xs }}')).toBe(DATA.xs);
  });
});

describe('errors', () => {
  test.each([
    ["{{ 1 + 'a' }}", 'template.type_error'],
    ['{{ yes + 1 }}', 'template.type_error'],
    ['{{ xs * 2 }}', 'template.type_error'],
    ['{{ 1 / 0 }}', 'template.type_error'],
    ['{{ 1 % 0 }}', 'template.type_error'],
    ['{{ 10.0 ** 400 }}', 'template.type_error'],
    ['{{ (-8) ** 0.5 }}', 'template.type_error'],
    ['{{ 1 < "a" }}', 'template.type_error'],
    ['{{ none | length }}', 'template.type_error'],
    ['{% for x in none %}{% endfor %}', 'template.type_error'],
    ['{{ n() }}', 'template.unknown'],
    ['{{ s.nope() }}', 'template.unknown'],
    ['{{ s.items() }}', 'template.type_error'],
    ['{{ xs | nope }}', 'template.unknown'],
    ['{{ xs is nope }}', 'template.unknown'],
    ['{{ xs | map("nope") }}', 'template.unknown'],
    ['{{ xs | select("nope") }}', 'template.unknown'],
    ['{{ xs | random }}', 'template.unknown'],
    ['{{ lipsum() }}', 'template.unknown'],
    ['{{ nope(1) }}', 'template.unknown'],
    ['{{ s | upper(1) }}', 'template.syntax'],
    ['{{ s | truncate(lengthh=3) }}', 'template.syntax'],
    ['{{ s | replace("a") }}', 'template.syntax'],
    ['{{ n n }}', 'template.syntax'],
    ['{{ }}', 'template.syntax'],
    ['{{ n', 'template.syntax'],
    ['{{ "a }}', 'template.syntax'],
    ['{{ a b }}', 'template.syntax'],
    ['{{ 1 && 2 }}', 'template.syntax'],
    ['{{ n ? 1 : 2 }}', 'template.syntax'],
    ['{{ (1 }}', 'template.syntax'],
    ['{{ xs | first.a }}', 'template.syntax'],
    ['{% if %}{% endif %}', 'template.syntax'],
    ['{% if n %}', 'template.syntax'],
    ['{% endif %}', 'template.syntax'],
    ['{% for x xs %}{% endfor %}', 'template.syntax'],
    ['{% nope %}', 'template.syntax'],
    ['{# open', 'template.syntax'],
    ['{% raw %}', 'template.syntax'],
    ['{% set true = 1 %}', 'template.syntax'],
    ['{{ xs[] }}', 'template.syntax'],
    ['{{ xs[::0] }}', 'template.type_error'],
    ['{{ n[1:2] }}', 'template.type_error'],
    ['{{ f(*xs) }}', 'template.syntax'],
    ...[
      'macro m()',
      'include "x"',
      'import "x" as x',
      'from "x" import y',
      'extends "x"',
      'block b',
      'call m()',
      'do x',
      'break',
    ].map((head): [string, string] => [`{% ${head} %}`, 'template.syntax']),
  ])('%s is %s', (source, code) => expect(codeOf(source)).toBe(code));
});
