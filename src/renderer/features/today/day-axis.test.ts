import { expect, it } from 'vitest';
import { axisMarks } from './day-axis.ts';

const DAY_MS = 86_400_000;
/** The longest words of an instant, and the word for now. */
const WORDS_PX = 72;

it.each([320, 480, 640, 1000])(
  'whatever the time is, no hour is written over now or over another one in %i px, and one is',
  (widthPx) => {
    for (let minute = 0; minute < 1440; minute += 5) {
      const now = Date.UTC(2026, 10, 30) + minute * 60_000;
      const range = { from: now - DAY_MS, until: now + DAY_MS };
      const marks = axisMarks(range, now, widthPx);
      expect(marks.length, `at minute ${minute}`).toBeGreaterThan(0);
      const places = [...marks, now].map((at) => ((at - range.from) / (2 * DAY_MS)) * widthPx).sort((a, b) => a - b);
      for (const [at, place] of places.slice(1).entries())
        expect(place - (places[at] ?? 0), `at minute ${minute}`).toBeGreaterThan(WORDS_PX - 1);
    }
  },
);
