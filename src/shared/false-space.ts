/** Characters that look like a space, or like nothing at all, and are neither to YAML, Markdown nor our templates (SPEC §1.10). */
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

/** All of them as the inside of a character class. */
export const FALSE_SPACES =
  '\\u00a0\\u00ad\\u1680\\u180e\\u2000-\\u200f\\u2028\\u2029\\u202f\\u205f\\u2060\\u3000\\ufeff';

/** `U+00A0 (no-break space)`, or undefined for any other character. */
export function falseSpaceName(char: string): string | undefined {
  const name = NAMES.get(char) ?? (TYPOGRAPHIC.test(char) ? 'typographic space' : undefined);
  if (name === undefined) return undefined;
  return `U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')} (${name})`;
}

/** What to do about one. */
export const FALSE_SPACE_FIX = 'Replace it with an ordinary space.';
