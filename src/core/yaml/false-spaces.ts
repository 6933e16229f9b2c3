import { FALSE_SPACE_FIX, FALSE_SPACES, falseSpaceName } from '../../shared/false-space.ts';

/** A stretch of the text that may hold any character: a quoted or block scalar. */
export interface FreeStretch {
  readonly at: number;
  readonly end: number;
}

/** Reports one false space: what is wrong, where, and what to write. */
type Report = (message: string, at: number, fix: string) => void;

/** How every message about one ends. */
export const FALSE_SPACE_WORDS = 'is no space, it only looks like one';

const ANY = new RegExp(`[${FALSE_SPACES}]`);
/** In the indent of a line, or where a value should be parted from its key. */
const PLACES = new RegExp(`^([ \\t-]*)([${FALSE_SPACES}])|^[ \\t-]*[\\w-]+:([${FALSE_SPACES}])`, 'gm');

/** Whether a text holds any at all: most have none and need no further look. */
export const hasFalseSpace = (text: string): boolean => ANY.test(text);

/** The first false space in a plain key, as an offset into it; -1 = none. */
export const falseSpaceInKey = (key: string): number => key.search(ANY);

/** The words for one in a key that is written without quotes. */
export const falseKeyMessage = (char: string): string => `${falseSpaceName(char) ?? ''} in a key ${FALSE_SPACE_WORDS}`;

/** What to do about white space in a key that only looks like it. */
export const FALSE_KEY_FIX: string = `${FALSE_SPACE_FIX} A key that needs it stands in quotes.`;

/**
 * White space that YAML does not know (SPEC §1.10) in an indent or behind the colon of a key: YAML would take the line for a piece of
 * text and everything in it would be lost.
 */
export function reportFalseSpaces(text: string, free: readonly FreeStretch[], report: Report): void {
  for (const match of text.matchAll(PLACES)) {
    const [whole, before = '', inIndent, behindColon] = match;
    const at = match.index + (inIndent === undefined ? whole.length - 1 : before.length);
    if (free.some((stretch) => stretch.at < at && at < stretch.end)) continue;
    const name = falseSpaceName(inIndent ?? behindColon ?? '') ?? '';
    const place = inIndent === undefined ? 'behind a colon' : 'in an indent';
    report(`${name} ${place} ${FALSE_SPACE_WORDS}`, at, FALSE_SPACE_FIX);
  }
}
