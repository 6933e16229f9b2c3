import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Attack, runAttacks } from '../attack-host.test-support.ts';
import { DEFAULT_LIMITS } from '../runtime/limits.ts';
import { createRuntime } from '../runtime/runtime.ts';
import { scopeOf } from '../runtime/scope.ts';
import { FILTERS, LIBRARY } from './filters.ts';
import { GLOBALS } from './globals.ts';
import { NO_ARGUMENTS } from './library.ts';
import { METHOD_NAMES } from './methods.ts';
import { TESTS } from './tests.ts';

/*
 * Everything that the library has, each with large and odd values, in a child with a small heap: it ends with a value or a
 * typed error, and the process lives. Every result is kept, and texts are ropes, so that work that nobody counts is felt.
 */

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
/** How many large and how many odd inputs each entry meets in one run. */
const INPUTS = Number(process.env.FUZZ_INPUTS ?? 2);
const HEAP_MB = 160;
const HANG_MS = 5000;

const LARGE = [
  '(ascii ~ i)',
  '(emoji ~ i)',
  '(words ~ i)',
  '(digits ~ i)',
  '(marks ~ i)',
  'json',
  'same',
  'sameEmoji',
  'wide',
  'rows',
  'map',
  'texts',
  '[ascii ~ i, emoji ~ i]',
];
const ODD = [
  'deep',
  'deeper',
  'huge',
  'tiny',
  'unsafe',
  'nan',
  'kept',
  'nothing',
  'missing',
  'yes',
  'spread',
  '""',
  '[]',
  '{}',
  'now',
  'timedelta(days=1)',
  'namespace(a=ascii)',
  'range',
  '[missing, nan, nothing]',
];
const ARGUMENTS = [
  ...['0', '-1', '3', '10**9', '2**53', '0.5', 'none', 'true', '""', '" "', '"a"', '"tags.0"', '"length"', '"value"'],
  ...['ascii', 'emoji', '(ascii ~ i)', 'words', 'same', 'wide', 'map', 'rows', 'deep', 'nan', 'missing', '10000000'],
];
const OPERATORS = ['+', '-', '~', '*', '/', '//', '%', '**', '==', '!=', '<', '<=', '>', '>=', 'in', 'not in'];

const value = fc.constantFrom(...LARGE, ...ODD);
const argumentList = fc.array(fc.constantFrom(...ARGUMENTS), { maxLength: 3 });

/** Expressions, by what they call. */
function expressions(): readonly (readonly [string, string])[] {
  const random = (): number => (draw += 1);
  let draw = SEED;
  const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
    fc.sample(arbitrary, { seed: random(), numRuns: count });
  const inputs = (): string[] => [...sample(fc.constantFrom(...LARGE), INPUTS), ...sample(fc.constantFrom(...ODD), 1)];
  const given = (): string => (sample(argumentList, 1)[0] ?? []).join(', ');
  const of = (names: Iterable<string>, write: (name: string, input: string) => string): (readonly [string, string])[] =>
    [...names].flatMap((name) => inputs().map((input) => [name, write(name, input)] as const));
  return [
    ...of(FILTERS.keys(), (name, input) => `${input} | ${name}(${given()})`),
    ...of(FILTERS.keys(), (name, input) => `${input} | ${name}`),
    ...of(
      ['map', 'select', 'reject'],
      (name, input) =>
        `${input} | ${name}('${sample(fc.constantFrom(...(name === 'map' ? FILTERS : TESTS).keys()), 1)[0]}', ${given() || '1'})`,
    ),
    ...of(
      ['map', 'sum', 'sort', 'unique', 'min', 'max', 'join', 'groupby'],
      (name, input) => `${input} | ${name}(attribute=${sample(fc.constantFrom(...ARGUMENTS), 1)[0]})`,
    ),
    ...of(TESTS.keys(), (name, input) => `${input} is ${name}(${given()})`),
    ...of(METHOD_NAMES, (name, input) => `${input}.${name}(${given()})`),
    ...of(GLOBALS.keys(), (name, input) => `${name}(${[input, given()].filter(Boolean).join(', ')})`),
    ...of(OPERATORS, (name, input) => `${input} ${name} ${sample(value, 1)[0]}`),
    ...of(['[i]', '[-i]', '[i:]', '[::-1]', '[::3]', '[emoji]', '.a'], (name, input) => `(${input})${name}`),
    ...of(
      ['{}', '[]', 'if', 'not'],
      (name, input) =>
        ({ '{}': `{(${input}): 1}`, '[]': `[${input}] * 3`, if: `1 if ${input} else 2`, not: `not ${input}` })[name] ??
        input,
    ),
  ];
}

const keep = (expression: string): string =>
  `{% set ns = namespace(l=[]) %}{% for i in range(40) %}{% set ns.l = ns.l + [${expression}] %}{% endfor %}{{ ns.l }}`;
const ENDS = /^(?:value|template\.(?:limit|type_error|syntax|unknown))$/;

test(`everything in the library lives through large and odd values (seed ${SEED})`, async () => {
  const attacks: Attack[] = expressions().map(([name, expression]) => ({
    name: `${name}: ${expression}`,
    source: keep(expression),
  }));
  expect(attacks.length).toBeGreaterThan(FILTERS.size + TESTS.size + METHOD_NAMES.size);
  const ends = await runAttacks(attacks, HEAP_MB);
  expect(ends).toHaveLength(attacks.length);
  expect(ends.filter((one) => !ENDS.test(one.end))).toEqual([]);
  expect(ends.filter((one) => one.cpuMs > HANG_MS)).toEqual([]);
}, 600_000);

describe('no entry of the library does without the meter', () => {
  const long = 'x'.repeat(100_000);
  const runtime = () =>
    createRuntime({ scope: scopeOf({}), condition: false, library: LIBRARY }, { now: 0, limits: DEFAULT_LIMITS });
  test.each([...FILTERS.entries(), ...TESTS.entries()])('%s', (_name, entry) => {
    const rt = runtime();
    try {
      (entry.run as (input: unknown, args: typeof NO_ARGUMENTS, rt: ReturnType<typeof runtime>) => unknown)(
        long,
        NO_ARGUMENTS,
        rt,
      );
    } catch {}
    expect(rt.bytes).toBeGreaterThanOrEqual(long.length);
  });
});
