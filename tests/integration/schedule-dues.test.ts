import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duesBetween, nextDue, parseSchedule, previousDue } from '../../src/core/triggers/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { COMMON_TEXTS, cronText } from '../support/cron-texts.ts';
import { oracleDues, type Span } from '../support/due-oracle.ts';

// Twenty years by the minute are seconds of work: on a loaded machine that takes its time.
const SEED = Number(process.env.AIWORKFLOW_SEED ?? Date.now() % 1_000_000_000);
const DAY_MS = 86_400_000;
/** Changes at two o'clock, of half an hour, at midnight, around Ramadan. */
const ZONES = ['America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Africa/Casablanca'];
const MANY_ZONES = [
  ...ZONES,
  ...['Europe/Berlin', 'Pacific/Chatham', 'UTC', 'Asia/Kolkata', 'America/Santiago', 'Antarctica/Troll'],
  ...['Asia/Gaza', 'America/Havana', 'Asia/Tehran'],
];
const YEARS: Span = { fromMs: Date.UTC(2020, 0, 1), toMs: Date.UTC(2041, 0, 1) };

const shown = (dues: readonly number[]): readonly string[] => dues.map((due) => new Date(due).toISOString());
const oursIn = (text: string, zone: string, span: Span): readonly number[] =>
  duesBetween(parseSchedule(text, zone, 0), span, Number.MAX_SAFE_INTEGER);

/** What is due too often and what is missing, beside the truth; both empty when all is well. */
function wrongOf(text: string, dues: readonly number[], truth: readonly number[] = []): object {
  const [got, wanted] = [new Set(dues), new Set(truth)];
  const extra = shown(dues.filter((due) => !wanted.has(due)));
  const missing = shown(truth.filter((due) => !got.has(due)));
  return { text, count: dues.length, extra, missing };
}

const right = (text: string, truth: readonly number[] = []): object => wrongOf(text, truth, truth);

/** All dues of a span, asked backwards. */
function backwards(text: string, zone: string, span: Span): readonly number[] {
  const schedule = parseSchedule(text, zone, 0);
  const dues: number[] = [];
  for (let due = previousDue(schedule, span.toMs + 1); due !== null && due > span.fromMs; ) {
    dues.push(due);
    due = previousDue(schedule, due);
  }
  return dues.reverse();
}

