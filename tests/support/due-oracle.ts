/**
 * The slow truth about due times: goes through every minute of a span and asks `Intl` what the clock of the zone shows. It shares
 * nothing with the product: its own reading of the five fields, its own calendar (that of `Date`), its own rules of the clock changes.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const NAMES: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['', 'JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
];
const BOUNDS: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];

/** The offset of a zone at an instant, in ms, from the fields that `Intl` shows. */
export function offsetAsker(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (at) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] =
      format.format(at).match(/\d+/g)?.map(Number) ?? [];
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };
}

/** What the clock of a zone showed, minute by minute. */
export interface Offsets {
  readonly startMs: number;
  /** Clock less UTC of each minute from `startMs` on, in minutes. */
  readonly minutes: Int16Array;
}

/**
 * The offsets of a span, and of the day before it, to know what the clock has shown already: asked each hour, and each minute of an hour
 * within which they change.
 */
export function offsetsByMinute(zone: string, span: Span): Offsets {
  const startMs = span.fromMs - DAY_MS;
  const ask = offsetAsker(zone);
  const minutes = new Int16Array((span.toMs - startMs) / MINUTE_MS + 1);
  let next = ask(startMs);
  for (let hour = startMs; hour <= span.toMs; hour += HOUR_MS) {
    const first = next;
    next = ask(hour + HOUR_MS);
    const isSteady = next === first;
    for (let at = hour; at < hour + HOUR_MS && at <= span.toMs; at += MINUTE_MS)
      minutes[(at - startMs) / MINUTE_MS] = (isSteady ? first : ask(at)) / MINUTE_MS;
  }
  return { startMs, minutes };
}

/** The minutes of a day at which a text is due, whatever the day, and the days. */
interface Pattern {
  readonly isMinuteDue: Uint8Array;
  readonly isHourStar: boolean;
  isDateDue(date: Date): boolean;
}

function readPattern(text: string): Pattern {
  const fields = text.split(' ');
  const allows = (index: number, value: number): boolean =>
    (fields[index] ?? '').split(',').some((item) => itemAllows(index, item, value));
  const isStar = (index: number): boolean => '*?'.includes(fields[index]?.[0] ?? '');
  const isMinuteDue = new Uint8Array(1440);
  for (let minute = 0; minute < 1440; minute++)
    if (allows(0, minute % 60) && allows(1, Math.floor(minute / 60))) isMinuteDue[minute] = 1;
  return {
    isMinuteDue,
    isHourStar: isStar(1),
    isDateDue(date) {
      if (!allows(3, date.getUTCMonth() + 1)) return false;
      const day = date.getUTCDate();
      const isLast = new Date(date.getTime() + DAY_MS).getUTCDate() === 1;
      const byDay = allows(2, day) || (isLast && (fields[2] ?? '').split(',').includes('L'));
      const weekday = date.getUTCDay();
      const nth = `#${Math.ceil(day / 7)}`;
      const byNth = (fields[4] ?? '')
        .split(',')
        .some((item) => item.endsWith(nth) && numberOf(4, item.split('#')[0]) % 7 === weekday);
      const byWeekday = byNth || allows(4, weekday) || (weekday === 0 && allows(4, 7));
      return isStar(2) || isStar(4) ? byDay && byWeekday : byDay || byWeekday;
    },
  };
}

function numberOf(index: number, text = ''): number {
  const named = NAMES[index]?.indexOf(text.toUpperCase()) ?? -1;
  return named > 0 || text === 'SUN' ? named : Number(text);
}

/** Whether one item of a list allows a value: goes from the beginning of its range step by step until it meets it. */
function itemAllows(index: number, item: string, value: number): boolean {
  if (item === 'L' || item.includes('#')) return false;
  const [min, max] = BOUNDS[index] ?? [0, 0];
  const [range = '', step] = item.split('/');
  const [from, to = step === undefined ? from : undefined] = '*?'.includes(range)
    ? [String(min), String(max)]
    : range.split('-');
  const first = numberOf(index, from);
  const last = to === undefined ? max : numberOf(index, to);
  const size = index === 4 ? 7 : max - min + 1;
  const same = (one: number): number => (index === 4 ? one % 7 : one);
  for (let at = first; at <= (last < first ? last + size : last); at += Number(step ?? 1))
    if (same(((at - min) % size) + min) === same(value)) return true;
  return false;
}

/** A span of whole minutes of UTC; `fromMs` is not part of it, `toMs` is. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The instants of a span at which each of the texts (five fields, no macros) is due in a zone, by the rules of SPEC §7.1. */
export const oracleDues = (texts: readonly string[], zone: string, span: Span): readonly (readonly number[])[] =>
  duesOfOffsets(texts, offsetsByMinute(zone, span), span);

/** The same for a clock that is known. */
export function duesOfOffsets(
  texts: readonly string[],
  { startMs, minutes }: Offsets,
  span: Span,
): readonly (readonly number[])[] {
  const patterns = texts.map((text): DuePattern => ({ ...readPattern(text), dues: [] }));
  let shown = -Infinity;
  let before = startMs / MINUTE_MS + (minutes[0] ?? 0) - 1;
  let day = Number.NaN;
  let today: readonly DuePattern[] = [];
  for (let index = 0; index < minutes.length; index++) {
    const at = startMs + index * MINUTE_MS;
    const clock = at / MINUTE_MS + (minutes[index] ?? 0);
    if (Math.floor(clock / 1440) !== day) {
      day = Math.floor(clock / 1440);
      today = patterns.filter((pattern) => pattern.isDateDue(new Date(day * DAY_MS)));
    }
    for (let which = 0; which < today.length; which++) {
      const pattern = today[which] as DuePattern;
      if (pattern.isMinuteDue[clock - day * 1440] === 1 && (pattern.isHourStar || clock > shown)) pattern.dues.push(at);
    }
    if (clock > before + 1) {
      for (const pattern of patterns)
        if (!pattern.isHourStar && pattern.dues.at(-1) !== at && isAnyDue(pattern, before + 1, clock))
          pattern.dues.push(at);
    }
    shown = Math.max(shown, clock);
    before = clock;
  }
  return patterns.map(({ dues }) => dues.filter((due) => due > span.fromMs));
}

interface DuePattern extends Pattern {
  readonly dues: number[];
}

/** Whether any of the clock's minutes from `from` to before `to` is due. */
function isAnyDue(pattern: Pattern, from: number, to: number): boolean {
  for (let clock = from; clock < to; clock++) {
    const day = Math.floor(clock / 1440);
    if (pattern.isMinuteDue[clock - day * 1440] === 1 && pattern.isDateDue(new Date(day * DAY_MS))) return true;
  }
  return false;
}
