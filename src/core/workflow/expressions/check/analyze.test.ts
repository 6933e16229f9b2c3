import { describe, expect, test } from 'vitest';
import { analyzeText, BUILT_IN_NAMES, childScope, renderText, scopeOf } from '../index.ts';

const roots = (source: string, mode: 'template' | 'condition' = 'template'): string[] =>
  analyzeText(source, mode).references.map(
    (one) => [one.root, ...one.path].join('.') + (one.guarded ? '?' : '') + (one.dialect === 'single' ? '{}' : ''),
  );

describe('references', () => {
  test.each<[string, string[]]>([
    ['plain', []],
    ['{{ a }} {{ a.b.c }} {{ a["b"][0] }} {{ a[i].z }}', ['a', 'a.b.c', 'a.b.0', 'i', 'a']],
    ['{a} {b.c} {"x": 1}', ['a{}', 'b.c{}']],
    ['{{ a | default(b) }} {{ c.d | d("x") }}', ['a?', 'b', 'c.d?']],
    ['{{ a or b }}', ['a?', 'b?']],
    ['{{ a.b if a is defined else c }}', ['a?', 'a.b?', 'c'].sort()],
    ['{% if x is undefined %}{% else %}{{ x.y }}{% endif %}', ['x?', 'x.y?']],
    ['{% set a = b %}{{ a }}{a}', ['b']],
    [
      '{% for x in xs if x.ok and y %}{{ x.n }}{{ loop.index }}{{ z }}{% else %}{{ x }}{% endfor %}{{ loop }}',
      ['xs', 'y', 'z', 'x', 'loop'],
    ],
    ['{% for k, v in m.items() %}{{ k }}{{ v.w }}{% endfor %}', ['m']],
    ['{% with a = b, c = a %}{{ a }}{{ c }}{% endwith %}', ['b', 'a']],
    ['{% set t %}{{ q }}{% endset %}{{ t }}{% filter upper %}{{ r }}{% endfilter %}', ['q', 'r']],
    ['{{ range(n) }}{{ now.year }}{{ now() }}', ['n', 'now.year']],
    ['{{ xs | map(attribute=field) | join(sep) }}', ['xs', 'field', 'sep']],
    ['{{ {"a": b}[c] }}{{ [d][e:f] }}{{ (g ~ h).x }}', ['c', 'b', 'd', 'e', 'f', 'g', 'h']],
    ['{% raw %}{{ a }}{b}{% endraw %}', []],
    ['{% for x in xs %}{% set y = 1 %}{% endfor %}{{ y }}', ['xs', 'y']],
  ])('%s', (source, expected) => expect(roots(source).sort()).toEqual(expected.sort()));

  test('conditions', () => {
    expect(roots('status == approved and {order.total} > limit', 'condition')).toEqual([
      'status',
      'approved?',
      'order.total{}',
      'limit?',
    ]);
    expect(roots('ok is undefined or ok.approved', 'condition')).toEqual(['ok?', 'ok.approved?']);
    expect(roots('{{ a == b }}', 'condition')).toEqual(['a', 'b']);
    expect(analyzeText('a == b', 'condition').references[1]).toEqual({
      root: 'b',
      path: [],
      guarded: true,
      dialect: 'double',
      offset: 5,
      word: true,
    });
  });

  test('offsets and dialects', () => {
    const found = analyzeText('x {a} {{ b.c }}', 'template');
    expect(found).toMatchObject({ hasDouble: true, hasSingle: true, problems: [] });
    expect(found.references).toEqual([
      { root: 'a', path: [], guarded: false, dialect: 'single', offset: 2 },
      { root: 'b', path: ['c'], guarded: false, dialect: 'double', offset: 9 },
    ]);
    expect(analyzeText('{"a": 1}', 'template')).toMatchObject({ hasDouble: false, hasSingle: false });
  });
});