describe('due times beside an oracle that goes through every minute', () => {
  it.each(ZONES)('%s, 2020 to 2040: none too many, none missing', (zone) => {
    const truth = oracleDues(COMMON_TEXTS, zone, YEARS);
    for (const [index, text] of COMMON_TEXTS.entries()) {
      expect(wrongOf(text, oursIn(text, zone, YEARS), truth[index])).toEqual(right(text, truth[index]));
    }
  });

  it(`random texts in random weeks, forwards and backwards (seed ${SEED})`, () => {
    const place = fc.record({
      texts: fc.array(cronText, { minLength: 4, maxLength: 4 }),
      zone: fc.constantFrom(...MANY_ZONES),
      // Most changes lie in March, April, September to November.
      month: fc.constantFrom(2, 3, 8, 9, 10, 0, 5),
      year: fc.integer({ min: 2020, max: 2040 }),
      day: fc.integer({ min: 1, max: 28 }),
    });
    fc.assert(
      fc.property(place, ({ texts, zone, year, month, day }) => {
        const fromMs = Date.UTC(year, month, day);
        const span = { fromMs, toMs: fromMs + 8 * DAY_MS };
        const truth = oracleDues(texts, zone, span);
        for (const [index, text] of texts.entries()) {
          expect(wrongOf(text, oursIn(text, zone, span), truth[index])).toEqual(right(text, truth[index]));
          expect(wrongOf(text, backwards(text, zone, span), truth[index])).toEqual(right(text, truth[index]));
        }
      }),
      { seed: SEED, numRuns: 120 },
    );
  });

  it(`from any instant, also in the middle of a minute and of a change (seed ${SEED})`, () => {
    const place = fc.record({
      text: fc.oneof(cronText, fc.constantFrom(...COMMON_TEXTS)),
      zone: fc.constantFrom('America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo'),
      change: fc.constantFrom(
        '2026-03-08T07:00:00Z',
        '2026-11-01T06:00:00Z',
        '2026-04-04T15:00:00Z',
        '2026-10-29T21:00:00Z',
      ),
      offset: fc.integer({ min: -3 * 3_600_000, max: 3 * 3_600_000 }),
    });
    fc.assert(
      fc.property(place, ({ text, zone, change, offset }) => {
        const at = Date.parse(change) + offset;
        const hour = Math.floor(at / 3_600_000) * 3_600_000;
        const [truth = []] = oracleDues([text], zone, { fromMs: hour - 2 * DAY_MS, toMs: hour + 2 * DAY_MS });
        const schedule = parseSchedule(text, zone, 0);
        const after = truth.find((due) => due > at);
        if (after !== undefined) expect([text, nextDue(schedule, at)]).toEqual([text, after]);
        const before = truth.findLast((due) => due < at);
        if (before !== undefined) expect([text, previousDue(schedule, at)]).toEqual([text, before]);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

type Library = (text: string, zone: string, from: number) => readonly string[];
const COUNT = 20;

const ours: Library = (text, zone, fromMs) =>
  shown(duesBetween(parseSchedule(text, zone, 0), { fromMs, toMs: fromMs + 3600 * DAY_MS }, COUNT));
const croner: Library = (text, timezone, from) =>
  new Cron(text, { timezone, fixedTimeRule: 'no-wildcard', domAndDow: false, paused: true })
    .nextRuns(COUNT, new Date(from))
    .map((due) => due.toISOString());
const cronParser: Library = (text, tz, from) =>
  CronExpressionParser.parse(text, { tz, currentDate: new Date(from) })
    .take(COUNT)
    .map((due) => due.toDate().toISOString());

describe('due times beside the libraries', () => {
  const from = Date.parse('2026-01-22T08:00:00Z');

  it.each<[string, Library]>([
    ['croner', croner],
    ['cron-parser', cronParser],
  ])(`%s and we agree on random texts without clock changes, where it takes them (seed ${SEED})`, (_name, library) => {
    let compared = 0;
    fc.assert(
      fc.property(cronText, (text) => {
        // Whether a list or step with a star in it counts as a star for the day rule, each library decides otherwise.
        const [, , day, , weekday] = text.split(' ');
        fc.pre([day, weekday].every((field) => field === '*' || !/[*?]/.test(field ?? '')));
        // To croner that is the whole week, to cron-parser and us one day.
        fc.pre(!text.includes('SUN-SUN'));
        let theirs: readonly string[];
        try {
          theirs = library(text, 'UTC', from);
        } catch {
          // It has less of a grammar than SPEC: no `A/N` (croner), no `N#K` in lists (cron-parser), or gave up looking.
          return;
        }
        compared += 1;
        const mine = ours(text, 'UTC', from);
        expect([text, ...theirs.slice(0, mine.length)]).toEqual([text, ...mine]);
      }),
      { seed: SEED, numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(50);
  });

  // New York: 2:00 to 3:00 is left out on 8 March, 1:00 to 2:00 comes twice on 1 November.
  const GAP = Date.parse('2026-03-08T04:00:00Z');
  const TWICE = Date.parse('2026-11-01T03:00:00Z');

  it.each([
    ['30 2 * * *', GAP],
    ['0,30 1,2,3 * * *', GAP],
    ['0 * * * *', GAP],
    ['30 */2 * * *', GAP],
    ['30 1 * * *', TWICE],
    ['0,30 1,2,3 * * *', TWICE],
    ['0 * * * *', TWICE],
    ['30 */2 * * *', TWICE],
  ])('croner and we agree on %s over a change', (text, at) => {
    expect(croner(text, 'America/New_York', at)).toEqual(ours(text, 'America/New_York', at));
  });

  it.each<[string, Library, string, number, string]>([
    // SPEC looks at the hour field alone; to croner a star or a step in the minutes makes it elapsed time as well.
    ['croner leaves the gap out', croner, '*/20 2 * * *', GAP, '2026-03-09T06:00'],
    ['croner is due in both hours', croner, '*/20 1 * * *', TWICE, '2026-11-01T06:00'],
    // SPEC makes of the gap one instant, its end; cron-parser moves what lies in it by an hour, so it is due at 03:30.
    ['cron-parser is due an hour later', cronParser, '30 2 * * *', GAP, '2026-03-08T07:30'],
    // SPEC goes by elapsed time, in which there is no 02:30; cron-parser is due at 03:30 too.
    ['cron-parser is due once more', cronParser, '30 */2 * * *', GAP, '2026-03-08T07:30'],
  ])('known difference: %s', (_what, library, text, at, instant) => {
    const theirs = library(text, 'America/New_York', at).map((due) => due.slice(0, 16));
    const mine = ours(text, 'America/New_York', at).map((due) => due.slice(0, 16));
    expect(theirs).toContain(instant);
    expect(theirs).not.toEqual(mine);
  });
});

describe('texts that are no schedule', () => {
  it(`5,000 of them: a schedule or a typed error (seed ${SEED})`, () => {
    const letters = fc.constantFrom(...'0123456789*?/-,#L @MONFEBdayevrt\t:+Z.'.split(''));
    const near = fc
      .tuple(cronText, fc.nat(30), letters)
      .map(([text, at, letter]) => text.slice(0, at) + letter + text.slice(at + 1));
    const text = fc.oneof(fc.string({ unit: letters, maxLength: 60 }), fc.string({ maxLength: 300 }), near, cronText);
    const zone = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...MANY_ZONES) }, fc.string());
    fc.assert(
      fc.property(text, zone, (written, zoneName) => {
        try {
          const schedule = parseSchedule(written, zoneName, 0);
          const due = nextDue(schedule, YEARS.fromMs);
          expect(due === null || due > YEARS.fromMs).toBe(true);
          previousDue(schedule, YEARS.fromMs);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toHaveProperty('hint');
        }
      }),
      { seed: SEED, numRuns: 5000 },
    );
  });
});
