import { createHash } from 'node:crypto';
import { excerpt, typeFailure } from '../runtime/failures.ts';
import { charge, chargeText } from '../runtime/limits.ts';
import { type Runtime, warn } from '../runtime/runtime.ts';
import { dateTime, toInstant } from '../values/datetime.ts';
import { strftime } from '../values/strftime.ts';
import { jsonOf, textOf } from '../values/text-of.ts';
import { aKindOf, isTrue } from '../values/values.ts';
import { flagArgument, textArgument, wholeArgument } from './arguments.ts';
import { type Filter, filter } from './library.ts';

const fallbackValue: Filter['run'] = (input, args) => {
  const fallback = args.values[0] ?? '';
  if (input === undefined) return args.values.length > 0 ? args.values[0] : '';
  return flagArgument(args, 1, false) && !isTrue(input) ? fallback : input;
};

const tojson: Filter['run'] = (input, args, rt) =>
  jsonOf(input, rt, Math.min(16, Math.max(0, wholeArgument(args, 0, 0))));

const fromjson: Filter['run'] = (input, _args, rt) => {
  if (typeof input !== 'string') throw typeFailure(`\`fromjson\` needs a text, not ${aKindOf(input)}.`);
  chargeText(rt, input.length);
  charge(rt, input.length * 4);
  try {
    return JSON.parse(input) as unknown;
  } catch (cause) {
    if (cause instanceof SyntaxError) throw typeFailure(`The text is not JSON: \`${excerpt(input)}\`.`);
    throw cause;
  }
};

/** A filter over text without arguments. */
function overText(change: (text: string) => string): Filter {
  return filter([], (input, _args, rt) => {
    const text = textOf(input, rt);
    chargeText(rt, text.length);
    const changed = change(text);
    chargeText(rt, changed.length);
    return changed;
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
  warn(rt, 'template.unparsable_date', `\`${excerpt(text)}\` is not a date or time.`);
  return text;
}

const datetimeformat: Filter['run'] = (input, args, rt) => {
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

const timeago: Filter['run'] = (input, _args, rt) => {
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
  ['sha256', overText((text) => createHash('sha256').update(text, 'utf8').digest('hex'))],
  ['b64encode', overText((text) => Buffer.from(text, 'utf8').toString('base64'))],
  ['b64decode', overText((text) => Buffer.from(text, 'base64').toString('utf8'))],
  ['basename', overText((text) => splitPath(text)[1])],
  ['dirname', overText((text) => splitPath(text)[0])],
  ['datetimeformat', filter(['format', 'tz'], datetimeformat)],
  ['timeago', filter([], timeago)],
];
