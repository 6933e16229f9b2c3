/**
 * Due times of schedules in every IANA zone, 2020 to 2040, beside the oracle that goes through every minute (`due-oracle.ts`):
 * node schedule-dues.ts <share> <of how many> <seed>
 */
import fc from 'fast-check';
import { clockAt, findTimeZone } from '../../src/core/time/index.ts';
import { duesBetween, nextDue, parseSchedule, previousDue } from '../../src/core/triggers/index.ts';
import { COMMON_TEXTS, cronText } from '../support/cron-texts.ts';
import { duesOfOffsets, type Offsets, offsetsByMinute } from '../support/due-oracle.ts';

interface Row {
  readonly what: string;
  readonly unit: string;
  looked: number;
  readonly wrong: string[];
}

const [share = 0, shares = 1, seed = 1] = process.argv.slice(2).map(Number);
const SPAN = { fromMs: Date.UTC(2020, 0, 1), toMs: Date.UTC(2041, 0, 1) };
const HOUR_MS = 3_600_000;
const RANDOM_TEXTS = 4;
/** Asked backwards too; the others would double the time and take the same way. */
const BACKWARDS = 4;

const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].sort();
// In a row, so that zones of the same history, which are often neighbours, come to the same process.
const mine = zones.slice(
  Math.floor((share * zones.length) / shares),
  Math.floor(((share + 1) * zones.length) / shares),
);
/** Of single minutes: a text that is due each minute says no more of the zones and takes ten times as long. */
const fewMinutes = cronText.filter((text) => /^\d+(?:,\d+)* /.test(text));
const texts = [...COMMON_TEXTS, ...fc.sample(fewMinutes, { numRuns: RANDOM_TEXTS, seed })];

const offsetRow: Row = { what: 'clock of each zone, each hour of 2020 to 2040', unit: 'offsets', looked: 0, wrong: [] };
const extraRow: Row = { what: `due times of ${texts.length} texts: extra`, unit: 'due times', looked: 0, wrong: [] };
const missingRow: Row = {
  what: `due times of ${texts.length} texts: missing`,
  unit: 'due times',
  looked: 0,
  wrong: [],
};
const backRow: Row = { what: `previous due of ${BACKWARDS} texts`, unit: 'due times', looked: 0, wrong: [] };
const everyRow: Row = { what: '@every 1h: grid kept', unit: 'due times', looked: 0, wrong: [] };

const shown = (at: number): string => new Date(at).toISOString();

/** What is due by the oracle, for each history of offsets that was seen: zones that share one share their dues. */
const truths = new Map<string, readonly (readonly number[])[]>();

function truthOf(offsets: Offsets): readonly (readonly number[])[] {
  const changes: number[] = [];
  offsets.minutes.forEach((offset, index) => {
    if (index === 0 || offset !== offsets.minutes[index - 1]) changes.push(index, offset);
  });
  const key = changes.join();
  const known = truths.get(key) ?? duesOfOffsets(texts, offsets, SPAN);
  truths.set(key, known);
  return known;
}

function checkOffsets(name: string, offsets: Offsets): void {
  const zone = findTimeZone(name);
  for (let at = SPAN.fromMs; zone !== null && at < SPAN.toMs; at += HOUR_MS) {
    offsetRow.looked += 1;
    const minutes = offsets.minutes[(at - offsets.startMs) / 60_000] ?? Number.NaN;
    if (clockAt(zone, at) - at !== minutes * 60_000) offsetRow.wrong.push(`${name} ${shown(at)}`);
  }
}

function checkDues(zone: string, text: string, truth: readonly number[]): void {
  const ours = duesBetween(parseSchedule(text, zone, 0), SPAN, Number.MAX_SAFE_INTEGER);
  extraRow.looked += ours.length;
  missingRow.looked += truth.length;
  let [mineAt, theirsAt] = [0, 0];
  while (mineAt < ours.length || theirsAt < truth.length) {
    const [one, other] = [ours[mineAt] ?? Infinity, truth[theirsAt] ?? Infinity];
    if (one < other) extraRow.wrong.push(`${zone} '${text}' ${shown(one)}`);
    if (other < one) missingRow.wrong.push(`${zone} '${text}' ${shown(other)}`);
    if (one <= other) mineAt += 1;
    if (other <= one) theirsAt += 1;
  }
}

function checkBackwards(zone: string, text: string, truth: readonly number[]): void {
  const schedule = parseSchedule(text, zone, 0);
  let due = previousDue(schedule, SPAN.toMs + 1);
  for (let index = truth.length - 1; index >= 0; index--) {
    backRow.looked += 1;
    if (due !== truth[index]) backRow.wrong.push(`${zone} '${text}' ${due === null ? 'none' : shown(due)}`);
    due = previousDue(schedule, truth[index] ?? 0);
  }
}

function checkGrid(zone: string): void {
  const schedule = parseSchedule('@every 1h', zone, SPAN.fromMs);
  for (let at = SPAN.fromMs; at < SPAN.toMs; at += HOUR_MS) {
    everyRow.looked += 1;
    if (nextDue(schedule, at) !== at + HOUR_MS) everyRow.wrong.push(`${zone} ${shown(at)}`);
  }
}

for (const zone of mine) {
  const offsets = offsetsByMinute(zone, SPAN);
  checkOffsets(zone, offsets);
  const truth = truthOf(offsets);
  texts.forEach((text, index) => {
    checkDues(zone, text, truth[index] ?? []);
    if (index < BACKWARDS) checkBackwards(zone, text, truth[index] ?? []);
  });
  checkGrid(zone);
}
const zoneRow: Row = { what: 'zones', unit: 'zones', looked: mine.length, wrong: [] };
process.stdout.write(JSON.stringify([zoneRow, offsetRow, extraRow, missingRow, backRow, everyRow]));