describe('problems', () => {
  const problems = (source: string, mode: 'template' | 'condition' = 'template'): unknown[] =>
    analyzeText(source, mode).problems.map((one) => [
      one.code,
      one.offset,
      /^Did you mean '(.+)'\?$/.exec(one.fix ?? '')?.[1],
    ]);
  test.each<[string, unknown[]]>([
    [
      '{{ a | uper }} {{ b is defind }} {{ c.strp() }} {{ rang(3) }}',
      [
        ['template.unknown', 7, 'upper'],
        ['template.unknown', 23, 'defined'],
        ['template.unknown', 38, 'strip'],
        ['template.unknown', 51, 'range'],
      ],
    ],
    [
      '{{ a + }} {{ ) }} {{ ok }}',
      [
        ['template.syntax', 7, undefined],
        ['template.syntax', 13, undefined],
      ],
    ],
    [
      '{% if a ++ %}{{ b | nope }}{% endif %}',
      [
        ['template.syntax', 11, undefined],
        ['template.unknown', 20, undefined],
      ],
    ],
    ['{% for x in xs %}', [['template.syntax', 0, undefined]]],
    ['{% fro x in xs %}', [['template.syntax', 0, 'for']]],
    [
      '{{ xs | map("uper") }}{{ xs | selectattr("a", "eqq", 1) }}',
      [
        ['template.unknown', 12, 'upper'],
        ['template.unknown', 46, 'eq'],
      ],
    ],
    ['{{ x | truncate(lenght=3) }}', [['template.syntax', 16, 'length']]],
    ['text {{ a', [['template.syntax', 5, undefined]]],
    [
      '{% macro x() %}a{% endmacro %}',
      [
        ['template.syntax', 0, undefined],
        ['template.syntax', 16, undefined],
      ],
    ],
  ])('%s', (source, expected) => expect(problems(source)).toEqual(expected));

  test('conditions', () => {
    expect(problems('a = 5', 'condition')).toEqual([['template.syntax', 2, undefined]]);
    expect(analyzeText('a = 5', 'condition').problems[0]?.fix).toBe("Compare with '=='.");
    expect(problems('a is defind', 'condition')).toEqual([['template.unknown', 5, 'defined']]);
    expect(problems('', 'condition')).toEqual([['template.syntax', 0, undefined]]);
  });

  test('limits', () => {
    expect(problems('{'.repeat(300_000))).toEqual([['template.limit', 0, undefined]]);
    expect(problems(`{{ ${'('.repeat(100)}1${')'.repeat(100)} }}`).map((one) => (one as unknown[])[0])).toEqual([
      'template.limit',
    ]);
  });
});

describe('every problem carries a fix', () => {
  test.each([
    '{{ a',
    '{{ }}',
    '{{ if a }}',
    '{{ a && b }}',
    '{{ a . }}',
    '{{ a[] }}',
    '{{ f(*a) }}',
    '{{ dict(a=1, 2) }}',
    '{{ a is }}',
    "{{ 'a }}",
    '{{ 1e999 }}',
    '{{ a ; b }}',
    '{{ a b }}',
    '{{ a | nothing_like_it }}',
    '{{ a is nothing_like_it }}',
    '{{ a.nothing_like_it() }}',
    '{{ nothing_like_it() }}',
    '{{ a | upper(1) }}',
    '{{ a | replace }}',
    '{{ a | round(1, precision=2) }}',
    '{{ a | round(zzzz=2) }}',
    '{% if a %}',
    '{% endif %}',
    '{% %}',
    '{% assign a = 1 %}',
    '{% for a of b %}{% endfor %}',
    '{% for none in b %}{% endfor %}',
    '{% raw %}',
    '{# a',
  ])('%s', (source) => {
    const { problems } = analyzeText(source, 'template');
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem.fix).toMatch(/^[A-Z].+[.?]$/);
  });
});

