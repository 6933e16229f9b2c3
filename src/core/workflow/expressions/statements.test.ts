import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { renderText, scopeOf } from './index.ts';

const DATA = {
  xs: [1, 2, 3],
  none: [],
  m: { a: 1, b: 2 },
  pairs: [
    ['a', 1],
    ['b', 2],
  ],
  n: 5,
  order: { id: 7 },
  html: '<b>',
};
const text = (source: string): string => renderText(source, scopeOf(DATA), { now: 0 }).text;

describe('statements', () => {
  test.each([
    ['{% if n > 9 %}a{% elif n > 4 %}b{% elif n %}c{% else %}d{% endif %}', 'b'],
    ['{% if missing %}a{% else %}b{% endif %}{% if not missing %}c{% endif %}', 'bc'],
    ['{% for x in xs %}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}', '1,2,3'],
    ['{% for k in m %}{{ k }}{{ loop.length }}{% endfor %}', 'a2b2'],
    ['{% for k, v in m.items() %}{{ k }}={{ v }};{% endfor %}', 'a=1;b=2;'],
    ['{% for (k, v) in pairs %}{{ k }}{{ v }}{% endfor %}', 'a1b2'],
    ['{% for k, v in m | dictsort(reverse=true) %}{{ k }}{% endfor %}', 'ba'],
    ["{% for c in 'ab' %}{{ c }}.{% endfor %}", 'a.b.'],
    ['{% for x in missing %}a{% else %}empty{% endfor %}', 'empty'],
    ['{% for x in xs if x > 1 %}{{ loop.index }}/{{ loop.length }} {% endfor %}', '1/2 2/2 '],
    ['{% for x in 1, 2 %}{{ x }}{% endfor %}', '12'],
    [
      '{% for x in xs %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.depth }};{% endfor %}',
      '1032true21;2121false131;3210false21;',
    ],
    ["{% for x in xs %}{{ loop.cycle('a', 'b') }}{% endfor %}", 'aba'],
    ['{% for x in [1,1,2] %}{{ loop.changed(x) }} {% endfor %}', 'true false true '],
    ['{% for x in xs %}{% for y in xs %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}', '1231;1232;1233;'],
    ['{% set a, b = 1, 2 %}{{ a }}{{ b }}', '12'],
    ['{% set a %}x{{ n }}{% endset %}{{ a }}', 'x5'],
    ['{% set a | upper | replace("X", "y") %}x{% endset %}{{ a }}', 'y'],
    ['{% set n = n + 1 %}{{ n }}', '6'],
    ['{% if true %}{% set q = 1 %}{% endif %}{{ q }}', '1'],
    ['{% if false %}{% set n = 1 %}{% endif %}{{ n }}', '5'],
    ['{% for x in xs %}{{ q }}{% set q = x %}{{ q }}{% endfor %}{{ q }}', '123'],
    ['{% for x in xs %}{% endfor %}{{ x }}', ''],
    ['{% with a = 1, b = 2 %}{{ a }}{{ b }}{% set a = 3 %}{{ a }}{% endwith %}{{ a }}', '123'],
    ['{% with n = 1 %}{{ n }}{% endwith %}{{ n }}', '15'],
    ['{% with %}{% set z = 1 %}{{ z }}{% endwith %}{{ z }}', '1'],
    ['{% filter upper | replace("A", "b") %}a{{ n }}{% endfilter %}', 'b5'],
    ['{% filter indent(2, true) %}a\nb{% endfilter %}', '  a\n  b'],
    ['{% for _ in xs %}{{ _ }}{% endfor %}', '123'],
    ['{# {{ n }} #}{% raw %}{% if %}{n}{% endraw %}', '{% if %}{n}'],
    ['{% set ns = namespace(a=1) %}{% set ns.b = 2 %}{{ ns.a }}{{ ns.b }}{{ ns.c }}', '12'],
    ['{% for x in xs %}{% set outer = loop %}{% for y in [1] %}{{ outer.index }}{% endfor %}{% endfor %}', '123'],
  ])('%s', (source, expected) => expect(text(source)).toBe(expected));
});

describe('whitespace', () => {
  test.each([
    ['a  {{- n -}}  b', 'a5b'],
    ['a\n{%- if n -%}\n x \n{%- endif -%}\n b', 'axb'],
    ['a {#- c -#} b', 'ab'],
    ['a {% if n %} b {% endif %} c', 'a  b  c'],
    ['a {%+ if n +%} b{% endif %}', 'a  b'],
    ['{%- raw -%} x {%- endraw -%} y', 'xy'],
    ['a\n{{ n }}\n', 'a\n5\n'],
    ['{{ "  x  " }}', '  x  '],
  ])('%j', (source, expected) => expect(text(source)).toBe(expected));
});

describe('two dialects', () => {
  test.each([
    ['{n}{order.id}{xs.0}', '571'],
    ['{unknown} {order.nope}| {"a": {n}} {a:1} {} { n } {0}', '{unknown} | {"a": 5} {a:1} {} { n } {0}'],
    ['https://x/{id}/{n}?q={{ n }}', 'https://x/{id}/5?q=5'],
    ['{% set who = "me" %}hi {who}', 'hi me'],
    ['{% for item in xs %}{item},{% endfor %}', '1,2,3,'],
    ['body{color:{{ n }}}', 'body{color:5}'],
    ['{"a":{"b":{{ n }}}}', '{"a":{"b":5}}'],
    ['{{ {"a": {"b": 1}} }}', '{"a": {"b": 1}}'],
    ['{{ "}}" }}{{ "%}" }}', '}}%}'],
    ['{true} {range} {constructor} {__proto__} {toString}', '{true} {range} {constructor} {__proto__} {toString}'],
    ['{n|upper} {n()} {n.}', '{n|upper} {n()} {n.}'],
    ['$' + '{n}', '$5'],
  ])('%s', (source, expected) => expect(text(source)).toBe(expected));

  test('what is put in is never scanned again', () => {
    const scope = scopeOf({ a: '{{ b }}{b}{% raw %}', b: 'secret', c: '{b}' });
    expect(renderText('{{ a }}{a}{{ c | upper }}', scope, { now: 0 }).text).toBe(
      '{{ b }}{b}{% raw %}{{ b }}{b}{% raw %}{B}',
    );
  });
});

test('an error of the text names its place', () => {
  try {
    text('abc {{ n | uper }}');
    expect.unreachable();
  } catch (cause) {
    expect(cause).toBeInstanceOf(AppError);
    if (!(cause instanceof AppError)) throw cause;
    expect(cause.toRecord()).toMatchObject({
      code: 'template.unknown',
      message: "Unknown filter 'uper'.",
      hint: "Did you mean 'upper'?",
      details: { offset: 11, fix: 'upper' },
    });
  }
});

test('an error of the evaluation names its place too', () => {
  try {
    text("abc {% if n %}{{ n + 'x' }}{% endif %}");
    expect.unreachable();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    expect(cause.toRecord()).toMatchObject({
      code: 'template.type_error',
      message: "'+' does not work between a number and a text.",
      hint: "Look at: n + 'x'",
      details: { offset: 17 },
    });
  }
});

test('undefined in the order of a statement warns with the right name', () => {
  const { warnings } = renderText('{% if missing > 3 %}{% endif %}{% if missing == 3 %}{% endif %}', scopeOf({}), {
    now: 0,
  });
  expect(warnings.map((one) => one.message)).toEqual(["'missing' is not defined."]);
});
