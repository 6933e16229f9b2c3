import type { AppError } from '../../../../shared/errors.ts';
import { FALSE_SPACE_FIX, falseSpaceName } from '../../../../shared/false-space.ts';
import { grouped } from '../../../../shared/grouped.ts';
import { excerpt, limitFailure, syntaxFailure } from '../runtime/failures.ts';
import { DEFAULT_LIMITS } from '../runtime/limits.ts';

/** One word of an expression. */
export interface Token {
  readonly type: 'name' | 'number' | 'string' | 'op' | 'end';
  /** The operator, the name, or the value of a string. */
  readonly text: string;
  /** The value of a number; NaN for an integer beyond 2^53, whose digits are `text`. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** Where the words end: at the mark that closes a tag, or at the end of the source. */
export type Closing = '}}' | '%}' | 'end';

/** The words of a tag and what follows it. */
export interface TokenRun {
  readonly tokens: readonly Token[];
  /** Offset after the closing mark. */
  readonly next: number;
  /** False when the source ended before the closing mark. */
  readonly isClosed: boolean;
  /** The closing mark had a `-`. */
  readonly trims: boolean;
}

const OPERATORS = ['==', '!=', '<=', '>=', '//', '**', '&&', '||', ...'()[]{},:.|+-*/%~<>=!'];
const SPACE = /[ \t\r\n\f\v]+/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/y;
const DIGITS = /\d+/y;
const MAX_DIGITS = 400;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['\n', ''],
]);

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/** Reads one quoted text; the quote stands at `start`. */
function readString(source: string, start: number): Token {
  const quote = source[start];
  let value = '';
  let from = start + 1;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === quote) return { type: 'string', text: value + source.slice(from, at), value: 0, start, end: at + 1 };
    if (char !== '\\') continue;
    const found = readEscape(source, at);
    value += source.slice(from, at) + found.text;
    at = found.next - 1;
    from = found.next;
  }
  throw syntaxFailure('A quoted text is not closed.', start, { hint: 'Write the same quote where the text ends.' });
}

function readEscape(source: string, at: number): { readonly text: string; readonly next: number } {
  const letter = source[at + 1] ?? '';
  const width = letter === 'x' ? 2 : letter === 'u' ? 4 : 0;
  const digits = source.slice(at + 2, at + 2 + width);
  if (width > 0 && digits.length === width && /^[\da-fA-F]+$/.test(digits)) {
    return { text: String.fromCharCode(Number.parseInt(digits, 16)), next: at + 2 + width };
  }
  return { text: ESCAPES.get(letter) ?? `\\${letter}`, next: at + 1 + letter.length };
}

function isAfterDot(tokens: readonly Token[], start: number): boolean {
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  return (
    last?.text === '.' &&
    last.type === 'op' &&
    last.end === start &&
    before?.end === last.start &&
    before.type !== 'number'
  );
}

/** A number; of an integer beyond 2^53 the digits are kept. */
function readNumber(written: string, start: number): Token {
  const text = written.replaceAll('_', '');
  const value = Number(text);
  const place = { type: 'number', start, end: start + written.length } as const;
  if (Number.isSafeInteger(value) || /^\d+(?:\.|[eE])/.test(text)) {
    if (Number.isFinite(value)) return { text: written, value, ...place };
  } else if (written.length <= MAX_DIGITS) return { text: BigInt(text).toString(), value: Number.NaN, ...place };
  throw syntaxFailure(`'${excerpt(written)}' is not a number.`, start, {
    hint: 'Write a smaller number, or a text in quotes.',
  });
}

function readToken(source: string, at: number, tokens: readonly Token[]): Token {
  const char = source[at] ?? '';
  if (char > '~') checkFalseSpace(char, at);
  const name = match(NAME, source, at);
  if (name !== undefined) return { type: 'name', text: name, value: 0, start: at, end: at + name.length };
  if (char === '"' || char === "'") return readString(source, at);
  if (char >= '0' && char <= '9') {
    if (isAfterDot(tokens, at)) {
      const digits = match(DIGITS, source, at) ?? char;
      return { type: 'number', text: digits, value: Number(digits), start: at, end: at + digits.length };
    }
    return readNumber(match(NUMBER, source, at) ?? char, at);
  }
  const operator = OPERATORS.find((op) => source.startsWith(op, at));
  if (operator === undefined) {
    throw syntaxFailure(`The character '${char}' has no meaning here.`, at, {
      hint: 'Remove it, or put the text in quotes.',
    });
  }
  return { type: 'op', text: operator, value: 0, start: at, end: at + operator.length };
}

/** The closing mark at `at`, if it stands there. */
function closingAt(
  source: string,
  at: number,
  closing: Closing,
): { readonly next: number; readonly trims: boolean } | undefined {
  if (closing === 'end') return undefined;
  if (source.startsWith(closing, at)) return { next: at + 2, trims: false };
  const sign = source[at];
  if ((sign !== '-' && sign !== '+') || !source.startsWith(closing, at + 1)) return undefined;
  return { next: at + 3, trims: sign === '-' };
}

/** The source is longer in words than it may be. */
export function tooManyWords(offset: number): AppError {
  return limitFailure(`A template may hold ${grouped(DEFAULT_LIMITS.words)} words at most.`, offset);
}

/** Splits the source from `start` into words up to the closing mark. Throws `template.syntax` with the offset. */
export function readTokens(source: string, start: number, closing: Closing): TokenRun {
  const tokens: Token[] = [];
  let braces = 0;
  for (let at = start; ; ) {
    at += match(SPACE, source, at)?.length ?? 0;
    const end = braces === 0 || closing === '%}' ? closingAt(source, at, closing) : undefined;
    if (end !== undefined || at >= source.length) {
      tokens.push({ type: 'end', text: '', value: 0, start: at, end: at });
      return { tokens, next: end?.next ?? at, trims: end?.trims ?? false, isClosed: end !== undefined };
    }
    const token = readToken(source, at, tokens);
    if (token.type === 'op' && token.text === '{') braces += 1;
    if (token.type === 'op' && token.text === '}') braces = Math.max(0, braces - 1);
    tokens.push(token);
    if (tokens.length > DEFAULT_LIMITS.words) throw tooManyWords(start);
    at = token.end;
  }
}

/** Refuses a character that looks like a space, or like nothing at all, and is none (SPEC 1.10). */
function checkFalseSpace(char: string, offset: number): void {
  const name = falseSpaceName(char);
  if (name === undefined) return;
  throw syntaxFailure(`${name} is no space here, it only looks like one.`, offset, { hint: FALSE_SPACE_FIX });
}
