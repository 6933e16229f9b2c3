/** A character of a text that nobody sees, or that lets the text read in another order than it has. Line and column from 1. */
export interface HiddenCharacter {
  readonly line: number;
  readonly column: number;
  /** `U+202E` */
  readonly code: string;
  /** What it does, in plain words. */
  readonly name: string;
}

/** What a person has to know is named one by one, up to here; the rest is counted. */
const MAX_FOUND = 200;

const TURNS = 'changes the direction in which the text is read';
const NO_WIDTH = 'has no width';
const CARRIES = 'carries text that nobody sees';
const BLANK = 'looks like nothing';

/** First and last code point of what is known by name. */
const RANGES: readonly (readonly [number, number, string])[] = [
  [0x202a, 0x202e, TURNS],
  [0x2066, 0x2069, TURNS],
  [0x200e, 0x200f, TURNS],
  [0x061c, 0x061c, TURNS],
  [0x200b, 0x200d, NO_WIDTH],
  [0x2060, 0x2064, NO_WIDTH],
  [0xfeff, 0xfeff, NO_WIDTH],
  [0x180e, 0x180e, NO_WIDTH],
  [0xe0000, 0xe01ef, CARRIES],
  [0x115f, 0x1160, BLANK],
  [0x3164, 0x3164, BLANK],
  [0xffa0, 0xffa0, BLANK],
  [0x2800, 0x2800, BLANK],
  [0x00ad, 0x00ad, BLANK],
];
const CONTROL = /\p{Cc}/u;
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}]/u;
/** Where all is well, which is nearly always, nobody looks at each character. */
const PLAIN = /^[\t\n\r\x20-\x7e]*$/;

/** What a character does that a reader does not see; null = nothing. */
function nameOf(character: string, code: number): string | null {
  if (code === 0x09 || code === 0x0a || code === 0x0d) return null;
  const known = RANGES.find(([first, last]) => code >= first && code <= last);
  if (known !== undefined) return known[2];
  if (CONTROL.test(character)) return 'is a control character';
  return UNSEEN.test(character) ? 'is not seen' : null;
}

const PICTURE = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;
/** Scripts that cannot be written without joiners. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Mongolian}]/u;

/** A joiner between two pictures, or letters that need one, is how they are written. */
function isWriting(text: string, at: number, character: string): boolean {
  if (character === '\ufeff') return at === 0;
  if (character !== '\u200d' && character !== '\u200c') return false;
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
  const after = [...text.slice(at + 1, at + 3)][0] ?? '';
  const joins = (pattern: RegExp): boolean => pattern.test(before) && pattern.test(after);
  return joins(JOINING) || (character === '\u200d' && joins(PICTURE));
}

/** The hidden characters of a text in order, 200 at most. A byte order mark at the very start is none. */
export function findHidden(text: string): readonly HiddenCharacter[] {
  if (PLAIN.test(text)) return [];
  const found: HiddenCharacter[] = [];
  let [line, lineStart, at] = [1, 0, 0];
  for (const character of text) {
    const value = character.codePointAt(0) ?? 0;
    const name = value > 0x1f && value < 0x7f ? null : nameOf(character, value);
    if (name !== null && !isWriting(text, at, character)) {
      const code = `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
      found.push({ line, column: at - lineStart + 1, code, name });
      if (found.length === MAX_FOUND) break;
    }
    at += character.length;
    if (character === '\n') [line, lineStart] = [line + 1, at];
  }
  return found;
}
