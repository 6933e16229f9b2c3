import fc from 'fast-check';
import { test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { analyzeText, evaluateCondition, renderText, renderValue, scopeOf } from './index.ts';
import { FILTERS } from './library/filters.ts';
import { METHOD_NAMES } from './library/methods.ts';
import { TESTS } from './library/tests.ts';

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.FUZZ_RUNS ?? 5000);

const DATA = {
  a: 1,
  b: 'text',
  c: [1, 'x', null, { k: true }],
  d: { k: 1, list: [3, 1, 2], nested: { deep: 'v' } },
  n: null,
  t: true,
  f: 1.5,
  when: new Date(0),
  odd: [Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, Symbol('s'), 10n],
};

const PIECES = [
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '{{-',
    '-}}',
    '{%-',
    '-%}',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ',',
    ':',
    '.',
    '|',
    '"',
    "'",
    '\\',
  ],
  ...[
    '+',
    '-',
    '*',
    '/',
    '//',
    '%',
    '**',
    '~',
    '==',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    '=',
    '&&',
    '||',
    '!',
    '&',
    '?',
    ';',
    '$',
    '@',
    '\n',
    ' ',
    ' ',
  ],
  ...['and', 'or', 'not', 'in', 'is', 'if', 'else', 'AND', 'Not', 'true', 'none', 'True'],
  ...[
    'if a',
    'elif b',
    'else',
    'endif',
    'for x in c',
    'for k, v in d.items()',
    'endfor',
    'set z = 1',
    'set ns.x = 2',
    'set q',
    'endset',
  ],
  ...[
    'with w = 1',
    'endwith',
    'filter upper',
    'endfilter',
    'raw',
    'endraw',
    'macro m()',
    'include "x"',
    'loop.index',
    'loop.cycle(1, 2)',
  ],
  ...[
    'a',
    'b',
    'c',
    'd',
    'n',
    't',
    'f',
    'when',
    'odd',
    'missing',
    'd.k',
    'c[0]',
    'c[-1]',
    'd["k"]',
    'c[1:2]',
    'now',
    'now()',
    '_x',
    '__proto__',
  ],
  ...[
    '0',
    '1',
    '2.5',
    '10**9',
    '1e308',
    '-1',
    '"s"',
    "'%s %d'",
    '"{} {0}"',
    '[]',
    '{}',
    '{"k": 1}',
    '(1, 2)',
    'range(3)',
    'range(10**6)',
    'dict(a=1)',
  ],
  ...[
    'namespace(x=1)',
    'timedelta(days=1)',
    'cycler(1, 2)',
    'joiner()',
    'attribute="k"',
    'default=1',
    'reverse=true',
    '"k"',
    '"upper"',
    '"\\u0000"',
    '😀',
    '\ud800',
  ],
  ...[...FILTERS.keys()].flatMap((name) => [`| ${name}`, `| ${name}(1)`, `| ${name}("k", 2)`]),
  ...[...TESTS.keys()].map((name) => `is ${name}`),
  ...[...METHOD_NAMES].flatMap((name) => [`.${name}()`, `.${name}("a", 1)`]),
];

const VALID = [
  '{% for x in c if x %}{{ loop.index }}: {{ x | string | upper }}{% else %}none{% endfor %}',
  "{{ d.list | sort | map('string') | join(', ') }} {a} {d.k} {{ 'A' if a > 0 else 'B' }}",
  '{% set ns = namespace(t=0) %}{% for i in d.list %}{% set ns.t = ns.t + i %}{% endfor %}{{ ns.t }}',
  "{{ when | datetimeformat('%Y-%m-%d') }} {{ '%05.2f' | format(f) }} {{ '{:>8}'.format(b) }} {{ b[::-1] }}",
  'a == 1 and {d.k} > 0 or not (b in [text, other]) && !n',
];

const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((parts) => parts.join(' '));
const tagged = soup.map((inner) => `x {{ ${inner} }} y`);
const mutated = fc
  .tuple(
    fc.constantFrom(...VALID),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...PIECES)), { maxLength: 4 }),
  )
  .map(([source, edits]) =>
    edits.reduce(
      (text, [at, cut, piece]) =>
        text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + cut),
      source,
    ),
  );
const filtered = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'd', 'n', 'f', 'when', 'odd', 'missing', 'now', 'range(5)', 'timedelta(1)', 'range'),
    fc.array(fc.constantFrom(...FILTERS.keys()), { minLength: 1, maxLength: 4 }),
    fc.array(fc.constantFrom('1', '"k"', '-1', 'c', 'd', '0', 'none', '"upper"', '10**9', '""', 'true', 'missing'), {
      maxLength: 3,
    }),
  )
  .map(([input, names, args]) => `{{ ${input} | ${names.map((name) => `${name}(${args.join(', ')})`).join(' | ')} }}`);
const any = fc.oneof(
  soup,
  tagged,
  mutated,
  filtered,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ maxLength: 100 }).map((inner) => `{{${inner}}}`),
);

/** Runs one door; a typed error of the templates is an answer, anything else fails the test. */
function survive(run: () => unknown): void {
  try {
    run();
  } catch (cause) {
    if (!(cause instanceof AppError) || !cause.code.startsWith('template.')) throw cause;
  }
}

test(`${RUNS} fuzzed texts end with a value or a typed error (seed ${SEED})`, () => {
  const scope = scopeOf(DATA);
  fc.assert(
    fc.property(any, (source) => {
      survive(() => renderText(source, scope, { now: 0 }));
      survive(() => renderValue({ a: source, b: [source] }, scope, { now: 0 }));
      survive(() => evaluateCondition(source, scope, { now: 0 }));
      const { problems } = analyzeText(source, 'template');
      for (const problem of problems) {
        if (problem.offset < 0 || problem.offset > source.length)
          throw new Error(`offset ${problem.offset} is outside`);
      }
      if (problems.length === 0) survive(() => expectRenders(source));
      analyzeText(source, 'condition');
    }),
    { seed: SEED, numRuns: RUNS },
  );
});

/** What the analysis calls sound must not fail for its syntax or for an unknown name of the language, save by computed names. */
function expectRenders(source: string): void {
  try {
    renderText(source, scopeOf(DATA), { now: 0 });
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'template.syntax' && !/\.\w+\(|format/.test(source))
      throw new Error(`sound but ${cause.message}`);
    throw cause;
  }
}
