import { charge, checkTextLength } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { compilePath } from '../values/access.ts';
import { characters, textLength, textSlice } from '../values/chars.ts';
import { isEqual } from '../values/compare.ts';
import { addText, endText, reverseText, startText } from '../values/text-builder.ts';
import { textOf } from '../values/text-of.ts';
import { containsText, countMatches, placesOf, replaceMatches, splitMatches } from '../values/text-search.ts';
import { isMap, toItems } from '../values/values.ts';
import { flagArgument, textArgument, wholeArgument } from './arguments.ts';
import { type Filter, type FilterWork, filter, textFilter } from './library.ts';
import { formatPrintf } from './printf.ts';

/** First letter large, the rest small. */
export function capitalize(text: string): string {
  const first = textSlice(text, 0, 1);
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

/** Jinja's title case: words end at blanks, dashes and opening brackets only. */
const TITLE_WORD = /[^-\s({[<]+/g;
const titleWords = (text: string, rt: Runtime): string => replaceMatches(text, TITLE_WORD, capitalize, rt);

/** Replaces up to `count` (all when negative) pieces; the text is charged as it grows. */
export function replaceText(text: string, [old, next]: readonly [string, string], count: number, rt: Runtime): string {
  const limit = count < 0 ? Number.POSITIVE_INFINITY : count;
  if (old === '') return weave(text, next, limit, rt);
  const made = startText(rt);
  let from = 0;
  for (const at of placesOf(text, old, limit, rt)) {
    addText(made, text.slice(from, at));
    addText(made, next);
    from = at + old.length;
  }
  if (from === 0) return text;
  addText(made, text.slice(from));
  return endText(made);
}

/** `piece` before every character and at the end, at most `limit` times. */
function weave(text: string, piece: string, limit: number, rt: Runtime): string {
  const made = startText(rt);
  let count = 0;
  for (const char of text) {
    if (count < limit) addText(made, piece);
    count += 1;
    addText(made, char);
  }
  if (count < limit) addText(made, piece);
  return endText(made);
}

/** `text` in the middle of `width` blanks. */
function center(text: string, width: number, rt: Runtime): string {
  const padding = width - textLength(text);
  if (padding <= 0) return text;
  checkTextLength(rt, text.length + padding);
  charge(rt, text.length + padding);
  const left = Math.floor(padding / 2) + (padding & width & 1);
  return ' '.repeat(left) + text + ' '.repeat(padding - left);
}

const truncate: FilterWork = (input, args, rt) => {
  const text = textOf(input, rt);
  const length = Math.max(0, wholeArgument(args, 0, 255));
  const end = textArgument(args.values[2], '...', rt);
  if (textLength(text) <= length + wholeArgument(args, 3, 5)) return text;
  const kept = textSlice(text, 0, Math.max(0, length - textLength(end)));
  if (flagArgument(args, 1, rt)) return kept + end;
  const blank = kept.lastIndexOf(' ');
  return (blank === -1 ? kept : kept.slice(0, blank)) + end;
};

const LINE_END = /\r\n|\r|\n/g;

/** The lines of a text. */
export const linesOf = (text: string, rt: Runtime): readonly string[] => splitMatches(text, LINE_END, rt);

const indent: FilterWork = (input, args, rt) => {
  const width = args.values[0];
  const size = typeof width === 'string' ? width.length : Math.max(0, wholeArgument(args, 0, 4));
  checkTextLength(rt, size);
  const margin = typeof width === 'string' ? width : ' '.repeat(size);
  const withFirst = flagArgument(args, 1, rt);
  const withBlank = flagArgument(args, 2, rt);
  const made = startText(rt);
  linesOf(textOf(input, rt), rt).forEach((line, index) => {
    if (index > 0) addText(made, '\n');
    if (index === 0 ? withFirst : withBlank || line !== '') addText(made, margin);
    addText(made, line);
  });
  return endText(made);
};

/** Splits at a separator, or at runs of blanks when it is missing; at most `limit` times when that is not negative. */
export function splitText(text: string, separator: unknown, limit: number, rt: Runtime): readonly string[] {
  const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  if (separator === undefined || separator === null) return splitBlanks(text, most, rt);
  const mark = textOf(separator, rt);
  if (mark === '') return splitCharacters(text, most, rt);
  const parts: string[] = [];
  let from = 0;
  for (const at of placesOf(text, mark, most, rt)) {
    parts.push(text.slice(from, at));
    from = at + mark.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function splitCharacters(text: string, limit: number, rt: Runtime): readonly string[] {
  const parts = characters(text, rt);
  return parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join('')];
}

function splitBlanks(text: string, limit: number, rt: Runtime): readonly string[] {
  if (limit === Number.POSITIVE_INFINITY) {
    const trimmed = text.trim();
    return trimmed === '' ? [] : splitMatches(trimmed, /\s+/g, rt);
  }
  const trimmed = text.trimStart();
  return trimmed === '' ? [] : splitMatches(trimmed, /\s+/g, rt, limit).filter((part) => part !== '');
}

/** Joins the texts of items; the text is charged as it grows. */
export function joinItems(items: readonly unknown[], separator: string, rt: Runtime): string {
  const made = startText(rt);
  for (let i = 0; i < items.length; i += 1) {
    if (i > 0 && separator !== '') addText(made, separator);
    addText(made, textOf(items[i], rt));
  }
  return endText(made);
}

const join: FilterWork = (input, args, rt) => {
  const attribute = args.values[1];
  const items = toItems(input, rt);
  const picked = attribute === undefined ? items : items.map(compilePath(attribute, rt));
  return joinItems(picked, textArgument(args.values[0], '', rt), rt);
};

/** Drops `chars` (blanks when undefined) from the chosen ends. */
export function stripText(text: string, chars: unknown, ends: 'both' | 'left' | 'right', rt: Runtime): string {
  if (typeof chars !== 'string') {
    if (ends === 'both') return text.trim();
    return ends === 'left' ? text.trimStart() : text.trimEnd();
  }
  charge(rt, chars.length * 16);
  const dropped = new Set(chars);
  let from = 0;
  let to = text.length;
  if (ends !== 'right') while (from < to && dropped.has(text[from] ?? '')) from += 1;
  if (ends !== 'left') while (to > from && dropped.has(text[to - 1] ?? '')) to -= 1;
  return text.slice(from, to);
}

const reverse: FilterWork = (input, _args, rt) => {
  if (typeof input === 'string') return reverseText(input, rt);
  return toItems(input, rt).toReversed();
};

/** The same text, or the very same value. */
function isIdentical(a: unknown, b: unknown, rt: Runtime): boolean {
  return typeof a === 'string' && typeof b === 'string' ? isEqual(a, b, rt) : a === b;
}

const contains: FilterWork = (input, args, rt) => {
  const [wanted] = args.values;
  if (Array.isArray(input)) return toItems(input, rt).some((item) => isIdentical(item, wanted, rt));
  if (isMap(input)) return Object.hasOwn(input, textArgument(args.values[0], '', rt));
  return containsText(textOf(input, rt), textArgument(args.values[0], '', rt), rt);
};

/** Filters over text whose result is text or a list of texts. SPEC 2.3 "text filters". */
export const TEXT_FILTERS: readonly (readonly [string, Filter])[] = [
  ['upper', textFilter((text) => text.toUpperCase())],
  ['lower', textFilter((text) => text.toLowerCase())],
  ['title', textFilter(titleWords)],
  ['capitalize', textFilter(capitalize)],
  ['trim', filter(['chars'], (input, args, rt) => stripText(textOf(input, rt), args.values[0], 'both', rt))],
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
  ['wordcount', textFilter((text, rt) => countMatches(text, /[\p{L}\p{N}_]+/gu, rt))],
  [
    'format',
    filter([], (input, args, rt) => formatPrintf(textOf(input, rt), args, rt), { variadic: true, anyNames: true }),
  ],
  ['string', textFilter((text) => text)],
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
