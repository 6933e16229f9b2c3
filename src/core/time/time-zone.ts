import type { InstantText } from '../../shared/cron/parse-instant.ts';

/**
 * Time zones by a table of our own: `Intl` is asked for the offsets of some years once, then the same answers come from arrays, a
 * hundred times as fast. The names and rules are those of the machine's IANA data.
 */

/** A stretch of time in which a zone's offset does not change. It may end where it need not, for the table is made in pieces. */
export interface ZonePeriod {
  /** UTC ms; the period has this instant. */
  readonly startsAt: number;
  /** UTC ms; the next period has this instant. */
  readonly endsAt: number;
  /** What the clock of the zone shows is UTC plus this. */
  readonly offsetMs: number;
}

/** An IANA time zone, opened. */
export interface TimeZone {
  /** As it was asked for. */
  readonly name: string;
  /** The period that has an instant. */
  periodAt(at: number): ZonePeriod;
}

const DAY_MS = 86_400_000;
/** No zone changes its clocks twice in less than 7 days from 1970 to 2041; `npm run proof` looks at each of them. */
const LOOK_MS = 2 * DAY_MS;
/** A piece of the table, 1.4 years. */
const PIECE_MS = 512 * DAY_MS;
/** Outside of these pieces, about 1886 to 10100, the first and the last offset go on for ever. */
const PIECES = { first: -60, last: 5800 };
const NAME = /^[A-Za-z][\w+/-]*$/;

const knownZones = new Map<string, TimeZone | null>();
const MAX_KNOWN = 1000;

/** The zone of an IANA name such as `Europe/Berlin` or `UTC`, or null when there is none of it. Opened once, then remembered. */
export function findTimeZone(name: string): TimeZone | null {
  const known = knownZones.get(name);
  if (known !== undefined) return known;
  const zone = NAME.test(name) && name.length <= 64 && isKnownToSystem(name) ? openTimeZone(name) : null;
  if (knownZones.size < MAX_KNOWN) knownZones.set(name, zone);
  return zone;
}

/** Whether a name is an IANA time zone. */
export const isTimeZone = (name: string): boolean => findTimeZone(name) !== null;

/** What the clock of a zone shows at an instant, as ms as if the clock showed UTC. */
export const clockAt = (zone: TimeZone, at: number): number => at + zone.periodAt(at).offsetMs;

/**
 * The instant at which the clock of a zone shows a time (ms as if the clock showed UTC): the first of two where it shows it twice, the
 * first one after the gap where it never does.
 */
export function instantOf(zone: TimeZone, clockMs: number): number {
  let period = zone.periodAt(clockMs - DAY_MS);
  while (clockMs - period.offsetMs >= period.endsAt) {
    const next = zone.periodAt(period.endsAt);
    if (clockMs - next.offsetMs < period.endsAt) return period.endsAt;
    period = next;
  }
  return clockMs - period.offsetMs;
}

/** A date and time as it was written, in a zone, as UTC ms. */
export const instantIn = (zone: TimeZone, written: InstantText): number =>
  written.kind === 'instant' ? written.ms : instantOf(zone, written.ms);

function isKnownToSystem(name: string): boolean {
  // What most projects have; to ask for a first zone takes 15 ms.
  if (name === 'UTC') return true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function openTimeZone(name: string): TimeZone {
  const pieces = new Map<number, readonly ZonePeriod[]>();
  let last: ZonePeriod = { startsAt: 0, endsAt: 0, offsetMs: 0 };
  return {
    name,
    periodAt(at) {
      if (at >= last.startsAt && at < last.endsAt) return last;
      const index = Math.max(PIECES.first, Math.min(PIECES.last, Math.floor(at / PIECE_MS)));
      let piece = pieces.get(index);
      if (piece === undefined) {
        piece = withoutEnds(readPiece(name, index * PIECE_MS), index);
        pieces.set(index, piece);
      }
      last = piece.findLast((period) => period.startsAt <= at) ?? last;
      return last;
    },
  };
}

/** The periods of a piece, the very first and the very last of them without a beginning or an end. */
function withoutEnds(piece: readonly ZonePeriod[], index: number): readonly ZonePeriod[] {
  if (index === PIECES.first) return piece.map((period, i) => (i === 0 ? { ...period, startsAt: -Infinity } : period));
  if (index !== PIECES.last) return piece;
  return piece.map((period, i) => (i === piece.length - 1 ? { ...period, endsAt: Infinity } : period));
}

/** The periods of one piece of time: looks at it every few days and narrows each change down to its second. */
function readPiece(name: string, startsAt: number): readonly ZonePeriod[] {
  const offsetAt = offsetReader(name);
  const endsAt = startsAt + PIECE_MS;
  const periods: ZonePeriod[] = [];
  let from = startsAt;
  let offsetMs = offsetAt(startsAt);
  for (let at = startsAt; at < endsAt; at += LOOK_MS) {
    const next = Math.min(at + LOOK_MS, endsAt);
    // The change at the end of a piece is the beginning of the next one.
    const nextOffset = offsetAt(next - 1000);
    if (nextOffset === offsetMs) continue;
    const change = findChange(offsetAt, { from: at - 1000, to: next - 1000 });
    periods.push({ startsAt: from, endsAt: change, offsetMs });
    from = change;
    offsetMs = nextOffset;
  }
  periods.push({ startsAt: from, endsAt, offsetMs });
  return periods;
}

type OffsetReader = (at: number) => number;

/** The first second that has the offset of `to`; `from` has another one. Both are whole seconds. */
function findChange(offsetAt: OffsetReader, { from, to }: { readonly from: number; readonly to: number }): number {
  let [before, after] = [from, to];
  const target = offsetAt(to);
  while (after - before > 1000) {
    const middle = before + Math.floor((after - before) / 2000) * 1000;
    if (offsetAt(middle) === target) after = middle;
    else before = middle;
  }
  return after;
}

const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/;

function offsetReader(name: string): OffsetReader {
  // The fewest parts that `Intl` gives beside the offset.
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, year: 'numeric', timeZoneName: 'longOffset' });
  return (at) => {
    const [, sign, hours, minutes, seconds] = OFFSET.exec(format.format(at)) ?? [];
    const ms = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
    return sign === '-' ? -ms : ms;
  };
}
