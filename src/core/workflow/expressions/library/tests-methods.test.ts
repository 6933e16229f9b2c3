import { describe, expect, test } from 'vitest';
import { renderText, scopeOf } from '../index.ts';
import { LIBRARY } from './filters.ts';

const DATA = {
  xs: [1, 2, 1],
  m: { a: 1, get: 'own', nil: null },
  s: ' aXbXc ',
  nil: null,
  d: new Date(Date.UTC(2026, 0, 22, 8, 5, 9, 250)),
};
const text = (source: string): string =>
  renderText(`{{ ${source} }}`, scopeOf(DATA), { now: Date.UTC(2026, 0, 22, 8) }).text;

const HOLDS: Readonly<Record<string, readonly [string, string]>> = {
  defined: ['xs is defined', 'missing is defined'],
  undefined: ['missing is undefined', 'xs is undefined'],
  none: ['nil is none', 'missing is none'],
  null: ['nil is null', '0 is null'],
  boolean: ['false is boolean', '0 is boolean'],
  true: ['true is true', '1 is true'],
  false: ['false is false', 'nil is false'],
  number: ['1.5 is number', "'1' is number"],
  integer: ['1 is integer', '1.5 is integer'],
  float: ['1.5 is float', '1 is float'],
  string: ["'' is string", '1 is string'],
  mapping: ['m is mapping', 'xs is mapping'],
  sequence: ['xs is sequence', '1 is sequence'],
  iterable: ["'a' is iterable", '1 is iterable'],
  callable: ['range is callable', 'm is callable'],
  lower: ["'ab1' is lower", "'aB' is lower"],
  upper: ["'AB1' is upper", "'11' is upper"],
  odd: ['-3 is odd', '2 is odd'],
  even: ['0 is even', '3 is even'],
  divisibleby: ['9 is divisibleby 3', '10 is divisibleby(3)'],
  sameas: ['nil is sameas none', '1 is sameas true'],
  in: ['1 is in xs', '9 is in(xs)'],
  eq: ['1 is eq 1', '1 is eq 2'],
  equalto: ["'a' is equalto 'a'", "'a' is equalto 'b'"],
  '==': ['1 is == 1', '1 is == 2'],
  ne: ['1 is ne 2', '1 is ne 1'],
  '!=': ['1 is != 2', '1 is != 1'],
  lt: ['1 is lt 2', '2 is lt 2'],
  lessthan: ['1 is lessthan 2', '2 is lessthan 1'],
  '<': ['1 is < 2', '2 is < 1'],
  le: ['2 is le 2', '3 is le 2'],
  '<=': ['2 is <= 2', '3 is <= 2'],
  gt: ['3 is gt 2', '2 is gt 2'],
  greaterthan: ['3 is greaterthan 2', '1 is greaterthan 2'],
  '>': ['3 is > 2', '1 is > 2'],
  ge: ['2 is ge 2', '1 is ge 2'],
  '>=': ['2 is >= 2', '1 is >= 2'],
  filter: ["'upper' is filter", "'nope' is filter"],
  test: ["'odd' is test", "'upperr' is test"],
};

describe('every test of SPEC 2.3 holds and fails', () => {
  test('the table is complete', () => {
    expect([...LIBRARY.tests.keys()].filter((name) => !Object.hasOwn(HOLDS, name))).toEqual([]);
  });
  test.each(Object.entries(HOLDS))('%s', (_name, [yes, no]) => {
    expect(text(yes)).toBe('true');
    expect(text(no)).toBe('false');
  });
  test('is not', () => expect(text('1 is not odd')).toBe('false'));
});

describe('methods', () => {
  test.each([
    ["'aB'.upper() ~ 'aB'.lower()", 'ABab'],
    ['"they\'re here".title()', "They'Re Here"],
    ["'aBC'.capitalize()", 'Abc'],
    ['s.strip() ~ "|" ~ s.lstrip() ~ "|" ~ s.rstrip() ~ "|"', 'aXbXc|aXbXc | aXbXc|'],
    ["'xxaxx'.strip('x') ~ 'xxa'.lstrip('x') ~ 'axx'.rstrip('x')", 'aaa'],
    ["'a,b,c'.split(',') | length", '3'],
    ["' a  b '.split()", '["a", "b"]'],
    ["' a  b c'.split(none, 1)", '["a", "b c"]'],
    ["'aXbX'.replace('X', '-') ~ 'aXbX'.replace('X', '', 1)", 'a-b-abX'],
    ["'abc'.startswith('ab') and 'abc'.endswith(('x', 'c'))", 'true'],
    ["', '.join(xs)", '1, 2, 1'],
    ["'abcabc'.find('c') ~ 'abc'.find('z') ~ 'abcabc'.find('c', 3)", '2-15'],
    ["'aXbX'.count('X')", '2'],
    [
      "'{} {} {0} {n:>4} {n:04d} {f:.2f} {{}} {x:,}'.format('a', 'b', n=7, f=1.005, x=1234567)",
      'a b a    7 0007 1.00 {} 1,234,567',
    ],
    ["'{:^7}|{:<4}|{:*>4}|{:+d}|{:x}|{:%}'.format('ab', 'c', 'd', 5, 255, 0.5)", '  ab   |c   |***d|+5|ff|50.000000%'],
    ['xs.index(2) ~ xs.count(1)', '12'],
    ["m.get('a') ~ m.get('zz', 'd') ~ m.get('zz') ~ m.get('nil', 'd')", '1d'],
    ['m.items() | list | first', '["a", 1]'],
    ['m.keys() | list', '["a", "get", "nil"]'],
    ['m.values() | list', '[1, "own", null]'],
    ['d.year ~ d.month ~ d.day ~ d.hour ~ d.minute ~ d.second', '2026122859'],
    ['d.year() ~ "/" ~ d.weekday() ~ "/" ~ d.weekday', '2026/3/3'],
    ['d.isoformat()', '2026-01-22T08:05:09.250Z'],
    ['d.timestamp()', '1769069109.25'],
    ["d.strftime('%d/%m/%Y')", '22/01/2026'],
    ['d.date()', '2026-01-22'],
    ['timedelta(days=1, hours=2).total_seconds()', '93600'],
  ])('%s', (source, expected) => expect(text(source)).toBe(expected));

  test.each([
    ["'{0.__class__}'.format('a')", 'refused'],
    ["'{a[0]}'.format(a=1)", 'refused'],
    ["'{1}'.format('a')", 'no argument'],
    ['xs.index(99)', 'not in the list'],
    ["'a'.append(1)", "Unknown method 'append'."],
  ])('%s fails', (source, message) => expect(() => text(source)).toThrow(message));
});
