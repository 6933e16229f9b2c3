import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { evaluateCondition, renderText, renderValue, scopeOf } from './index.ts';

const MEMORY_LIMIT_BYTES = 300 * 1024 * 1024;
const nest = (open: string, close: string, count: number): string =>
  `{{ ${open.repeat(count)}1${close.repeat(count)} }}`;
const loops = (count: number, body: string): string =>
  `${Array.from({ length: count }, (_, i) => `{% for x${i} in range(1000) %}`).join('')}${body}${'{% endfor %}'.repeat(count)}`;
const deepJson = `${'['.repeat(5000)}${']'.repeat(5000)}`;
const doubling = (start: string, grow: string): string =>
  `{% set ns = namespace(x=${start}) %}{% for i in range(200) %}{% set ns.x = ${grow} %}{% endfor %}{{ ns.x | length }}`;

function cycle(): Record<string, unknown> {
  const data: Record<string, unknown> = { a: 1 };
  data.self = data;
  data.list = [data];
  return data;
}

const BOMBS: readonly (readonly [string, string])[] = [
  ['range over its cap', '{{ range(10**9) | list | length }}'],
  ['range, huge', '{{ range(0, 9999999999999, 1) | length }}'],
  ['loop of a million', '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}'],
  ['three loops', loops(3, '{{ 1 }}')],
  ['three empty loops', loops(3, '')],
  ['text multiplied', "{{ 'a' * 10**9 }}"],
  ['number first', "{{ 10**9 * 'ab' }}"],
  ['multiplied twice', "{{ ('a' * 1000000) * 1000000 }}"],
  ['text doubled', doubling("'ab'", 'ns.x ~ ns.x')],
  ['text doubled with +', doubling("'ab'", 'ns.x + ns.x')],
  ['list doubled', doubling('[1, 2]', 'ns.x + ns.x')],
  ['nested list doubled', `${doubling('[1]', '[ns.x, ns.x]')}{{ ns.x }}`],
  [
    'nested list as text',
    '{% set ns = namespace(x=[1]) %}{% for i in range(40) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}',
  ],
  [
    'nested list compared',
    '{% set a = namespace(x=[1], y=[1]) %}{% for i in range(40) %}{% set a.x = [a.x, a.x] %}{% set a.y = [a.y, a.y] %}{% endfor %}{{ a.x == a.y }}',
  ],
  [
    'nested list flattened',
    '{% set a = namespace(x=[1]) %}{% for i in range(40) %}{% set a.x = [a.x, a.x] %}{% endfor %}{{ a.x | flatten | length }}',
  ],
  ['deep list', '{% set a = namespace(x=[1]) %}{% for i in range(5000) %}{% set a.x = [a.x] %}{% endfor %}{{ a.x }}'],
  [
    'deep list flattened',
    '{% set a = namespace(x=[1]) %}{% for i in range(5000) %}{% set a.x = [a.x] %}{% endfor %}{{ a.x | flatten }}',
  ],
  ['deep parentheses', nest('(', ')', 100_000)],
  ['deep lists', nest('[', ']', 50_000)],
  ['deep maps', nest("{'a':", '}', 20_000)],
  ['deep not', `{{ ${'not '.repeat(50_000)}1 }}`],
  ['deep minus', `{{ ${'-'.repeat(100_000)}n }}`],
  ['deep filters', `{{ 'a'${'|upper'.repeat(40_000)} }}`],
  ['deep attributes', `{{ a${'.a'.repeat(100_000)} }}`],
  ['deep indexes', `{{ a${'[0]'.repeat(60_000)} }}`],
  ['deep ternaries', `{{ ${'1 if a else '.repeat(15_000)}2 }}`],
  ['deep calls', nest('range(', ')', 30_000)],
  ['deep statements', `${'{% if 1 %}'.repeat(20_000)}${'{% endif %}'.repeat(1)}`],
  ['deep loops', '{% for x in [1] %}'.repeat(10_000)],
  ['replace that grows', "{{ ('a' * 100000) | replace('a', 'b' * 100000) }}"],
  ['replace of nothing', "{{ ('a' * 1000000) | replace('', 'bbbbbbbbbb') }}"],
  ['replace method', "{{ ('a' * 100000).replace('a', 'b' * 100000) }}"],
  [
    'replace in a loop',
    "{% set ns = namespace(s='aa') %}{% for i in range(60) %}{% set ns.s = ns.s | replace('a', 'aa') %}{% endfor %}{{ ns.s }}",
  ],
  ['format width', "{{ '%999999999d' | format(1) }}"],
  ['format width, braces', "{{ '{:999999999}'.format('a') }}"],
  ['format many widths', "{{ ('{:4000000}' * 100).format(1,2,3) }}"],
  ['format of many names', "{{ ('%(a)s' * 500000) | format(a='x' * 1000) }}"],
  ['center', "{{ 'a' | center(10**9) }}"],
  ['indent', "{{ ('a\\n' * 100000) | indent(100000) }}"],
  ['indent text', "{{ ('a\\n' * 100000) | indent('x' * 100000) }}"],
  ['join that grows', "{{ range(100000) | join('x' * 100000) }}"],
  ['join method', "{{ ('x' * 100000).join(range(100000)) }}"],
  ['join of text', "{{ ('a' * 100000) | join('b' * 1000) }}"],
  ['wordwrap', "{{ ('a' * 1000000) | wordwrap(1, true, 'x' * 1000) }}"],
  ['batch fill', '{{ [1] | batch(10**9, 0) }}'],
  ['slice columns', '{{ [1] | slice(10**9) }}'],
  ['tojson indent', '{{ range(100000) | batch(1) | batch(1) | batch(1) | tojson(100000) }}'],
  ['escape that grows', "{{ ('\"' * 1000000) | e | e | e }}"],
  ['urlencode that grows', "{{ ('é' * 1000000) | urlencode }}"],
  ['b64 rounds', `{{ ('a' * 3000000)${' | b64encode'.repeat(10)} }}`],
  [
    'set block doubled',
    `{% set a %}${'x'.repeat(1000)}{% endset %}${'{% set a %}{{ a }}{{ a }}{% endset %}'.repeat(40)}{{ a }}`,
  ],
  [
    'output over its cap',
    "{% for i in range(100000) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }}{% endfor %}",
  ],
  ['output of big texts', "{% set a = 'a' * 4000000 %}{{ a }}{{ a }}"],
  [
    'many big lists',
    '{% set ns = namespace(x=[]) %}{% for i in range(10000) %}{% set ns.x = [ns.x, range(100000)] %}{% endfor %}',
  ],
  [
    'many big texts',
    "{% set ns = namespace(x=[]) %}{% for i in range(10000) %}{% set ns.x = [ns.x, 'a' * 4000000] %}{% endfor %}",
  ],
  [
    'sort in a loop',
    '{% set a = range(100000) | reverse | list %}{% for i in range(10000) %}{% set b = a | sort %}{% endfor %}',
  ],
  [
    'unique of maps',
    '{% set a = namespace(x=[]) %}{% for i in range(2000) %}{% set a.x = a.x + [{"a": i}] %}{% endfor %}{{ a.x | unique | length }}',
  ],
  ['fromjson depth', '{{ deep | fromjson | tojson }}'],
  ['deep data as text', '{{ nested }}'],
  ['cyclic data as text', '{{ cycle }}'],
  ['cyclic data as json', '{{ cycle | tojson }}'],
  ['cyclic data compared', '{{ cycle == other }}'],
  ['cyclic data flattened', '{{ ring | flatten }}'],
  ['strftime pattern', "{{ now.strftime('%Z' * 1000000) }}"],
  [
    'datetimeformat in a loop',
    "{% for i in range(90000) %}{{ i | datetimeformat('%Z %z %A %B %j', 'America/New_York') }}{% endfor %}",
  ],
  ['slugify', "{{ ('\uFDFA' * 3000000) | slugify }}"],
  ['striptags', "{% for i in range(1000) %}{{ ('<a' * 1000000) | striptags | length }}{% endfor %}"],
  ['urlize', "{% for i in range(1000) %}{{ ('http://....... ' * 100000) | urlize | length }}{% endfor %}"],
  ['split', "{% for i in range(1000) %}{{ ('a ' * 1000000) | split | length }}{% endfor %}"],
  ['sha256', "{% for i in range(100000) %}{{ ('a' * 4000000) | sha256 }}{% endfor %}"],
  ['map of a heavy filter', "{{ range(100000) | map('center', 4000000) | list | length }}"],
  ['sum of a large list in a loop', '{% for i in range(90000) %}{{ large | sum(attribute="n") }}{% endfor %}'],
  ['search in a large list', '{% for i in range(90000) %}{{ i in ones }}{% endfor %}'],
  ['power', '{% for i in range(99999) %}{{ 9.9 ** 99 ** 0.1 }}{% endfor %}'],
  ['long source', `${'a'.repeat(300_000)}{{ 1 }}`],
];

