import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { type ConditionResult, evaluateCondition, scopeOf } from './index.ts';

const DATA = {
  status: 'approved',
  count: 5,
  text: '5',
  word: 'abc',
  empty: [],
  xs: [1, 2],
  nil: null,
  yes: true,
  order: { total: 120, tags: ['vip'], state: 'open' },
  list: [
    { severity: 'high', n: 1 },
    { severity: 'low', n: 2 },
  ],
};
const check = (condition: string | boolean): ConditionResult => evaluateCondition(condition, scopeOf(DATA), { now: 0 });

describe('true', () => {
  test.each([
    'true',
    'count > 3',
    '{{ count > 3 }}',
    '  {{- count > 3 -}}  ',
    '{count} > 3',
    '{order.total} > 100 and {status} == "approved"',
    '{{ order.total }} > 100',
    'count > 3 AND NOT empty',
    'count > 3 && !empty || nil',
    'Not empty and (nil Or yes)',
    'status == approved',
    "status == 'approved'",
    'status in [approved, done]',
    'status not in [open, done]',
    'order.state != closed',
    "'vip' in order.tags",
    'count == "5"',
    'text == 5',
    'text > 4 and text < 6',
    '5 in ["5"]',
    '"5" in [5]',
    'text is eq 5',
    'list.length == 2',
    'list.filter(severity=high).length == 1',
    "list.filter(severity='high') | length == 1",
    "list | selectattr('severity', 'eq', 'high') | list | length > 0",
    'missing is undefined',
    'missing is not defined',
    'missing is undefined or missing.approved',
    'missing or yes',
    'yes or missing',
    '(missing | default(3)) == 3',
    "missing | default('approved') == status",
    'missing == 1 or count == 5',
    'not (missing == 1) or yes',
    'nil is none',
    'nil == none',
    'status',
    'order',
    '1 < count < 10',
    '"a" ~ "b" == "ab"',
    '{"a": 1}.a == 1',
    'yes if count > 3 else false',
    'not xs | length == 3',
  ])('%s', (condition) => expect(check(condition)).toMatchObject({ value: true, unknown: false }));
});

describe('false', () => {
  test.each([
    'false',
    'count > 9',
    'empty',
    'nil',
    'not status',
    'word == 5',
    'word > 1',
    'not yes',
    'count != "5"',
    'status == closed',
    '""',
    '0',
    'nil > 1',
  ])('%s', (condition) => expect(check(condition)).toMatchObject({ value: false, unknown: false }));
});

describe('a missing name never makes a condition true', () => {
  test.each([
    'missing',
    'not missing',
    'not not missing',
    '!missing',
    'missing == 1',
    'missing != 1',
    'missing != "x"',
    'not (missing == 1)',
    'not (missing != 1)',
    'missing < 1',
    'not missing < 1',
    'missing not in [1]',
    '1 not in missing',
    '"a" in missing',
    'missing is none',
    'missing is not none',
    'missing is string or missing is not string',
    'missing | length == 0',
    'not missing | length',
    'missing | upper == ""',
    'missing + 1 == 1',
    'missing ~ "a" == "a"',
    'missing.deep == none',
    'order.nope != 3',
    '{order.nope} == 3',
    '{{ not missing }}',
    'missing and yes',
    'yes and missing',
    'yes and not missing',
    'missing or false',
    'missing == missing',
    'true if missing else true',
    'xs | join(missing) == "12"',
    '[missing] | length == 1',
    '5 not in [missing.a]',
    'missing.startswith("a") == false',
    '"a".replace("a", missing) == "a"',
    'xs[missing] is not defined or false if missing else yes',
    '{{ status == approvedd }}',
  ])('%s', (condition) => {
    const result = check(condition);
    expect(result).toMatchObject({ value: false, unknown: true });
    expect(result.warnings.length).toBeGreaterThan(0);
  });
});

describe('details', () => {
  test('booleans pass', () => {
    expect(check(true)).toEqual({ value: true, unknown: false, warnings: [] });
    expect(check(false).value).toBe(false);
  });
  test('a false left side of and leaves the rest alone', () => {
    expect(check('false and missing')).toEqual({ value: false, unknown: false, warnings: [] });
  });
  test('silent words', () => {
    for (const silent of ['missing is defined', 'missing | default(1)', 'missing or yes'])
      expect(check(silent).warnings).toEqual([]);
  });
  test('an unknown word as text is a notice', () => {
    expect(check('status == approved').warnings).toEqual([
      { code: 'template.bare_word', message: '\'approved\' is not a known name and is taken as the text "approved".' },
    ]);
    expect(evaluateCondition('status == approved', scopeOf({ status: 1, approved: 1 }), { now: 0 })).toEqual({
      value: true,
      unknown: false,
      warnings: [],
    });
  });
  test('text that is no number is false with a warning', () => {
    expect(check('word > 1').warnings).toEqual([
      {
        code: 'template.type_error',
        message: "A text and a number cannot be compared with '>'. The comparison counts as false.",
      },
    ]);
  });
  test.each([
    '',
    '   ',
    'count >',
    'count = 5',
    '{{ count }} text',
    'count count',
    '{% if x %}',
    '{{ count',
    'x | nope',
    'f(1)',
  ])('%j is refused', (condition) => {
    expect(() => check(condition)).toThrow(AppError);
  });
  test('a name in scope that is called like a keyword of another case still works', () => {
    expect(evaluateCondition('If == 1', scopeOf({ If: 1 }), { now: 0 }).value).toBe(true);
  });
});
