import { expect, it } from 'vitest';
import { readPages } from './row-pages.ts';

const all: readonly number[] = Array.from({ length: 2500 }, (_, index) => 10_000 - index);
/** How many rows each page was asked for. */
const asked: number[] = [];
const readPage = async (last: number | undefined, limit: number): Promise<readonly number[]> => {
  asked.push(limit);
  return all.filter((row) => last === undefined || row < last).slice(0, limit);
};

it('reads page after page, each after the last row of the one before', async () => {
  const first = await readPages(readPage, 1);
  expect(first.rows).toHaveLength(200);
  expect(first.isWhole).toBe(false);
  const more = await readPages(readPage, 5000, first.rows);
  expect(more).toEqual({ rows: all, isWhole: true });
  expect(asked[0]).toBe(200);
});

it('ends where there is nothing', async () => {
  expect(await readPages(async () => [], 1)).toEqual({ rows: [], isWhole: true });
});
