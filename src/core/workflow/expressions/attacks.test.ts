import { expect, test } from 'vitest';
import { type Attack, runAttacks } from './attack-host.test-support.ts';

/*
 * Templates that once took the whole process down: work inside filters and methods that nobody counted. Each runs in one child
 * whose heap is small: that it lives is the measure of memory. A hang is told by processor time, so that a busy machine does
 * not count.
 */

const HEAP_MB = 110;
const HANG_MS = 3000;

const S = "{% set s = 'A' * 4000000 %}";
const DOUBLED = `${S}{% set ns = namespace(x=[s]) %}{% for i in range(16) %}{% set ns.x = ns.x + ns.x %}{% endfor %}`;
const EMOJI = "{% set s = '😀' * 1900000 %}";
const DOUBLED_EMOJI = DOUBLED.replace(S, EMOJI);
/** A thousand texts that are joined, looked at in one way and kept. */
const ropes = (look: string): string =>
  `{% set s = 'A' * 3900000 %}{% set ns = namespace(l=[]) %}{% for i in range(1000) %}{% set t = s ~ i %}{{ ${look} }}{% set ns.l = ns.l + [t] %}{% endfor %}`;
const often = (body: string, count = 100_000): string => `{% for i in range(${count}) %}${body}{% endfor %}`;

const ATTACKS: Readonly<Record<string, string>> = {
  'sort of long texts': `${DOUBLED}{{ ns.x | sort | length }}`,
  'sort by case': `${DOUBLED}{{ ns.x | sort(case_sensitive=true) | length }}`,
  'max of long texts': `${DOUBLED}{{ ns.x | max | length }}`,
  'min of long texts': `${DOUBLED}{{ ns.x | min | length }}`,
  'unique of long texts': `${DOUBLED}{{ ns.x | unique | length }}`,
  'urlencode of long texts': `${DOUBLED}{{ ns.x | urlencode | length }}`,
  'groupby of long texts': "{{ same | groupby('0') | length }}".replace('same', '(same | batch(1))'),
  'lengths of emoji': `${DOUBLED_EMOJI}{{ ns.x | map('length') | sum }}`,
  'an emoji at a time': `${EMOJI}${often('{{ s[i] }}')}`,
  'an emoji from the end': `${EMOJI}${often('{{ s[-i] }}')}`,
  'slices of emoji': `${EMOJI}${often('{{ s[i:i + 1] }}')}`,
  'dictsort by value': `${S}{% set d = dict(a=s, b=s, c=s) %}${often("{{ d | dictsort(by='value') | length }}", 10_000)}`,
  'a path of two million dots': "{{ [1] | map(attribute='.' * 2000000) | list }}",
  'a path of a million names': "{{ range(1000) | sum(attribute='a.' * 1000000) }}",
  'sort by a million fields': "{{ range(1000) | sort(attribute='a,' * 1000000) }}{{ same | sort }}",
  'ropes measured': ropes('t | length'),
  'ropes compared': ropes("t == s ~ 'xyz'"),
  'ropes ordered': ropes("t < 'A'"),
  'ropes indexed': ropes('t[0]'),
  'ropes sliced': ropes('t[:1]'),
  'ropes as keys': ropes('{}[t]'),
  'ropes as attributes': ropes('{} | attr(t)'),
  'ropes searched': ropes("'x' in t"),
  'ropes looked for': ropes('t in {}'),
  'ropes tested': ropes('t is lower'),
  'ropes called': ropes("t.startswith('x')"),
  'ropes hashed': ropes('[t] | unique | length'),
  'ropes as index of a text': ropes("'abc'[t]"),
  'ropes as dates': ropes('t | datetimeformat | length'),
  'ropes as numbers': ropes('t | int'),
  'a search that takes text times piece': "{% set t = 'a' * 4000000 %}{% set p = 'a' * 200000 ~ 'b' %}{{ p in t }}",
  'find that takes text times piece': "{{ ('a' * 4000000).find('a' * 200000 ~ 'b') }}",
  'count that takes text times piece': "{{ ('a' * 4000000).count('a' * 200000 ~ 'b') }}",
  'replace that takes text times piece': "{{ ('a' * 4000000) | replace('a' * 200000 ~ 'b', '') }}",
  'split that takes text times piece': "{{ ('a' * 4000000).split('a' * 200000 ~ 'b') }}",
  'title of single letters': "{{ ('a-' * 2000000) | title | title | title | length }}",
  'indent of empty lines': "{{ ('\\n' * 4000000) | indent | length }}",
  'wordwrap of single letters': "{{ ('a ' * 2000000) | wordwrap(2) | length }}",
  'a list of emoji': `${EMOJI}{{ s | list | length }}`,
  'strip of many characters': "{{ 'a'.strip('😀' * 2000000) ~ 'b'.strip('😀' * 2000000) ~ 'b'.strip('😀' * 2000000) }}",
  'JSON of empty maps': "{{ ('[' ~ '{},' * 1300000 ~ '0]') | fromjson | length }}",
  'JSON of long digits': "{{ ('[' ~ '12345678901234567890,' * 190000 ~ '0]') | fromjson | length }}",
  'JSON that is deep': "{{ ('[1e400,' ~ '[' * 500000) | fromjson }}",
  'truth of a wide map': often('{% if map %}{% endif %}'),
  'keys of a wide map': often('{% for k in map %}{% endfor %}'),
  'omit of many lists': `{{ {} | omit(${'wide,'.repeat(30_000)}1) }}`,
  'merge of many maps': `{{ {} | merge(${'map,'.repeat(30_000)}{}) | length }}`,
  'text between comments': often('a{##}'.repeat(40_000)),
  'a long or': often(`{{ 0 ${'or 0 '.repeat(40_000)}}}`),
  'shared data as JSON': `${S}{% set ns = namespace(x=[s]) %}${often('{% set ns.x = [ns.x, ns.x] %}', 40)}{{ ns.x | tojson }}`,
  escape: "{{ ('&' * 4000000) | e | length }}",
  'reverse of emoji, kept': `${EMOJI}{% set ns = namespace(l=[]) %}${often('{% set ns.l = ns.l + [s | reverse] %}', 1000)}`,
  'bytes of emoji, kept': `${EMOJI}{% set ns = namespace(l=[]) %}${often('{% set ns.l = ns.l + [s | b64decode] %}', 1000)}`,
  'blocks, kept': `{% set ns = namespace(l=[]) %}${often("{% set b %}{{ 'x' * 3000000 }}{% endset %}{% set ns.l = ns.l + [b ~ i] %}{{ b | length }}", 1000)}`,
  'rows of one': often('{% set b = wide | batch(1) %}', 1000),
  'pairs of a wide map, kept': `{% set ns = namespace(l=[]) %}${often('{% set ns.l = ns.l + [map.items()] %}', 1000)}`,
  'many widths': "{{ ('%4000000s' * 100) | format(1,2,3) }}",
  'JSON of control characters': "{{ ('\\u0001' * 4000000) | tojson | length }}",
  'a long text in conditions': often('{% if s in ascii or ascii in s %}{% endif %}').replace('{%', `${S}{%`),
};

