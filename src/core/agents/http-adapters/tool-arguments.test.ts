import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readJson } from '../../../shared/json.ts';
import { parseArguments, readArguments } from './tool-arguments.ts';

it.each([
  ['no map', '[1, 2]', 'The arguments must be a JSON object.'],
  ['a text', '"rm -rf"', 'The arguments must be a JSON object.'],
  ['null', 'null', 'The arguments must be a JSON object.'],
  ['broken JSON', '{"path": "a"', 'The arguments are not valid JSON.'],
  ['two values', '{} {}', 'The arguments are not valid JSON.'],
  ['a prototype', '{"__proto__": {"isAdmin": true}}', "An argument must not be named '__proto__'."],
  ['a prototype further in', '{"a": [{"b": {"__proto__": 1}}]}', "An argument must not be named '__proto__'."],
  [
    'too much',
    JSON.stringify({ text: 'x'.repeat(1024 * 1024) }),
    'The arguments are longer than 1,048,576 characters.',
  ],
  ['too deep', `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`, 'The arguments are nested deeper than 64 levels.'],
])('refuses %s', (_what, text, problem) => {
  expect(parseArguments(text)).toEqual({ input: null, problem, notices: [] });
});

it('gives every other map as it is, and nothing as an empty one', () => {
  expect(parseArguments('')).toEqual({ input: {}, problem: null, notices: [] });
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__'),
        fc.jsonValue({ maxDepth: 3 }),
      ),
      (map) => {
        const text = JSON.stringify(map);
        fc.pre(!text.includes('__proto__'));
        const { value, notices } = readJson(text);
        expect(parseArguments(text)).toEqual({
          input: value,
          problem: null,
          notices: notices.map(({ message }) => message),
        });
      },
    ),
  );
});

const MAP = { who: 'Ann', amount: 10 };
const MIXED = 'The arguments came more than once, and not the same.';

it.each([
  ['nothing', [], {}],
  ['pieces of text', ['{"who":"Ann",', '"amount":10}'], MAP],
  ['a map', [MAP], MAP],
  ['a map, again at the end', [MAP, MAP], MAP],
  ['a map and the same as text', [JSON.stringify(MAP), MAP], MAP],
  ['an empty map, then the text', [{}, JSON.stringify(MAP)], MAP],
  ['an empty map', [{}], {}],
])('takes %s', (_what, written, input) => expect(readArguments(written)).toMatchObject({ input, problem: null }));

it.each([
  ['a list', [[MAP]], 'The arguments must be a JSON object.'],
  ['a number', [7], 'The arguments must be a JSON object.'],
  ['a map and another text', ['{"who":"Bob"}', MAP], MIXED],
  ['a map and half a text', ['{"who":', MAP], MIXED],
  ['two maps', [MAP, { who: 'Bob' }], MIXED],
])('refuses %s, and never takes it for nothing', (_what, written, problem) =>
  expect(readArguments(written)).toEqual({ input: null, problem, notices: [] }),
);

it('keeps every digit of an integer', () => {
  expect(parseArguments('{"id": 12345678901234567890}')).toEqual({
    input: { id: '12345678901234567890' },
    problem: null,
    notices: ['id: 12345678901234567890 is kept as text'],
  });
});
