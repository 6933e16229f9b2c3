/**
 * A line of a log as styled pieces of text. Only colour and weight are understood; every other control sequence is dropped,
 * so nothing that a script prints can move the cursor, set a title, make a link or reorder the text on screen.
 * One pass, no backtracking: a line of any content costs time in proportion to its length.
 */

export type AnsiColor = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'dim';

export interface AnsiSpan {
  readonly text: string;
  readonly color: AnsiColor | null;
  readonly bold: boolean;
  readonly underline: boolean;
}

interface Style {
  color: AnsiColor | null;
  dim: boolean;
  bold: boolean;
  underline: boolean;
}

const ESC = 0x1b;
const BEL = 0x07;
const CSI_C1 = 0x9b;
const MAX_SPANS = 400;
const MAX_PARAMS = 64;
const BASE: readonly (AnsiColor | null)[] = ['dim', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', null];

/** Characters that change the reading order or hide: shown as a replacement mark, never obeyed. */
const isDeceptive = (code: number): boolean =>
  (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0x200e || code === 0x200f;

const isDropped = (code: number): boolean => (code < 0x20 && code !== 0x09) || (code >= 0x7f && code <= 0x9f);

/** Parses one line. What stands before a carriage return was overwritten on a terminal and is left out. */
export function parseAnsi(line: string): readonly AnsiSpan[] {
  const spans: AnsiSpan[] = [];
  const style: Style = { color: null, dim: false, bold: false, underline: false };
  let text = '';
  const flush = (): void => {
    if (text === '') return;
    const color = style.color ?? (style.dim ? 'dim' : null);
    spans.push({ text, color, bold: style.bold, underline: style.underline });
    text = '';
  };
  let at = afterLastReturn(line);
  while (at < line.length) {
    const code = line.charCodeAt(at);
    if (code === ESC || code === CSI_C1) {
      const end = readSequence(line, at);
      if (end.sgr !== null && spans.length < MAX_SPANS) {
        flush();
        applySgr(style, end.sgr);
      }
      at = end.next;
      continue;
    }
    if (isDeceptive(code)) text += '\ufffd';
    else if (!isDropped(code)) text += line[at];
    at += 1;
  }
  flush();
  return spans;
}

/** Nothing to strip, as of most of a million lines that are saved. */
const PLAIN = /^[\t\x20-\x7e]*$/;

/** The line without any control sequence, for copying and for files. */
export function stripAnsi(line: string): string {
  if (PLAIN.test(line)) return line;
  return parseAnsi(line)
    .map((span) => span.text)
    .join('');
}

function afterLastReturn(line: string): number {
  let end = line.length;
  while (end > 0 && (line[end - 1] === '\r' || line[end - 1] === '\n')) end -= 1;
  return end === 0 ? 0 : line.lastIndexOf('\r', end - 1) + 1;
}

interface Sequence {
  readonly next: number;
  /** The parameters of a colour sequence, null for every other one. */
  readonly sgr: string | null;
}

function readSequence(line: string, at: number): Sequence {
  if (line.charCodeAt(at) === CSI_C1) return readCsi(line, at + 1);
  const kind = line[at + 1];
  if (kind === '[') return readCsi(line, at + 2);
  if (kind === ']' || kind === 'P' || kind === 'X' || kind === '^' || kind === '_') return readString(line, at + 2);
  if (kind === undefined) return { next: at + 1, sgr: null };
  // ESC, intermediates 0x20-0x2f, one final character: character sets, keypad modes and the like.
  let next = at + 1;
  while (next < line.length && line.charCodeAt(next) >= 0x20 && line.charCodeAt(next) <= 0x2f) next += 1;
  const final = line.charCodeAt(next);
  return { next: final >= 0x30 && final <= 0x7e ? next + 1 : next, sgr: null };
}

function readCsi(line: string, from: number): Sequence {
  let next = from;
  while (next < line.length) {
    const code = line.charCodeAt(next);
    if (code >= 0x40 && code <= 0x7e) {
      return { next: next + 1, sgr: line[next] === 'm' ? line.slice(from, next) : null };
    }
    // A control character inside ends the sequence: it was cut off, the text behind it is text.
    if (code < 0x20 || code > 0x7e) return { next, sgr: null };
    next += 1;
  }
  return { next, sgr: null };
}

/** OSC, DCS and the like: up to BEL or ESC \. Without an end the rest of the line is dropped, as on a terminal. */
function readString(line: string, from: number): Sequence {
  for (let next = from; next < line.length; next += 1) {
    const code = line.charCodeAt(next);
    if (code === BEL || code === 0x9c) return { next: next + 1, sgr: null };
    if (code === ESC) return { next: line[next + 1] === '\\' ? next + 2 : next, sgr: null };
  }
  return { next: line.length, sgr: null };
}

function applySgr(style: Style, text: string): void {
  const codes =
    text.length > 256
      ? [0]
      : text
          .split(/[;:]/)
          .slice(0, MAX_PARAMS)
          .map((part) => (part === '' ? 0 : Number(part)));
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48 || code === 58) {
      const wide = readWideColor(codes, index);
      if (code === 38) style.color = wide.color;
      index = wide.last;
    } else applyCode(style, code);
  }
}

