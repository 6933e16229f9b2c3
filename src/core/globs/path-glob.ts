import { expandBraces } from './expand-braces.ts';
import { type DotRule, matchesSegment, matchesSegments } from './match-segments.ts';

/** A pattern for paths below a folder (`/` between names), SPEC §7.2: `* ** ? [a-z] {a,b}`. */
export interface PathGlob {
  /** Whether the relative path meets it, or its last name does where the pattern holds no `/`. */
  readonly test: (names: readonly string[], rule: DotRule) => boolean;
  /** Written with a `/` at its end: it means folders only. */
  readonly isFolderOnly: boolean;
  /** Written with `/**` at its end: it means all that is in a folder. */
  readonly endsOpen: boolean;
  /** Whether it names something that begins with a dot. */
  readonly namesDots: boolean;
}

const MOST_CHARS = 1_000;

/**
 * Reads one pattern. No library: the known ones make a regular expression that goes back and forth over a hostile pattern, this walks
 * once. Gives a problem, to follow the pattern's name in a sentence, when it cannot be used.
 */
export function readPathGlob(pattern: string): PathGlob | { readonly problem: string } {
  const text = pattern.trim();
  if (text === '') return { problem: 'is empty' };
  if (text.length > MOST_CHARS) return { problem: 'is longer than 1,000 characters' };
  const expanded = expandBraces(text);
  if (expanded === null) return { problem: 'stands for more than 100 patterns when its braces are written out' };
  const parts = expanded.map(toPart);
  if (parts.some((part) => part.segments.includes('..'))) return { problem: "leaves its folder by '..'" };
  return {
    test: (names, rule) => parts.some((part) => testPart(part, names, rule)),
    isFolderOnly: parts.every((part) => part.isFolderOnly),
    endsOpen: parts.every((part) => part.segments.length > 1 && part.segments.at(-1) === '**'),
    namesDots: parts.some((part) => part.segments.some((segment) => /^\\?\./.test(segment))),
  };
}

interface Part {
  readonly segments: readonly string[];
  readonly isAnchored: boolean;
  readonly isFolderOnly: boolean;
}

function toPart(text: string): Part {
  const isFolderOnly = text.endsWith('/');
  const bare = isFolderOnly ? text.slice(0, -1) : text;
  const segments = bare.split('/').filter((segment) => segment !== '' && segment !== '.');
  return { segments, isAnchored: bare.includes('/'), isFolderOnly };
}

function testPart(part: Part, names: readonly string[], rule: DotRule): boolean {
  const [first] = part.segments;
  if (first === undefined) return false;
  if (part.isAnchored || first === '**') return matchesSegments(part.segments, names, rule);
  // A name alone is looked for at any depth, but not inside a folder whose name begins with a dot.
  const isShy =
    !rule.dots &&
    names.some((name, index) => name.startsWith('.') && (index < names.length - 1 || !first.startsWith('.')));
  return !isShy && matchesSegment(first, names.at(-1) ?? '');
}
