import { expect, it } from 'vitest';
import { monthMarks } from './audit-store.ts';

const months = ['2026-09', '2026-10', '2026-11'].map((month, at) => ({ month, events: 100, first_seq: at * 100 + 1 }));
const marks = (bad: number | null) => monthMarks({ months, first_bad_seq: bad }).map(({ mark }) => mark);

it('the months before the first bad event are whole, those behind it are not known', () => {
  expect(marks(null)).toEqual(['whole', 'whole', 'whole']);
  expect(marks(150)).toEqual(['whole', 'broken', 'unknown']);
  expect(marks(1)).toEqual(['broken', 'unknown', 'unknown']);
  // The end is missing, or all that is there stands behind what was removed.
  expect(marks(301)).toEqual(['whole', 'whole', 'broken']);
  expect(monthMarks({ months: [], first_bad_seq: 1 })).toEqual([]);
});
