import { charge, type Meter } from '../runtime/limits.ts';
import { addText, endText, startText } from './text-builder.ts';

/** What one piece of a split text costs besides its characters: its place in the list and the view of the text. */
const PIECE_BYTES = 40;
const HEAD = 32;

/**
 * The place of `piece` from `from` on, or -1. The search of the machine takes text times piece in the worst case; a long
 * piece is therefore looked for by its head, and each place where that stands is paid for.
 */
export function findText(text: string, piece: string, from: number, meter: Meter): number {
  if (piece.length <= HEAD) return text.indexOf(piece, from);
  const head = piece.slice(0, HEAD);
  for (let at = text.indexOf(head, from); at !== -1; at = text.indexOf(head, at + 1)) {
    charge(meter, piece.length);
    if (text.startsWith(piece, at)) return at;
  }
  return -1;
}

/** Whether `piece` stands in a text. */
export function containsText(text: string, piece: string, meter: Meter): boolean {
  return findText(text, piece, 0, meter) !== -1;
}

/** The places of a piece that is not empty, at most `limit` of them, each behind the one before. */
export function* placesOf(text: string, piece: string, limit: number, meter: Meter): Generator<number> {
  let count = 0;
  for (let at = findText(text, piece, 0, meter); at !== -1 && count < limit; count += 1) {
    charge(meter, PIECE_BYTES);
    yield at;
    at = findText(text, piece, at + piece.length, meter);
  }
}

/** Replaces the matches of a global pattern that never matches nothing. */
export function replaceMatches(
  text: string,
  pattern: RegExp,
  change: (found: string, groups: RegExpExecArray) => string,
  meter: Meter,
): string {
  pattern.lastIndex = 0;
  let found = pattern.exec(text);
  if (found === null) return text;
  const made = startText(meter);
  let from = 0;
  for (; found !== null; found = pattern.exec(text)) {
    const next = found.index + found[0].length;
    if (found.index > from) addText(made, text.slice(from, found.index));
    addText(made, change(found[0], found));
    from = next;
    pattern.lastIndex = next;
  }
  if (from < text.length) addText(made, text.slice(from));
  return endText(made);
}

/** The pieces between the matches of a global pattern that never matches nothing; at most `limit` splits. */
export function splitMatches(text: string, pattern: RegExp, meter: Meter, limit = Number.POSITIVE_INFINITY): string[] {
  const pieces: string[] = [];
  let from = 0;
  pattern.lastIndex = 0;
  while (pieces.length < limit) {
    const found = pattern.exec(text);
    if (found === null) break;
    charge(meter, PIECE_BYTES);
    pieces.push(text.slice(from, found.index));
    from = found.index + found[0].length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** How often a global pattern matches. */
export function countMatches(text: string, pattern: RegExp, meter: Meter): number {
  let count = 0;
  pattern.lastIndex = 0;
  while (pattern.test(text)) {
    count += 1;
    charge(meter, 8);
  }
  return count;
}
