import { limitFailure, typeFailure } from '../runtime/failures.ts';
import { charge } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { textLength, textSlice } from '../values/chars.ts';
import { addText, changePieces, endText, startText, type TextBuilder } from '../values/text-builder.ts';
import { textOf } from '../values/text-of.ts';
import { replaceMatches, splitMatches } from '../values/text-search.ts';
import { isMap, keysOf, toItems } from '../values/values.ts';
import { flagArgument, textArgument, wholeArgument } from './arguments.ts';
import { entriesOf } from './filters-map.ts';
import { linesOf } from './filters-text.ts';
import { type Filter, type FilterWork, filter, textFilter } from './library.ts';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
]);

const MARKUP = /[&<>"']/g;

/** HTML-escapes a text. */
const escapeHtml = (text: string, rt: Runtime): string =>
  replaceMatches(text, MARKUP, (char) => ENTITIES.get(char) ?? char, rt);

const escapeFilter = textFilter(escapeHtml);

const BLANKS = /\s{2,}|[^\S ]/g;

/** Drops tags and comments, and folds blanks; looks at each character once. */
function stripTags(text: string, rt: Runtime): string {
  const made = startText(rt);
  let from = 0;
  for (let open = text.indexOf('<'); open !== -1; open = text.indexOf('<', from)) {
    const isComment = text.startsWith('<!--', open);
    const close = text.indexOf(isComment ? '-->' : '>', open + 1);
    if (close === -1) break;
    addText(made, text.slice(from, open));
    from = close + (isComment ? 3 : 1);
  }
  addText(made, text.slice(from));
  return replaceMatches(endText(made), BLANKS, () => ' ', rt).trim();
}

function encodePiece(piece: string): string {
  return encodeURIComponent(piece.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-encoding; `/` stays in paths, blanks become `+` in queries. */
function encode(text: string, isQuery: boolean, rt: Runtime): string {
  return changePieces(
    text,
    (piece) => (isQuery ? encodePiece(piece).replaceAll('%20', '+') : encodePiece(piece).replaceAll('%2F', '/')),
    rt,
  );
}

function addPair(made: TextBuilder, key: unknown, value: unknown, rt: Runtime): void {
  addText(made, encode(textOf(key, rt), true, rt));
  addText(made, '=');
  addText(made, encode(textOf(value, rt), true, rt));
}

const urlencode: FilterWork = (input, _args, rt) => {
  if (!isMap(input) && !Array.isArray(input)) return encode(textOf(input, rt), false, rt);
  const made = startText(rt);
  const pairs = isMap(input) ? entriesOf(input, 'urlencode', rt) : undefined;
  (pairs ?? toItems(input, rt)).forEach((item, index) => {
    if (index > 0) addText(made, '&');
    if (Array.isArray(item)) addPair(made, item[0], item[1], rt);
    else addText(made, encode(textOf(item, rt), true, rt));
  });
  return endText(made);
};

const WORD = /\S+/g;
const LINK = /^(?:https?:\/\/|www\.)[^\s<>"']+$/i;
const TAIL = '.,:;!?)]';
const MAIL = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/;

function linkWord(word: string, options: { readonly trim: number; readonly extra: string }): string {
  if (word.length > 2048) return word;
  let end = word.length;
  while (end > 0 && TAIL.includes(word.charAt(end - 1))) end -= 1;
  const found = word.slice(0, end);
  const isMail = found.length < 320 && MAIL.test(found);
  if (!isMail && !LINK.test(found)) return word;
  const target = isMail ? `mailto:${found}` : /^www/i.test(found) ? `https://${found}` : found;
  const label = textLength(found) > options.trim ? `${textSlice(found, 0, options.trim)}...` : found;
  return `<a href="${target}"${options.extra}>${label}</a>${word.slice(end)}`;
}

const urlize: FilterWork = (input, args, rt) => {
  const trim = wholeArgument(args, 0, Number.MAX_SAFE_INTEGER);
  const target = textArgument(args.values[2], '', rt);
  const rel = flagArgument(args, 1, rt) ? ' rel="nofollow noopener"' : ' rel="noopener"';
  const extra = rel + (target === '' ? '' : ` target="${escapeHtml(target, rt)}"`);
  return replaceMatches(escapeHtml(textOf(input, rt), rt), WORD, (word) => linkWord(word, { trim, extra }), rt);
};

function slugify(text: string, rt: Runtime): string {
  if (text.length > MAX_SLUG) throw limitFailure('The text is too long for a slug.');
  charge(rt, text.length * SLUG_BYTES);
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join('-');
}

const MAX_SLUG = 64 * 1024;
/** A letter may fall apart into 18, each a word. */
const SLUG_BYTES = 200;
const UNITS = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

const filesizeformat: FilterWork = (input, args, rt) => {
  const bytes = typeof input === 'string' ? Number(input.trim()) : input;
  if (typeof bytes !== 'number' || !Number.isFinite(bytes)) throw typeFailure('A file size is a number.');
  const isBinary = flagArgument(args, 0, rt);
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const power = Math.min(UNITS.length, Math.floor(Math.log(bytes) / Math.log(base) + 1e-12));
  const unit = UNITS[power - 1] ?? 'Y';
  return `${(bytes / base ** power).toFixed(1)} ${isBinary ? `${unit.toUpperCase()}i` : unit}B`;
};

interface Wrapping {
  readonly made: TextBuilder;
  readonly width: number;
  readonly breaksWords: boolean;
  readonly mark: string;
}

const GAP = /(?<=\S)\s+(?=\S)/g;

/** Writes one line, broken between words where it is wider than it may be. */
function wrapLine(line: string, { made, width, breaksWords, mark }: Wrapping, rt: Runtime): void {
  let filled = 0;
  for (const word of splitMatches(line, GAP, rt)) {
    if (filled > 0 && filled + 1 + word.length <= width) {
      addText(made, ` ${word}`);
      filled += 1 + word.length;
      continue;
    }
    if (filled > 0) addText(made, mark);
    let from = 0;
    for (; breaksWords && word.length - from > width; from += width) {
      addText(made, word.slice(from, from + width));
      addText(made, mark);
    }
    addText(made, word.slice(from));
    filled = word.length - from;
  }
}

const wordwrap: FilterWork = (input, args, rt) => {
  const mark = textArgument(args.values[2], '\n', rt);
  const made = startText(rt);
  const wrapping = {
    made,
    width: Math.max(1, wholeArgument(args, 0, 79)),
    breaksWords: flagArgument(args, 1, rt, true),
    mark,
  };
  linesOf(textOf(input, rt), rt).forEach((line, index) => {
    if (index > 0) addText(made, mark);
    wrapLine(line, wrapping, rt);
  });
  return endText(made);
};

const xmlattr: FilterWork = (input, args, rt) => {
  if (!isMap(input)) throw typeFailure("'xmlattr' needs a map.");
  const made = startText(rt);
  const isSpaced = flagArgument(args, 0, rt, true);
  for (const key of keysOf(input, rt)) {
    const value = input[key];
    if (value === null || value === undefined) continue;
    if (/[\s/>=]/.test(key)) throw typeFailure(`'${key.slice(0, 40)}' cannot be the name of an attribute.`);
    if (isSpaced || made.length > 0) addText(made, ' ');
    addText(made, escapeHtml(key, rt));
    addText(made, '="');
    addText(made, escapeHtml(textOf(value, rt), rt));
    addText(made, '"');
  }
  return endText(made);
};

/** Filters for HTML, URLs and layout. SPEC 2.3 "text filters". */
export const MARKUP_FILTERS: readonly (readonly [string, Filter])[] = [
  ['escape', escapeFilter],
  ['e', escapeFilter],
  ['forceescape', escapeFilter],
  ['safe', textFilter((text) => text)],
  ['striptags', textFilter(stripTags)],
  ['urlencode', filter([], urlencode)],
  ['urlize', filter(['trim_url_limit', 'nofollow', 'target'], urlize)],
  ['slugify', textFilter(slugify)],
  ['filesizeformat', filter(['binary'], filesizeformat)],
  ['wordwrap', filter(['width', 'break_long_words', 'wrapstring'], wordwrap)],
  ['xmlattr', filter(['autospace'], xmlattr)],
];
