import { charge, chargeSlots, chargeText } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { readPath } from '../values/access.ts';
import { textLength, textReverse, textSlice } from '../values/chars.ts';
import { textOf } from '../values/text-of.ts';
import { isMap, toItems } from '../values/values.ts';
import { flagArgument, textArgument, wholeArgument } from './arguments.ts';
import { type Filter, filter } from './library.ts';
import { formatPrintf } from './printf.ts';

type TextChange = (text: string, rt: Runtime) => unknown;

/** A filter without arguments over the text of its input. */
function plain(change: TextChange): Filter {
  return filter([], (input, _args, rt) => {
    const text = textOf(input, rt);
    chargeText(rt, text.length);
    return change(text, rt);
  });
}

/** First letter large, the rest small. */
export function capitalize(text: string): string {
  const first = textSlice(text, 0, 1);
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

/** Jinja's title case: words end at blanks, dashes and opening brackets only. */
function titleWords(text: string): string {
  return text
    .split(/([-\s({[<])/)
    .map(capitalize)
    .join('');
}

/** Replaces up to `count` (all when negative) pieces; the size of the result is checked before it is built. */
export function replaceText(text: string, [old, next]: readonly [string, string], count: number, rt: Runtime): string {
  chargeText(rt, text.length);
  const pieces = old === '' ? Array.from(text) : text.split(old);
  const gaps = old === '' ? pieces.length + 1 : pieces.length - 1;
  const changes = count < 0 ? gaps : Math.min(count, gaps);
  chargeText(rt, text.length + changes * (next.length - old.length));
  if (old === '') {
    const parts = pieces.map((piece, index) => (index < changes ? next + piece : piece));
    return parts.join('') + (changes > pieces.length ? next : '');
  }
  if (changes === gaps) return pieces.join(next);
  return [pieces.slice(0, changes + 1).join(next), ...pieces.slice(changes + 1)].join(old);
}

/** `text` in the middle of `width` blanks. */
function center(text: string, width: number, rt: Runtime): string {
  const padding = width - textLength(text);
  if (padding <= 0) return text;
  chargeText(rt, text.length + padding);
  const left = Math.floor(padding / 2) + (padding & width & 1);
  return ' '.repeat(left) + text + ' '.repeat(padding - left);
}

const truncate: Filter['run'] = (input, args, rt) => {
  const text = textOf(input, rt);
  const length = Math.max(0, wholeArgument(args, 0, 255));
  const end = textArgument(args.values[2], '...', rt);
  if (textLength(text) <= length + wholeArgument(args, 3, 5)) return text;
  const kept = textSlice(text, 0, Math.max(0, length - textLength(end)));
  if (flagArgument(args, 1, false)) return kept + end;
  const blank = kept.lastIndexOf(' ');
  return (blank === -1 ? kept : kept.slice(0, blank)) + end;
};

const indent: Filter['run'] = (input, args, rt) => {
  const width = args.values[0];
  const size = typeof width === 'string' ? width.length : wholeArgument(args, 0, 4);
  const text = textOf(input, rt);
  const lines = text.split(/\r\n|\r|\n/);
  chargeText(rt, text.length + Math.max(0, size) * lines.length);
  const margin = typeof width === 'string' ? width : ' '.repeat(Math.max(0, size));
  const withFirst = flagArgument(args, 1, false);
  const withBlank = flagArgument(args, 2, false);
  const isIndented = (line: string, index: number): boolean => (index === 0 ? withFirst : withBlank || line !== '');
  return lines.map((line, index) => (isIndented(line, index) ? margin + line : line)).join('\n');
};

/** Splits at a separator, or at runs of blanks when it is missing; at most `limit` times when that is not negative. */
export function splitText(text: string, separator: unknown, limit: number, rt: Runtime): readonly string[] {
  charge(rt, text.length * 2);
  if (separator === undefined || separator === null) return splitBlanks(text, limit, rt);
  const mark = textOf(separator, rt);
  const parts = mark === '' ? Array.from(text) : text.split(mark);
  chargeSlots(rt, parts.length);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(mark)];
}

function splitBlanks(text: string, limit: number, rt: Runtime): readonly string[] {
  const parts: string[] = [];
  let rest = text.trimStart();
  if (limit < 0) {
    const words = text.trim() === '' ? [] : text.trim().split(/\s+/);
    chargeSlots(rt, words.length);
    return words;
  }
  for (let count = 0; count < limit && rest !== ''; count += 1) {
    const blank = rest.search(/\s/);
    if (blank === -1) break;
    parts.push(rest.slice(0, blank));
    rest = rest.slice(blank).trimStart();
    charge(rt, rest.length);
  }
  if (rest !== '') parts.push(rest);
  return parts;
}

/** Joins the texts of items; the size is checked while it grows. */
export function joinItems(items: readonly unknown[], separator: string, rt: Runtime): string {
  let text = '';
  for (let i = 0; i < items.length; i += 1) {
    if (i > 0) text += separator;
    text += textOf(items[i], rt);
    if (text.length > rt.limits.outputLength) chargeText(rt, text.length);
  }
  chargeText(rt, text.length + items.length);
  return text;
}

const join: Filter['run'] = (input, args, rt) => {
  const attribute = args.values[1];
  const items = toItems(input, rt);
  const picked = attribute === undefined ? items : items.map((item) => readPath(item, attribute));
  return joinItems(picked, textArgument(args.values[0], '', rt), rt);
};

/** Drops `chars` (blanks when undefined) from the chosen ends. */
export function stripText(text: string, chars: unknown, ends: 'both' | 'left' | 'right'): string {
  if (typeof chars !== 'string') {
    if (ends === 'both') return text.trim();
    return ends === 'left' ? text.trimStart() : text.trimEnd();
  }
  const dropped = new Set(chars);
  let from = 0;
  let to = text.length;
  if (ends !== 'right') while (from < to && dropped.has(text[from] ?? '')) from += 1;
  if (ends !== 'left') while (to > from && dropped.has(text[to - 1] ?? '')) to -= 1;
  return text.slice(from, to);
}

const reverse: Filter['run'] = (input, _args, rt) => {
  if (typeof input === 'string') {
    chargeSlots(rt, input.length);
    return textReverse(input);
  }
  const items = toItems(input, rt);
  chargeSlots(rt, items.length);
  return items.toReversed();
};

const contains: Filter['run'] = (input, args, rt) => {
  if (Array.isArray(input)) return input.some((item) => item === args.values[0]);
  if (isMap(input)) return Object.hasOwn(input, textArgument(args.values[0], '', rt));
  return textOf(input, rt).includes(textArgument(args.values[0], '', rt));
};

/** Filters over text whose result is text or a list of texts. SPEC 2.3 "text filters". */
export const TEXT_FILTERS: readonly (readonly [string, Filter])[] = [
  ['upper', plain((text) => text.toUpperCase())],
  ['lower', plain((text) => text.toLowerCase())],
  ['title', plain(titleWords)],
  ['capitalize', plain(capitalize)],
  ['trim', filter(['chars'], (input, args, rt) => stripText(textOf(input, rt), args.values[0], 'both'))],
  [
    'replace',
    filter(
      ['old', 'new', 'count'],
      (input, args, rt) => {
        const pair = [textArgument(args.values[0], '', rt), textArgument(args.values[1], '', rt)] as const;
        return replaceText(textOf(input, rt), pair, wholeArgument(args, 2, -1), rt);
      },
      { required: 2 },
    ),
  ],
  ['truncate', filter(['length', 'killwords', 'end', 'leeway'], truncate)],
  [
    'split',
    filter(['sep', 'maxsplit'], (input, args, rt) =>
      splitText(textOf(input, rt), args.values[0], wholeArgument(args, 1, -1), rt),
    ),
  ],
  ['join', filter(['d', 'attribute'], join)],
  ['center', filter(['width'], (input, args, rt) => center(textOf(input, rt), wholeArgument(args, 0, 80), rt))],
  ['indent', filter(['width', 'first', 'blank'], indent)],
  ['wordcount', plain((text) => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)],
  [
    'format',
    filter([], (input, args, rt) => formatPrintf(textOf(input, rt), args, rt), { variadic: true, anyNames: true }),
  ],
  ['string', plain((text) => text)],
  [
    'startswith',
    filter(['prefix'], (input, args, rt) => textOf(input, rt).startsWith(textArgument(args.values[0], '', rt)), {
      required: 1,
    }),
  ],
  [
    'endswith',
    filter(['suffix'], (input, args, rt) => textOf(input, rt).endsWith(textArgument(args.values[0], '', rt)), {
      required: 1,
    }),
  ],
  ['contains', filter(['value'], contains, { required: 1 })],
  ['reverse', filter([], reverse)],
];
