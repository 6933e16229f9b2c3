import { expect, it } from 'vitest';
import { z } from 'zod';
import { inputWords } from './input-words.ts';

it.each([
  [z.string().min(1), '', 'Must not be empty'],
  [z.array(z.string()).min(1), [], 'Must not be empty'],
  [z.string().min(8), 'short', 'Must have at least 8 characters'],
  [z.string().max(2), 'abc', 'Must have at most 2 characters'],
  [z.array(z.string()).max(2), ['a', 'b', 'c'], 'Must have at most 2 entries'],
  [z.number().min(1), 0, 'Must be at least 1'],
  [z.number().max(5), 7, 'Must be at most 5'],
  [z.string(), undefined, 'Is missing'],
  [z.string(), 3, 'Must be text'],
  [z.number().int(), 1.5, 'Must be a whole number'],
  [z.enum(['a', 'b']), 'c', 'Must be one of a, b'],
  [z.literal('x'), 'y', 'Must be x'],
  [z.strictObject({}), { b: 1 }, "There is no input 'b'"],
  [z.string().regex(/^a/, 'Begins with an a'), 'b', 'Begins with an a'],
] as const)('says what is wrong in plain words (%#)', (schema, value, words) => {
  expect(schema.safeParse(value, { error: inputWords }).error?.issues[0]?.message).toBe(words);
});
