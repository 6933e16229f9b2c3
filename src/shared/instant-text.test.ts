import { expect, it } from 'vitest';
import { createInstantText } from './instant-text.ts';

it('writes instants as a date does, in any order', () => {
  const text = createInstantText();
  const now = Date.UTC(2026, 1, 28, 23, 59, 59, 998);
  const instants = [now, now, now + 1, now + 2, now - 999, 0, 7, 1_000, -1, -1_000, -1_001, Date.UTC(12_026, 0, 1)];
  expect(instants.map(text)).toEqual(instants.map((at) => new Date(at).toISOString()));
});
