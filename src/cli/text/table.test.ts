import { expect, it } from 'vitest';
import { type GivingColumn, table } from './table.ts';

const ID = `${'a-very-long-workflow-name-'.repeat(2)}20260122-090000-5e3b44a7`;
const GIVING: readonly GivingColumn[] = [
  { column: 1, least: 10 },
  { column: 0, least: 18, keepsEnd: true },
];
const shown = (width: number): string =>
  table(['RUN', 'WORKFLOW', 'STATUS'], [[ID, 'A very long workflow name that says all of it', '✓ Completed']], {
    width,
    giving: GIVING,
  });

it.each([50, 80, 100])('fits %d columns: the name gives way first, and the end of an id stays', (width) => {
  const text = shown(width);
  expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(width);
  expect(text).toContain('-5e3b44a7  A very lo');
});

it('cuts no id where there is room', () => {
  expect(shown(Number.POSITIVE_INFINITY)).toContain(`${ID}  A very long workflow name that says all of it`);
  expect(shown(120)).toContain(ID);
});
