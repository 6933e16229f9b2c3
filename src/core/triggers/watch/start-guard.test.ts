import { expect, it } from 'vitest';
import { StartGuard } from './start-guard.ts';

it('the tenth start within a minute is too many, ten in more than that are not', () => {
  const guard = new StartGuard();
  const quick = Array.from({ length: 10 }, (_, index) => guard.count(index * 6_000));
  expect(quick).toEqual([...Array(9).fill(false), true]);
  const slow = new StartGuard();
  expect(Array.from({ length: 30 }, (_, index) => slow.count(index * 6_700)).includes(true)).toBe(false);
});

it('what waited when a person let it go on does not count', () => {
  const guard = new StartGuard();
  for (let count = 0; count < 10; count++) guard.count(0);
  guard.excuse(500);
  expect(Array.from({ length: 509 }, () => guard.count(1)).includes(true)).toBe(false);
  expect(guard.count(1)).toBe(true);
});