/** What the bombs read; made once. */
function data(): Record<string, unknown> {
  let nested: unknown = [];
  for (let i = 0; i < 10_000; i += 1) nested = [nested];
  const ring: unknown[] = [];
  ring.push(ring);
  const large = Array.from({ length: 200_000 }, () => ({ n: 1 }));
  const ones = Array.from({ length: 200_000 }, () => -1);
  return { large, ones, deep: deepJson, nested, cycle: cycle(), other: cycle(), ring, n: 1 };
}

/** The code of the error and the memory it took. */
function explode(run: () => unknown): { readonly code: string; readonly bytes: number } {
  const memory = process.memoryUsage().heapUsed;
  let code = 'none';
  try {
    run();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    code = cause.code;
  }
  return { code, bytes: process.memoryUsage().heapUsed - memory };
}

/** Nothing timed is asserted; a bomb that is not defused in time fails by the limit of the test. */
const HANG_MS = 10_000;

describe('bombs end as template.limit', () => {
  test.each(BOMBS)(
    '%s',
    (_name, source) => {
      const result = explode(() => renderText(source, scopeOf(data()), { now: 0 }));
      expect(result.code).toBe('template.limit');
      expect(result.bytes).toBeLessThan(MEMORY_LIMIT_BYTES);
    },
    HANG_MS,
  );
});

