import { describe, expect, it } from 'vitest';
import { COSTLY_PATTERN_FIX } from '../../shared/safe-pattern.ts';
import { coerceInputs } from './coerce-inputs.ts';
import { frontmatter, problems, read } from './reading.test-support.ts';

const COSTLY = '(?:.{0,1000}x)?$';
const LONG = 'a'.repeat(900_000);
const input = (name: string, pattern: string, value: string): string =>
  `  ${name}: {pattern: ${JSON.stringify(pattern)}, default: ${value}}`;
const reading = (...inputs: readonly string[]): readonly string[] =>
  problems(frontmatter(['workflow: {id: w, name: W}', 'inputs:', ...inputs].join('\n')));

describe('patterns of inputs that cost more than they may', () => {
  it('a long default under a costly pattern is a problem of the file, with the input and how to mend it', () => {
    expect(reading(input('v', COSTLY, LONG))).toEqual([
      `4 error The default is not valid: Input 'v' is too long (900,000 characters) to be held against its pattern -> ${COSTLY_PATTERN_FIX}`,
    ]);
  });

  it('many of them have one budget, whichever section they stand in', () => {
    const many = Array.from({ length: 400 }, (_, n) => input(`v${n}`, '^[a-z]+$', n === 0 ? `&long ${LONG}` : '*long'));
    const found = reading(...many);
    expect(found.filter((one) => one.includes('to be held against its pattern'))).toHaveLength(found.length);
    expect(found.length).toBeGreaterThan(90);
    const costly = Array.from({ length: 2_000 }, (_, n) => input(`v${n}`, `(?:.{0,1000}x)?${n}$`, 'x'));
    expect(reading(...costly).some((one) => one.includes("'pattern' is one of too many that are costly to read"))).toBe(
      true,
    );
  });

  it('honest ones are held against as before', () => {
    expect(reading(input('v', '^[a-z]+$', LONG), input('w', COSTLY, 'abc'))).toEqual([]);
  });

  it('given values of a run have one budget too', () => {
    const inputs = Array.from({ length: 50 }, (_, n) => `  v${n}: {pattern: "^[a-z ]+$"}`);
    const text = frontmatter(['inputs:', ...inputs, `  w: {pattern: "${COSTLY}"}`].join('\n'));
    const given = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`v${n}`, LONG]));
    const { problems: found } = coerceInputs(read(text).workflow.inputs, { ...given, w: LONG }, { now: 0, env: {} });
    expect(found.at(-1)).toEqual({
      name: 'w',
      code: 'input.invalid',
      message: `Input 'w' is too long (900,000 characters) to be held against its pattern`,
      fix: COSTLY_PATTERN_FIX,
    });
    expect(found.length).toBeGreaterThan(20);
    expect(coerceInputs(read(text).workflow.inputs, { v0: LONG, w: 'abc' }, { now: 0, env: {} }).problems).toEqual([]);
  });
});
