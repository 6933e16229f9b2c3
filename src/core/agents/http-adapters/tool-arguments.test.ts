import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseArguments } from './tool-arguments.ts';

it.each([
  ['no map', '[1, 2]', 'The arguments must be a JSON object.'],
  ['a text', '"rm -rf"', 'The arguments must be a JSON object.'],
  ['null', 'null', 'The arguments must be a JSON object.'],
  ['broken JSON', '{"path": "a"', 'The arguments are not valid JSON.'],
  ['two values', '{} {}', 'The arguments are not valid JSON.'],
  ['a prototype', '{"__proto__": {"isAdmin": true}}', "An argument must not be named '__proto__'."],
  ['a prototype further in', '{"a": [{"b": {"__proto__": 1}}]}', "An argument must not be named '__proto__'."],
  ['too much', JSON.stringify({ text: 'x'.repeat(1024 * 1024) }), 'The arguments are longer than 1048576 characters.'],
  ['too deep', `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`, 'The arguments are nested deeper than 64 levels.'],
])('refuses %s', (_what, text, problem) => {
  expect(parseArguments(text)).toEqual({ input: null, problem });
});

it('gives every other map as it is, and nothing as an empty one', () => {
  expect(parseArguments('')).toEqual({ input: {}, problem: null });
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__'),
        fc.jsonValue({ maxDepth: 3 }),
      ),
      (map) => {
        const text = JSON.stringify(map);
        fc.pre(!text.includes('__proto__'));
        expect(parseArguments(text)).toEqual({ input: JSON.parse(text), problem: null });
      },
    ),
  );
});
