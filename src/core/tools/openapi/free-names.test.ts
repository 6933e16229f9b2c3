import { expect, test } from 'vitest';
import { createFreeNames } from './free-names.ts';

test('gives each name once, in the order in which they are asked for', () => {
  const free = createFreeNames();
  expect(['a', 'a', 'b', 'a_2', 'a', 'a_2', 'b_2', 'b'].map(free)).toEqual([
    ...['a', 'a_2', 'b', 'a_2_2', 'a_3', 'a_2_3', 'b_2', 'b_3'],
  ]);
});
