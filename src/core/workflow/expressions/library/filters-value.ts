import { depthOfText, MAX_JSON_DEPTH, readJsonOrNull } from '../../../../shared/json.ts';
import { sha256Hex } from '../../../crypto/index.ts';
import { excerpt, limitFailure, typeFailure } from '../runtime/failures.ts';
import { charge } from '../runtime/limits.ts';
import { type Runtime, warn, warnVerbatim } from '../runtime/runtime.ts';
import { dateTime, toInstant } from '../values/datetime.ts';
import { strftime } from '../values/strftime.ts';
import { jsonOf, textOf } from '../values/text-of.ts';
import { aKindOf, isTrue } from '../values/values.ts';
import { flagArgument, textArgument, wholeArgument } from './arguments.ts';
import { type Filter, type FilterWork, filter, textFilter } from './library.ts';

const fallbackValue: FilterWork = (input, args, rt) => {
  const fallback = args.values[0] ?? '';
  if (input === undefined) return args.values.length > 0 ? args.values[0] : '';
  return flagArgument(args, 1, rt) && !isTrue(input, rt) ? fallback : input;
};

const tojson: FilterWork = (input, args, rt) => jsonOf(input, rt, Math.min(16, Math.max(0, wholeArgument(args, 0, 0))));

/** What a list, a map or a value in one costs when JSON is read, and what one costs whose digits are looked at. */
const VALUE_BYTES = 64;
const CAREFUL_VALUE_BYTES = 640;
const DIGITS = /\d{16}|\d[eE]\+?\d{3}|NaN|Infinity/;

/** Accounts for what a JSON text becomes before it is read: its values are counted by the marks between them. */
function chargeJson(text: string, rt: Runtime): void {
  let count = 1;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === COMMA || unit === OPEN_LIST || unit === OPEN_MAP) count += 1;
  }
  charge(rt, text.length + count * (DIGITS.test(text) ? CAREFUL_VALUE_BYTES : VALUE_BYTES));
}

const [COMMA, OPEN_LIST, OPEN_MAP] = [44, 91, 123];

/** `fromjson`: no digit is lost and NaN is null, each with a warning (SPEC 3.3). */
const fromjson: FilterWork = (input, _args, rt) => {
  if (typeof input !== 'string') throw typeFailure(`'fromjson' needs a text, not ${aKindOf(input)}.`);
  chargeJson(input, rt);
  if (depthOfText(input.trimStart()) > MAX_JSON_DEPTH)
    throw limitFailure(`JSON may be nested ${MAX_JSON_DEPTH} levels deep at most.`);
  const read = readJsonOrNull(input);
  if (read === null) throw typeFailure(`The text is not JSON: '${excerpt(input)}'.`);
  for (const notice of read.notices.slice(0, MAX_NOTICES)) warnVerbatim(rt, 'template.json', notice.message);
  return read.value;
};

const MAX_NOTICES = 20;

/** A text as bytes and back takes up to twelve bytes a character on the way. */
const BYTE_COST = 12;

/** A filter over the bytes of a text. */
function byteFilter(change: (text: string) => string): Filter {
  return textFilter((text, rt) => {
    charge(rt, text.length * BYTE_COST);
    return change(text);
  });
}

function splitPath(text: string): readonly [string, string] {
  const path = text.replace(/[/\\]$/, '');
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (at === -1) return ['', path];
  return [path.slice(0, at) || path.slice(0, 1), path.slice(at + 1)];
}

function unparsable(input: unknown, rt: Runtime): string {
  const text = textOf(input, rt);
  warn(rt, 'template.unparsable_date', `'${excerpt(text)}' is not a date or time.`);
  return text;
}

const datetimeformat: FilterWork = (input, args, rt) => {
  const instant = toInstant(input, rt);
  if (instant === undefined) return unparsable(input, rt);
  const pattern = textArgument(args.values[0], '%Y-%m-%d %H:%M', rt);
  return strftime(dateTime(instant, '').epochMs, textArgument(args.values[1], rt.timeZone, rt), pattern);
};

const UNITS: readonly (readonly [string, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `just now`, `5 minutes ago`, `in 2 days`: whole units, rounded down. */
function relativeTime(seconds: number): string {
  const size = Math.abs(seconds);
  const unit = UNITS.find(([, length]) => size >= length);
  if (unit === undefined) return 'just now';
  const count = Math.floor(size / unit[1]);
  const words = `${count} ${unit[0]}${count === 1 ? '' : 's'}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

const timeago: FilterWork = (input, _args, rt) => {
  const instant = toInstant(input, rt);
  return instant === undefined ? unparsable(input, rt) : relativeTime((rt.nowMs - instant) / 1000);
};

/** Filters over any value, and those over instants. SPEC 2.3 "value filters", "time filters". */
export const VALUE_FILTERS: readonly (readonly [string, Filter])[] = [
  ['default', filter(['default_value', 'boolean'], fallbackValue, { seesUndefined: true })],
  ['d', filter(['default_value', 'boolean'], fallbackValue, { seesUndefined: true })],
  ['tojson', filter(['indent'], tojson)],
  ['pprint', filter([], (input, _args, rt) => jsonOf(input, rt, 2))],
  ['fromjson', filter([], fromjson)],
  ['sha256', byteFilter(sha256Hex)],
  ['b64encode', byteFilter((text) => Buffer.from(text, 'utf8').toString('base64'))],
  ['b64decode', byteFilter((text) => Buffer.from(text, 'base64').toString('utf8'))],
  ['basename', textFilter((text) => splitPath(text)[1])],
  ['dirname', textFilter((text) => splitPath(text)[0])],
  ['datetimeformat', filter(['format', 'tz'], datetimeformat)],
  ['timeago', filter([], timeago)],
];