test('every attack ends as template.limit and the process lives', async () => {
  const attacks: Attack[] = Object.entries(ATTACKS).map(([name, source]) => ({ name, source }));
  const many: Attack = { name: 'a long text handed on by a thousand inputs', source: '{{ ascii }}', copies: 1000 };
  const rows: Attack = { name: 'rows handed on by a thousand inputs', source: '{{ rows }}', copies: 1000 };
  const ends = await runAttacks([...attacks, many, rows], HEAP_MB);
  expect(ends).toHaveLength(attacks.length + 2);
  expect(ends.filter((one) => one.end !== 'template.limit')).toEqual([]);
  expect(ends.filter((one) => one.cpuMs > HANG_MS)).toEqual([]);
});

/** Sources of the greatest length that are as dense as they can be; each of its own, so that no cache helps. */
function denseSources(): readonly Attack[] {
  const fill = (piece: string): string => piece.repeat(Math.floor(260_000 / piece.length));
  const nested = (inner: string): string => `${'map.get('.repeat(50)}${inner}${', 0)'.repeat(50)}`;
  const shapes: Readonly<Record<string, string>> = {
    outputs: fill('{{a}}'),
    paths: fill('{a.b}'),
    list: `{{ [${fill('a,')}] }}`,
    'half a list': `{{ [${'a,'.repeat(49_000)}] | length }}`,
    sum: `{{ 0${'+0'.repeat(49_000)} }}`,
    comparison: `{{ 1${'<2'.repeat(49_000)} }}`,
    pairs: `{{ {${'1:1,'.repeat(24_000)}} }}`,
    'methods in methods': `{{ ${nested(`[${'1,'.repeat(40_000)}]`)} }}`,
    mistakes: fill('{{)}}'),
    'half braces': fill('{{'),
    'Go templates': fill('{{.A}}'),
    conditions: `{% if 0 %}${fill('{% elif 0 %}').slice(0, 240_000)}{% endif %}`,
    names: Array.from({ length: 12_000 }, (_, i) => `{% set a${i} = 1 %}`).join(''),
  };
  return Object.entries(shapes).flatMap(([name, source]) =>
    [1, 2, 3].map((copy) => ({ name: `${name} ${copy}`, source: source + ' '.repeat(copy) })),
  );
}

test('dense sources of the greatest length are read and kept in little memory', async () => {
  const attacks = denseSources();
  const ends = await runAttacks(attacks, HEAP_MB);
  expect(ends).toHaveLength(attacks.length);
  expect(ends.filter((one) => !/^(?:value|template\.(?:limit|syntax|type_error))$/.test(one.end))).toEqual([]);
  expect(ends.filter((one) => one.cpuMs > HANG_MS)).toEqual([]);
});
