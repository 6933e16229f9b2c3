import { describe, expect, test } from 'vitest';
import { renderText, scopeOf } from '../index.ts';
import { LIBRARY } from './filters.ts';

const DATA = {
  xs: [3, 1, 2],
  users: [
    { name: 'Bo', age: 30, address: { city: 'Oslo' }, tags: ['x'] },
    { name: 'al', age: 20, address: { city: 'Rome' }, tags: [] },
    { name: 'Cy', age: 30, address: {} },
  ],
  m: { b: 1, A: 2, c: 0 },
  nil: null,
  words: 'the quick  brown fox',
};
const text = (source: string): string =>
  renderText(`{{ ${source} }}`, scopeOf(DATA), { now: Date.UTC(2026, 0, 22, 8) }).text;

const TABLE: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  upper: [
    ["'aß' | upper", 'ASS'],
    ['nil | upper', ''],
    ['5 | upper', '5'],
  ],
  lower: [["'AÉ' | lower", 'aé']],
  title: [
    ["'hello wORLD-foo (bar' | title", 'Hello World-Foo (Bar'],
    ['"it\'s" | title', "It's"],
  ],
  capitalize: [
    ["'hELLO wORLD' | capitalize", 'Hello world'],
    ["'' | capitalize", ''],
  ],
  trim: [
    ["'  a ' | trim", 'a'],
    ["'xxaxx' | trim('x')", 'a'],
  ],
  replace: [
    ["'aaa' | replace('a', 'b', 2)", 'bba'],
    ["'ab' | replace('', '-')", '-a-b-'],
    ["'a.b' | replace('.', '')", 'ab'],
    ["'a$b' | replace('$', '$&')", 'a$&b'],
  ],
  truncate: [
    ["'foo bar baz qux' | truncate(9)", 'foo...'],
    ["'foo bar baz qux' | truncate(9, true)", 'foo ba...'],
    ["'foo bar baz qux' | truncate(11)", 'foo bar baz qux'],
    ["'foo bar baz qux' | truncate(11, False, '...', 0)", 'foo bar...'],
    ["'foo bar' | truncate(3, end='…', leeway=0)", 'fo…'],
  ],
  split: [
    ['words | split', '["the", "quick", "brown", "fox"]'],
    ["'a,b,c' | split(',')", '["a", "b", "c"]'],
    ["'a,b,c' | split(',', 1)", '["a", "b,c"]'],
    ["'' | split", '[]'],
  ],
  join: [
    ["xs | join('-')", '3-1-2'],
    ["users | join(', ', attribute='name')", 'Bo, al, Cy'],
    ['xs | join', '312'],
    ["[1, none, true, [1]] | join('|')", '1||true|[1]'],
  ],
  center: [
    ["'ab' | center(6)", '  ab  '],
    ["'abc' | center(6)", ' abc  '],
    ["'abc' | center(2)", 'abc'],
  ],
  indent: [
    ["'a\\nb\\n\\nc' | indent(2)", 'a\n  b\n\n  c'],
    ["'a\\n\\nb' | indent(2, true, true)", '  a\n  \n  b'],
    ["'a\\nb' | indent('> ', first=true)", '> a\n> b'],
  ],
  wordcount: [
    ['words | wordcount', '4'],
    ["'été d’hiver' | wordcount", '3'],
  ],
  wordwrap: [
    ["'aaa bbb ccc' | wordwrap(7)", 'aaa bbb\nccc'],
    ["'abcdefgh' | wordwrap(3)", 'abc\ndef\ngh'],
    ["'abcdefgh' | wordwrap(3, false)", 'abcdefgh'],
    ["'a b' | wordwrap(1, wrapstring='|')", 'a|b'],
  ],
  format: [
    ["'%s-%d-%.2f-%5d|%-5s|%05d' | format('a', 3.9, 1.005, 42, 'x', -42)", 'a-3-1.00-   42|x    |-0042'],
    ["'%(a)s %(b)x %%' | format(a='q', b=255)", 'q ff %'],
    ["'%e %g %g' | format(12345.678, 0.0001, 1e20)", '1.234568e+04 0.0001 1e+20'],
  ],
  string: [
    ['5 | string', '5'],
    ['[1] | string', '[1]'],
  ],
  striptags: [
    ["'<p>a  <b>b</b><!-- c > d --> e</p>' | striptags", 'a b e'],
    ["'1 < 2' | striptags", '1 < 2'],
  ],
  escape: [["'<a href=\"x\">&\\'' | escape", '&lt;a href=&#34;x&#34;&gt;&amp;&#39;']],
  e: [["'<' | e", '&lt;']],
  forceescape: [["'<' | e | forceescape", '&amp;lt;']],
  safe: [["'<b>' | safe", '<b>']],
  urlencode: [
    ["'a b&c/d?é' | urlencode", 'a%20b%26c/d%3F%C3%A9'],
    ["{'q': 'a b', 'n': 1} | urlencode", 'q=a+b&n=1'],
    ["[['a', '/']] | urlencode", 'a=%2F'],
  ],
  urlize: [
    [
      "'see http://a.b/c?d=1&e, www.x.org. me@x.org <b>' | urlize",
      'see <a href="http://a.b/c?d=1&amp;e" rel="noopener">http://a.b/c?d=1&amp;e</a>, <a href="https://www.x.org" rel="noopener">www.x.org</a>. <a href="mailto:me@x.org" rel="noopener">me@x.org</a> &lt;b&gt;',
    ],
  ],
  slugify: [
    ["'Héllo, Wörld! 2' | slugify", 'hello-world-2'],
    ["'--' | slugify", ''],
  ],
  startswith: [["'abc' | startswith('ab')", 'true']],
  endswith: [["'abc' | endswith('ab')", 'false']],
  contains: [
    ["'abc' | contains('b')", 'true'],
    ['xs | contains(3)', 'true'],
    ["m | contains('b')", 'true'],
    ['xs | contains(9)', 'false'],
  ],
  filesizeformat: [
    ['1 | filesizeformat', '1 Byte'],
    ['999 | filesizeformat', '999 Bytes'],
    ['1000 | filesizeformat', '1.0 kB'],
    ['1500000 | filesizeformat', '1.5 MB'],
    ['1024 | filesizeformat(true)', '1.0 KiB'],
  ],
  pprint: [["{'a': [1]} | pprint", '{\n  "a": [\n    1\n  ]\n}']],
  reverse: [
    ["'abc' | reverse", 'cba'],
    ['xs | reverse', '[2, 1, 3]'],
  ],
  int: [
    ["'12' | int", '12'],
    ["'x' | int(-1)", '-1'],
    ["'0x1A' | int(base=16)", '26'],
    ["'1A' | int(0, 16)", '26'],
    ["'777' | int(0, 8)", '511'],
    ['3.9 | int', '3'],
    ['-3.9 | int', '-3'],
    ['true | int', '1'],
    ['nil | int(4)', '4'],
    ["' 42 ' | int", '42'],
    ["'1e3' | int", '1000'],
  ],
  float: [
    ["'1.50' | float", '1.5'],
    ["'x' | float(2.5)", '2.5'],
    ['nil | float', '0'],
    ["'nan' | float", '0'],
  ],
  abs: [
    ['-5 | abs', '5'],
    ['-1.5 | abs', '1.5'],
  ],
  round: [
    ['2.675 | round(2)', '2.67'],
    ['0.125 | round(2)', '0.12'],
    ['0.375 | round(2)', '0.38'],
    ['1234.5 | round(-2)', '1200'],
    ['42.55 | round(1, "floor")', '42.5'],
    ["42.52 | round(1, 'ceil')", '42.6'],
    ["42.1 | round(method='ceil')", '43'],
    ['-2.5 | round', '-2'],
    ['0.5 | round', '0'],
    ['1.5 | round', '2'],
    ['-0.4 | round', '0'],
  ],
  sum: [
    ['xs | sum', '6'],
    ["users | sum(attribute='age')", '80'],
    ['xs | sum(start=10)', '16'],
    ['[] | sum', '0'],
    ["users | sum('age', 1)", '81'],
  ],
  min: [
    ['xs | min', '1'],
    ["users | min(attribute='age') | attr('name')", 'al'],
    ["['b', 'A'] | min", 'A'],
    ['[] | min', ''],
  ],
  max: [
    ['xs | max', '3'],
    ["['b', 'C'] | max", 'C'],
    ["['b', 'C'] | max(true)", 'b'],
    ["users | max(attribute='age') | attr('name')", 'Bo'],
  ],
  list: [
    ["'ab' | list", '["a", "b"]'],
    ['m | list', '["b", "A", "c"]'],
    ['range(2) | list', '[0, 1]'],
    ['missing | list', '[]'],
  ],
  length: [
    ['xs | length', '3'],
    ['m | length', '3'],
    ["'añ😀' | length", '3'],
    ['missing | length', '0'],
  ],
  count: [['xs | count', '3']],
  first: [
    ['xs | first', '3'],
    ["'ab' | first", 'a'],
    ['[] | first', ''],
  ],
  last: [
    ['xs | last', '2'],
    ['[] | last', ''],
  ],
  map: [
    ["users | map(attribute='address.city', default='?') | join(',')", 'Oslo,Rome,?'],
    ["users | map(attribute='tags.0', default='-') | join(',')", 'x,-,-'],
    ["['a'] | map('upper') | first", 'A'],
    ["['a,b'] | map('split', ',') | first", '["a", "b"]'],
    ["['aXa'] | map('replace', 'X', '') | first", 'aa'],
    ['[[1,2],[3,4]] | map(attribute=1) | list', '[2, 4]'],
    ["['1'] | map('int', default=5) | list", '[1]'],
    ["[1.25] | map('round', precision=1) | list", '[1.2]'],
  ],
  select: [
    ["xs | select('gt', 1) | list", '[3, 2]'],
    ['[0, 1, none] | select | list', '[1]'],
    ["xs | select('odd') | list", '[3, 1]'],
    ["xs | select('in', [1, 2]) | list", '[1, 2]'],
  ],
  reject: [
    ["xs | reject('gt', 1) | list", '[1]'],
    ['[0, 1] | reject | list', '[0]'],
  ],
  selectattr: [
    ["users | selectattr('age', 'eq', 30) | map(attribute='name') | join", 'BoCy'],
    ["users | selectattr('tags') | map(attribute='name') | join", 'Bo'],
    ["users | selectattr('address.city', 'defined') | list | length", '2'],
    ["users | selectattr('address.city', 'ne', 'Oslo') | list | length", '2'],
    ["users | selectattr('age', '>', 25) | list | length", '2'],
  ],
  rejectattr: [
    ["users | rejectattr('age', 'equalto', 30) | map(attribute='name') | join", 'al'],
    ["users | rejectattr('address.city', 'defined') | list | length", '1'],
  ],
  groupby: [
    ["users | groupby('age') | map(attribute='grouper') | list", '[20, 30]'],
    ["users | groupby('age') | map(attribute='list') | map('length') | list", '[1, 2]'],
    ["(users | groupby('age'))[1][0]", '30'],
    ["users | groupby('address.city', default='none') | map(attribute=0) | list", '["none", "Oslo", "Rome"]'],
    ["users | groupby('age') | map('last') | map('length') | list", '[1, 2]'],
  ],
  sort: [
    ['xs | sort', '[1, 2, 3]'],
    ['xs | sort(true)', '[3, 2, 1]'],
    ["['b','A','a'] | sort", '["A", "a", "b"]'],
    ["['b','A','a'] | sort(case_sensitive=true)", '["A", "a", "b"]'],
    ["users | sort(attribute='age,name') | map(attribute='name') | list", '["al", "Bo", "Cy"]'],
    ["users | sort(attribute='address.city') | map(attribute='name') | list", '["Bo", "al", "Cy"]'],
    ["'bca' | sort | join", 'abc'],
  ],
  unique: [
    ["['b','B','a'] | unique | list", '["b", "a"]'],
    ["['b','B'] | unique(true) | list", '["b", "B"]'],
    ["users | unique(attribute='age') | map(attribute='name') | list", '["Bo", "al"]'],
    ['[[1],[1],{"a":1},{"a":1}] | unique | list', '[[1], {"a": 1}]'],
  ],
  batch: [
    ['[1,2,3] | batch(2)', '[[1, 2], [3]]'],
    ["[1,2,3] | batch(2, 'x') | list", '[[1, 2], [3, "x"]]'],
  ],
  slice: [
    ["[1,2,3,4] | slice(3, 'x') | list", '[[1, 2], [3, "x"], [4, "x"]]'],
    ['[1] | slice(2) | list', '[[1], []]'],
  ],
  dictsort: [
    ['m | dictsort', '[["A", 2], ["b", 1], ["c", 0]]'],
    ["m | dictsort(by='value')", '[["c", 0], ["b", 1], ["A", 2]]'],
    ['m | dictsort(true)', '[["A", 2], ["b", 1], ["c", 0]]'],
    ['m | dictsort(reverse=true) | first', '["c", 0]'],
  ],
  items: [['m | items', '[["b", 1], ["A", 2], ["c", 0]]']],
  keys: [['m | keys', '["b", "A", "c"]']],
  values: [['m | values', '[1, 2, 0]']],
  flatten: [
    ['[1, [2, [3, []]]] | flatten', '[1, 2, 3]'],
    ['[1, [2, [3]]] | flatten(1)', '[1, 2, [3]]'],
  ],
  pick: [
    ["m | pick('A', 'zz')", '{"A": 2}'],
    ["m | pick(['b', 'c'])", '{"b": 1, "c": 0}'],
    ["users | pick('name') | first", '{"name": "Bo"}'],
  ],
  omit: [["m | omit('A')", '{"b": 1, "c": 0}']],
  merge: [
    ["m | merge({'b': 9, 'z': 1})", '{"b": 9, "A": 2, "c": 0, "z": 1}'],
    ['m | merge(b=5)', '{"b": 5, "A": 2, "c": 0}'],
  ],
  attr: [
    ["m | attr('b')", '1'],
    ["m | attr('constructor')", ''],
    ["users[0] | attr('address')", '{"city": "Oslo"}'],
  ],
  xmlattr: [
    ["{'a': 1, 'b': none, 'c': '<'} | xmlattr", ' a="1" c="&lt;"'],
    ["{'a': 1} | xmlattr(false)", 'a="1"'],
  ],
  default: [
    ["missing | default('d')", 'd'],
    ["nil | default('d')", ''],
    ["nil | default('d', true)", 'd'],
    ["missing.deep | default('d')", 'd'],
    ['missing | default', ''],
    ['missing | default(xs) | first', '3'],
  ],
  d: [['0 | d(5, boolean=true)', '5']],
  tojson: [
    ['{"b": [1, none, true], "a": "<é>"} | tojson', '{"b": [1, null, true], "a": "<é>"}'],
    ['{"a": [1, {}], "b": []} | tojson(2)', '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}'],
    ['missing | tojson', 'null'],
    ["'a\"b' | tojson", '"a\\"b"'],
  ],
  fromjson: [['\'{"a": [1]}\' | fromjson | attr("a")', '[1]']],
  sha256: [["'abc' | sha256", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad']],
  b64encode: [["'é' | b64encode", 'w6k=']],
  b64decode: [["'w6k=' | b64decode", 'é']],
  basename: [
    ["'/a/b.txt' | basename", 'b.txt'],
    ["'C:\\\\x\\\\y' | basename", 'y'],
    ["'b' | basename", 'b'],
  ],
  dirname: [
    ["'/a/b.txt' | dirname", '/a'],
    ["'/a' | dirname", '/'],
    ["'a' | dirname", ''],
  ],
  datetimeformat: [
    ["'2026-01-22T08:05:09Z' | datetimeformat('%Y-%m-%d %H:%M:%S')", '2026-01-22 08:05:09'],
    ["'2026-01-22T08:05:09Z' | datetimeformat('%d.%m.%y', 'Asia/Tokyo')", '22.01.26'],
    ["'soon' | datetimeformat('%Y')", 'soon'],
  ],
  timeago: [["'2026-01-22T07:55:00Z' | timeago", '5 minutes ago']],
};

describe('every filter of SPEC 2.3 has a row', () => {
  test('the table is complete', () => {
    expect([...LIBRARY.filters.keys()].filter((name) => !Object.hasOwn(TABLE, name))).toEqual([]);
    expect(Object.keys(TABLE).filter((name) => !LIBRARY.filters.has(name))).toEqual([]);
  });
  const rows = Object.entries(TABLE).flatMap(([name, cases]) =>
    cases.map(([source, expected]) => [name, source, expected] as const),
  );
  test.each(rows)('%s: %s', (_name, source, expected) => expect(text(source)).toBe(expected));
});

describe('filters say what they cannot do', () => {
  test.each([
    ["'x' | fromjson", "The text is not JSON: 'x'."],
    ["'x' | abs", "'abs' needs a number, not a text."],
    ["['a', 1] | sort", 'cannot be put in order'],
    ['xs | batch(0)', "'batch' needs a count of at least 1."],
    ["'%d' | format('x')", 'A number is needed to format, not a text.'],
    ["'%s %s' | format('x')", 'more places than arguments'],
    ["['a'] | sum", "'sum' needs numbers, not texts."],
    ['5 | items', "'items' needs a map, not a number."],
    ["m | dictsort(by='x')", "'dictsort' sorts by key or by value."],
    ["'a' | center('x')", 'Expected a whole number as an argument, not a text.'],
    ["1 | datetimeformat('%Y', 'Nowhere/City')", "'Nowhere/City' is not a known time zone."],
    ["{'a b': 1} | xmlattr", 'cannot be the name of an attribute'],
    ['xs | map(attribute=none) | list', 'An attribute is named by a text or a position'],
  ])('%s', (source, message) => expect(() => text(source)).toThrow(message));
});

test('a filter on an undefined value warns with its name', () => {
  const { text: out, warnings } = renderText('{{ missing | upper }}{{ a.b | first | upper }}', scopeOf({ a: {} }), {
    now: 0,
  });
  expect(out).toBe('');
  expect(warnings.map((one) => one.message)).toEqual([
    "'missing' is not defined.",
    "'a.b' is not defined.",
    "'a.b | first' is not defined.",
  ]);
});