describe('conditions and values are bounded too', () => {
  test.each([
    nest('(', ')', 5000),
    `${'not '.repeat(5000)}1`,
    '"a" * 10**9 == "b"',
    'range(10**9) | length > 1',
    `${'!'.repeat(5000)}a`,
    `{a${'.b'.repeat(500)}}`,
  ])('%#', (condition) => {
    expect(explode(() => evaluateCondition(condition, scopeOf(data()), { now: 0 })).code).toBe('template.limit');
  });
  test('values nested without end', () => {
    const { nested, cycle: ring } = data();
    expect(explode(() => renderValue(nested, scopeOf({}), { now: 0 })).code).toBe('template.limit');
    expect(explode(() => renderValue(ring, scopeOf({}), { now: 0 })).code).toBe('template.limit');
    expect(explode(() => renderValue('{{ [x] }}', scopeOf({ x: ring }), { now: 0 })).code).toBe('template.limit');
  });
  test('limits may be set', () => {
    const run = (source: string, limits: Record<string, number>) => () =>
      renderText(source, scopeOf({}), { now: 0, limits });
    expect(explode(run('{% for i in range(50) %}{{ i }}{% endfor %}', { steps: 40 })).code).toBe('template.limit');
    expect(explode(run('{{ "a" * 50 }}', { outputLength: 40 })).code).toBe('template.limit');
    expect(explode(run('{{ range(11) }}', { range: 10 })).code).toBe('template.limit');
    expect(explode(run('{{ range(10) }}', { range: 10 })).code).toBe('none');
  });
  test('what is within the limits passes', () => {
    const list = Array.from({ length: 50_000 }, (_, i) => ({ n: i, t: `item ${i}` }));
    const source = "{{ xs | map(attribute='t') | join(',') | length }}";
    expect(renderText(source, scopeOf({ xs: list }), { now: 0 }).text).toBe(
      String(list.map((one) => one.t).join(',').length),
    );
    expect(renderText("{{ ('a' * 4000000) | length }}", scopeOf({}), { now: 0 }).text).toBe('4000000');
    expect(renderText(nest('(', ')', 60), scopeOf({}), { now: 0 }).text).toBe('1');
    expect(
      renderText('{% for i in range(30000) %}{{ i }}{% endfor %}', scopeOf({}), { now: 0 }).text.length,
    ).toBeGreaterThan(100_000);
  });
});