function applyCode(style: Style, code: number): void {
  if (code === 0) Object.assign(style, { color: null, dim: false, bold: false, underline: false });
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 4) style.underline = true;
  else if (code === 22) Object.assign(style, { bold: false, dim: false });
  else if (code === 24) style.underline = false;
  else if (code >= 30 && code <= 37) style.color = BASE[code - 30] ?? null;
  else if (code === 39) style.color = null;
  else if (code >= 90 && code <= 97) {
    style.color = BASE[code - 90] ?? null;
    style.bold = code !== 90 && code !== 97 ? true : style.bold;
  }
}

/** `38;5;n` and `38;2;r;g;b`, taken to the nearest of our roles so that contrast holds in both themes. */
function readWideColor(
  codes: readonly number[],
  at: number,
): { readonly color: AnsiColor | null; readonly last: number } {
  const mode = codes[at + 1];
  if (mode === 5) return { color: fromPalette(codes[at + 2] ?? 0), last: at + 2 };
  if (mode === 2) return { color: nearest(codes[at + 2] ?? 0, codes[at + 3] ?? 0, codes[at + 4] ?? 0), last: at + 4 };
  return { color: null, last: at + 1 };
}

function fromPalette(code: number): AnsiColor | null {
  if (!(code >= 0 && code <= 255)) return null;
  if (code < 16) return BASE[code % 8] ?? null;
  if (code >= 232) return code < 248 ? 'dim' : null;
  const cube = code - 16;
  return nearest(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51);
}

function nearest(red: number, green: number, blue: number): AnsiColor | null {
  const max = Math.max(red, green, blue);
  const min = Math.min(red, green, blue);
  if (!(max - min > 40)) return max > 170 ? null : 'dim';
  const middle = (max + min) / 2;
  const key = `${red > middle ? 1 : 0}${green > middle ? 1 : 0}${blue > middle ? 1 : 0}`;
  const names: Readonly<Record<string, AnsiColor>> = {
    '100': 'red',
    '010': 'green',
    '110': 'yellow',
    '001': 'blue',
    '101': 'magenta',
    '011': 'cyan',
  };
  return names[key] ?? null;
}

/** A text of several lines, such as the message of an error that a script printed, as plain words. */
export const plainText = (text: string): string => text.split('\n').map(stripAnsi).join('\n');

/** Characters that are not seen, or that let a text seem to read in another order than it has. */
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every hidden character as its number, such as `⟨U+202E⟩`: what is read is what would be run. */
export const showHidden = (text: string): string =>
  text.replace(HIDDEN, (one) => `⟨U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
