import { AppError } from '../../../../shared/errors.ts';
import { syntaxFailure } from '../runtime/failures.ts';
import { DEFAULT_LIMITS } from '../runtime/limits.ts';
import { RAW_FIX } from './foreign-braces.ts';
import { readTokens, type Token, tooManyWords } from './lexer.ts';

/** A piece of a template source. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly isRaw: boolean }
  | {
      readonly kind: 'output' | 'statement';
      readonly tokens: readonly Token[];
      readonly start: number;
      readonly end: number;
    };

/** The pieces of a source and the errors met; scanning goes on behind an error where it can. */
export interface ScanResult {
  readonly segments: readonly Segment[];
  readonly problems: readonly AppError[];
  readonly hasTags: boolean;
}

interface Scan {
  readonly source: string;
  readonly segments: Segment[];
  readonly problems: AppError[];
  /** Start of the text that is not yet a segment. */
  textStart: number;
  /** The text there loses its leading blanks (`-%}` stood before it). */
  trimsStart: boolean;
  hasTags: boolean;
  words: number;
}

const RAW_END = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;

function pushText(scan: Scan, end: number, trimsEnd: boolean, isRaw = false): void {
  let text = scan.source.slice(scan.textStart, end);
  let start = scan.textStart;
  if (scan.trimsStart) {
    const trimmed = text.trimStart();
    start += text.length - trimmed.length;
    text = trimmed;
  }
  if (trimsEnd) text = text.trimEnd();
  if (text !== '') scan.segments.push({ kind: 'text', text, start, isRaw });
}

/** The next place from `from` where a tag opens, or -1. */
function findTag(source: string, from: number): number {
  for (let at = source.indexOf('{', from); at !== -1; at = source.indexOf('{', at + 1)) {
    const next = source[at + 1];
    if (next === '{' || next === '%' || next === '#') return at;
  }
  return -1;
}

/** Splits a source into text and tags in one pass (SPEC 2.1). Comments vanish, `raw` becomes text. */
export function scanTemplate(source: string): ScanResult {
  const scan: Scan = { source, segments: [], problems: [], textStart: 0, trimsStart: false, hasTags: false, words: 0 };
  for (let at = findTag(source, 0); at !== -1; at = findTag(source, scan.textStart)) {
    scan.hasTags = true;
    const sign = source[at + 2];
    pushText(scan, at, sign === '-');
    scan.trimsStart = false;
    if (source[at + 1] === '#') scanComment(scan, at);
    else scanTag(scan, at, sign === '-' || (sign === '+' && source[at + 1] === '%') ? at + 3 : at + 2);
  }
  pushText(scan, source.length, false);
  return scan;
}

function scanComment(scan: Scan, at: number): void {
  const end = scan.source.indexOf('#}', at + 2);
  if (end === -1) {
    scan.problems.push(
      syntaxFailure("The comment is not closed with '#}'.", at, { hint: `Write '#}' where it ends. ${RAW_FIX}` }),
    );
    scan.textStart = scan.source.length;
    return;
  }
  scan.textStart = end + 2;
  scan.trimsStart = end > at + 2 && scan.source[end - 1] === '-';
}

function scanTag(scan: Scan, at: number, from: number): void {
  const closing = scan.source[at + 1] === '{' ? '}}' : '%}';
  try {
    const run = readTokens(scan.source, from, closing);
    if (!run.isClosed) {
      const hint = `Write '${closing}' where it ends. ${RAW_FIX}`;
      scan.problems.push(syntaxFailure(`The tag is not closed with '${closing}'.`, at, { hint }));
    }
    scan.textStart = run.next;
    scan.trimsStart = run.trims;
    scan.words += run.tokens.length;
    if (scan.words > DEFAULT_LIMITS.words) throw tooManyWords(at);
    if (run.isClosed && closing === '%}' && run.tokens[0]?.text === 'raw' && run.tokens[1]?.type === 'end')
      scanRaw(scan, at);
    else if (run.isClosed) {
      const kind = closing === '}}' ? 'output' : 'statement';
      scan.segments.push({ kind, tokens: run.tokens, start: at, end: run.next });
    }
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    scan.problems.push(cause);
    if (cause.code === 'template.limit') scan.textStart = scan.source.length;
    else resume(scan, cause, closing);
  }
}

/** Goes on behind the place of an error, never before it: each character is read once. */
function resume(scan: Scan, error: AppError, closing: string): void {
  const offset = error.details?.offset;
  const end = scan.source.indexOf(closing, typeof offset === 'number' ? offset : scan.source.length);
  scan.textStart = end === -1 ? scan.source.length : end + 2;
}

function scanRaw(scan: Scan, at: number): void {
  RAW_END.lastIndex = scan.textStart;
  const end = RAW_END.exec(scan.source);
  if (end === null) {
    scan.problems.push(
      syntaxFailure("'raw' is not closed with 'endraw'.", at, { hint: 'Write {% endraw %} where the text ends.' }),
    );
    scan.textStart = scan.source.length;
    return;
  }
  pushText(scan, end.index, end[1] === '-', true);
  scan.textStart = end.index + end[0].length;
  scan.trimsStart = end[2] === '-';
}
