import { expect, it } from 'vitest';
import { rowAfterKey } from './use-list-keys.ts';

it.each([
  ['j', -1, 0],
  ['ArrowDown', 3, 4],
  ['k', 0, 0],
  ['PageDown', 95, 99],
  ['PageUp', 4, 0],
  ['Home', 50, 0],
  ['End', -1, 99],
  ['Enter', 3, null],
])('%s at row %i leads to %s', (key, at, expected) => {
  expect(rowAfterKey(key, at, 100)).toBe(expected);
});

it('moves nothing in an empty list', () => {
  expect(rowAfterKey('j', -1, 0)).toBeNull();
});
