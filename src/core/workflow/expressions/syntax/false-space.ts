import { syntaxFailure } from '../runtime/failures.ts';

/** How false white space is mended. */
export const PLAIN_SPACE_FIX = 'Replace it with an ordinary space.';

/** White space that only looks like it: no word of the language ends there. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['\u00a0', 'no-break space'],
  ['\u00ad', 'soft hyphen'],
  ['\u1680', 'ogham space mark'],
  ['\u180e', 'vowel separator'],
  ['\u2007', 'figure space'],
  ['\u200b', 'zero-width space'],
  ['\u200c', 'zero-width non-joiner'],
  ['\u200d', 'zero-width joiner'],
  ['\u200e', 'left-to-right mark'],
  ['\u200f', 'right-to-left mark'],
  ['\u2028', 'line separator'],
  ['\u2029', 'paragraph separator'],
  ['\u202f', 'narrow no-break space'],
  ['\u205f', 'mathematical space'],
  ['\u2060', 'word joiner'],
  ['\u3000', 'ideographic space'],
  ['\ufeff', 'byte order mark'],
]);
const TYPOGRAPHIC = /[\u2000-\u200a]/;

/** Refuses a character that looks like a space, or like nothing at all, and is none (SPEC 1.10). */
export function checkFalseSpace(char: string, offset: number): void {
  const name = NAMES.get(char) ?? (TYPOGRAPHIC.test(char) ? 'typographic space' : undefined);
  if (name === undefined) return;
  const code = char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw syntaxFailure(`U+${code} (${name}) is no space here, it only looks like one.`, offset, {
    hint: PLAIN_SPACE_FIX,
  });
}
