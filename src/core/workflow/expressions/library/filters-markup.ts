import { limitFailure, typeFailure } from '../runtime/failures.ts';
import { charge, chargeSlots, chargeText } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { textLength, textSlice } from '../values/chars.ts';
import { textOf } from '../values/text-of.ts';
import { isMap, toItems } from '../values/values.ts';
import { flagArgument, textArgument, wholeArgument } from './arguments.ts';
import { type Filter, filter } from './library.ts';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
]);

/** HTML-escapes a text. */
function escapeHtml(text: string, rt: Runtime): string {
  chargeText(rt, text.length);
  const escaped = text.replace(/[&<>"']/g, (char) => ENTITIES.get(char) ?? char);
  chargeText(rt, escaped.length);
  return escaped;
}

const escapeFilter = filter([], (input, _args, rt) => escapeHtml(textOf(input, rt), rt));

/** Drops tags and comments, and folds blanks; looks at each character once. */
function stripTags(text: string): string {
  let out = '';
  let from = 0;
  for (let open = text.indexOf('<'); open !== -1; open = text.indexOf('<', from)) {
    const isComment = text.startsWith('<!--', open);
    const close = text.indexOf(isComment ? '-->' : '>', open + 1);
    if (close === -1) break;
    out += text.slice(from, open);
    from = close + (isComment ? 3 : 1);
  }
  return (out + text.slice(from)).split(/\s+/).filter(Boolean).join(' ');
}

/** Percent-encoding; `/` stays in paths, blanks become `+` in queries. */
function encode(text: string, isQuery: boolean): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return isQuery ? encoded.replaceAll('%20', '+') : encoded.replaceAll('%2F', '/');
}

const urlencode: Filter['run'] = (input, _args, rt) => {
  const pair = (key: unknown, value: unknown): string =>
    `${encode(textOf(key, rt), true)}=${encode(textOf(value, rt), true)}`;
  let text: string;
  if (isMap(input))
    text = Object.entries(input)
      .map(([key, value]) => pair(key, value))
      .join('&');
  else if (Array.isArray(input))
    text = input
      .map((item) => (Array.isArray(item) ? pair(item[0], item[1]) : encode(textOf(item, rt), true)))
      .join('&');
  else text = encode(textOf(input, rt), false);
  chargeText(rt, text.length);
  return text;
};

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

const urlize: Filter['run'] = (input, args, rt) => {
  const trim = wholeArgument(args, 0, Number.MAX_SAFE_INTEGER);
  const target = textArgument(args.values[2], '', rt);
  const rel = flagArgument(args, 1, false) ? ' rel="nofollow noopener"' : ' rel="noopener"';
  const extra = rel + (target === '' ? '' : ` target="${escapeHtml(target, rt)}"`);
  const words = escapeHtml(textOf(input, rt), rt).split(/(\s+)/);
  const text = words.map((word) => linkWord(word, { trim, extra })).join('');
  chargeText(rt, text.length);
  return text;
};

function slugify(text: string): string {
  if (text.length > MAX_SLUG) throw limitFailure('The text is too long for a slug.');
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join('-');
}

const MAX_SLUG = 64 * 1024;
const UNITS = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

const filesizeformat: Filter['run'] = (input, args) => {
  const bytes = typeof input === 'string' ? Number(input.trim()) : input;
  if (typeof bytes !== 'number' || !Number.isFinite(bytes)) throw typeFailure('A file size is a number.');
  const isBinary = flagArgument(args, 0, false);
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const power = Math.min(UNITS.length, Math.floor(Math.log(bytes) / Math.log(base) + 1e-12));
  const unit = UNITS[power - 1] ?? 'Y';
  return `${(bytes / base ** power).toFixed(1)} ${isBinary ? `${unit.toUpperCase()}i` : unit}B`;
};

function wrapLine(line: string, width: number, breaksWords: boolean): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S)\s+(?=\S)/)) {
    let rest = word;
    if (current !== '' && current.length + 1 + rest.length <= width) {
      current += ` ${rest}`;
      continue;
    }
    if (current !== '') lines.push(current);
    for (; breaksWords && rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    current = rest;
  }
  lines.push(current);
  return lines;
}

const wordwrap: Filter['run'] = (input, args, rt) => {
  const width = Math.max(1, wholeArgument(args, 0, 79));
  const text = textOf(input, rt);
  const mark = textArgument(args.values[2], '\n', rt);
  charge(rt, text.length * 2);
  chargeSlots(rt, Math.ceil(text.length / width));
  const lines = text.split(/\r\n|\r|\n/).flatMap((line) => wrapLine(line, width, flagArgument(args, 1, true)));
  chargeText(rt, text.length + lines.length * mark.length);
  return lines.join(mark);
};

const xmlattr: Filter['run'] = (input, args, rt) => {
  if (!isMap(input)) throw typeFailure('`xmlattr` needs a map.');
  const parts: string[] = [];
  for (const key of toItems(input, rt)) {
    const value = input[String(key)];
    if (value === null || value === undefined) continue;
    if (/[\s/>=]/.test(String(key)))
      throw typeFailure(`\`${String(key).slice(0, 40)}\` cannot be the name of an attribute.`);
    parts.push(`${escapeHtml(String(key), rt)}="${escapeHtml(textOf(value, rt), rt)}"`);
  }
  const text = parts.join(' ');
  return flagArgument(args, 0, true) && text !== '' ? ` ${text}` : text;
};

/** A filter over text without arguments. */
function overText(change: (text: string) => string): Filter {
  return filter([], (input, _args, rt) => {
    const text = textOf(input, rt);
    chargeText(rt, text.length);
    return change(text);
  });
}

/** Filters for HTML, URLs and layout. SPEC 2.3 "text filters". */
export const MARKUP_FILTERS: readonly (readonly [string, Filter])[] = [
  ['escape', escapeFilter],
  ['e', escapeFilter],
  ['forceescape', escapeFilter],
  ['safe', overText((text) => text)],
  ['striptags', overText(stripTags)],
  ['urlencode', filter([], urlencode)],
  ['urlize', filter(['trim_url_limit', 'nofollow', 'target'], urlize)],
  ['slugify', overText(slugify)],
  ['filesizeformat', filter(['binary'], filesizeformat)],
  ['wordwrap', filter(['width', 'break_long_words', 'wrapstring'], wordwrap)],
  ['xmlattr', filter(['autospace'], xmlattr)],
];
