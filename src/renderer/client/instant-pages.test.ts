import { expect, it } from 'vitest';
import { readPages } from './instant-pages.ts';

interface Row {
  readonly at: number;
  readonly key: string;
}

/** 2,500 rows, three of them at each instant; `asked` holds the size of each page. */
const all: readonly Row[] = Array.from({ length: 2500 }, (_, at) => ({
  at: 10_000 - Math.floor(at / 3),
  key: `k${at}`,
}));
const asked: number[] = [];
const source = {
  page: async (before: number | undefined, limit: number) => {
    asked.push(limit);
    return all.filter(({ at }) => before === undefined || at < before).slice(0, limit);
  },
  instantOf: ({ at }: Row) => at,
  keyOf: ({ key }: Row) => key,
};

it('reads every row once, however many stand at the instant where a page ends', async () => {
  const first = await readPages(source, 1);
  expect(first.rows).toHaveLength(200);
  expect(first.isWhole).toBe(false);
  const more = await readPages(source, 5000, first.rows);
  expect(more.rows.map(({ key }) => key)).toEqual(all.map(({ key }) => key));
  expect(more.isWhole).toBe(true);
  expect(asked[0]).toBe(200);
});

it('ends where there is nothing', async () => {
  expect(await readPages({ ...source, page: async () => [] }, 1)).toEqual({ rows: [], isWhole: true });
});