describe('braces of another tool are told how to stay (SPEC 1.10)', () => {
  test.each([
    "docker ps --format '{{.Names}} {{.Status}}'",
    '{{ .Values.image.tag | quote }}',
    '{{- range $i, $e := .Items }}x{{ end }}',
    '{{ $x := 1 }}',
    '{{ if eq .Kind "Pod" }}',
    '{{ template "x" . }}',
    '{{- include "chart.labels" . | nindent 4 }}',
    '{{ index .Data 0 }}',
    '{{#each people}}{{/each}}',
    '{{/if}}',
    '{{> part}}',
    '{{^missing}}none{{/missing}}',
    '{{! a comment }}',
    '{{{ raw html }}}',
    '{{@index}}',
    '{{ x ../parent }}',
    "run: echo ${{ github.event.pull_request.number == 1 && 'yes' }}",
    '{#if svelte}',
    '{% liquid_tag %}',
  ])('%s', (source) => {
    const problem = analyzeText(source, 'template').problems[0];
    expect(problem?.fix).toContain('{% raw %}');
    const raw = `{% raw %}${source}{% endraw %}`;
    expect(analyzeText(raw, 'template').problems).toEqual([]);
    expect(renderText(raw, scopeOf({}), { now: 0 }).text).toBe(source);
  });

  test('what is read as a name of ours is told too, where nothing defines it', () => {
    for (const source of ['run: ${{ github.sha }}', '{{ end }}', '{{ range .Items }}', '{{ toYaml .Values }}'])
      for (const reference of analyzeText(source, 'template').references) expect(reference.fix).toContain('{% raw %}');
    expect(analyzeText('${{ github.sha }}', 'template').references).toHaveLength(1);
  });

  test("a slip in our own language is not taken for another tool's", () => {
    for (const source of [
      '{{ a +* b }}',
      '{% if a ++ %}{% endif %}',
      '{{ {"a" 1} }}',
      "{{ '.x $y := @z' b }}",
      '{{ !a }}',
    ])
      for (const problem of analyzeText(source, 'template').problems) expect(problem.fix).not.toContain('raw');
    expect(analyzeText('{{ a }}', 'template').references[0]).not.toHaveProperty('fix');
  });
});

describe('white space that only looks like it is named with its fix (SPEC 1.10)', () => {
  test.each([
    ['\u00a0', 'U+00A0 (no-break space)'],
    ['\u2007', 'U+2007 (figure space)'],
    ['\u202f', 'U+202F (narrow no-break space)'],
    ['\u3000', 'U+3000 (ideographic space)'],
    ['\ufeff', 'U+FEFF (byte order mark)'],
    ['\u200b', 'U+200B (zero-width space)'],
    ['\u200d', 'U+200D (zero-width joiner)'],
    ['\u2060', 'U+2060 (word joiner)'],
    ['\u2003', 'U+2003 (typographic space)'],
  ])('%j', (char, name) => {
    const message = `${name} is no space here, it only looks like one.`;
    const fix = 'Replace it with an ordinary space.';
    for (const source of [`{{ a${char}b }}`, `{{${char}abc }}`, `{% if${char}a %}`, `{{ a${char}.b }}`])
      expect(analyzeText(source, 'template').problems[0]).toMatchObject({ message, fix });
    expect(analyzeText(`a${char}> 1`, 'condition').problems).toEqual([
      { code: 'template.syntax', message, offset: 1, fix },
    ]);
    expect(renderText(`${char}{{ '${char}' }}${char}`, scopeOf({}), { now: 0 }).text).toBe(char.repeat(3));
  });
});

describe('scopes', () => {
  test('own keys only, hidden names never', () => {
    const scope = scopeOf(
      JSON.parse('{"a":1,"n":null,"_h":2,"__i":2,"__proto__":{"x":1},"constructor":3}') as Record<string, unknown>,
    );
    expect([...scope.names()]).toEqual(['a', 'n', '_h']);
    expect(scope.has('n')).toBe(true);
    for (const name of ['toString', '__i', '__proto__', 'constructor', 'hasOwnProperty'])
      expect(scope.get(name)).toBeUndefined();
  });
  test('a child shadows, also with null', () => {
    const child = childScope(scopeOf({ a: 1, b: 2 }), { a: null, c: 3 });
    expect([child.get('a'), child.get('b'), child.get('c'), child.has('z')]).toEqual([null, 2, 3, false]);
    expect([...child.names()]).toEqual(['a', 'c', 'b']);
  });
  test('an output variable shadows a built-in, calls still reach the function', () => {
    expect(
      renderText('{{ range }} {{ range(2) }} {{ now }}', scopeOf({ range: 'mine', now: 'n' }), { now: 0 }).text,
    ).toBe('mine [0, 1] n');
  });
  test('built-in names', () => {
    for (const name of ['inputs', 'steps', 'now', 'True', 'joiner', 'secrets'])
      expect(BUILT_IN_NAMES.has(name)).toBe(true);
    expect(BUILT_IN_NAMES.has('loop')).toBe(false);
  });
});
