/** What of an entry can hold the text. */
export interface Ranked {
  readonly name: string;
  /** Other words for it. */
  readonly words?: string;
  /** True where somebody who knows more has found it: by its description, or by what it holds. */
  readonly isFound?: boolean;
  /** Of two that fit as well, what somebody was at lately comes first. */
  readonly isRecent?: boolean;
}

const NAME_IS = 5;
const NAME_BEGINS = 4;
const WORD_BEGINS = 3;
const NAME_HOLDS = 2;
const WORDS_HOLD = 1;
const RECENT = 0.5;

/** How well an entry fits the text, more is better; null when it does not. A name always fits better than words or a description. */
export function rankOf(text: string, { name, words = '', isFound = false }: Ranked): number | null {
  const wanted = text.trim().toLowerCase();
  const own = name.toLowerCase();
  if (wanted === '') return 0;
  if (own === wanted) return NAME_IS;
  if (own.startsWith(wanted)) return NAME_BEGINS;
  if (own.split(/\s+/).some((word) => word.startsWith(wanted))) return WORD_BEGINS;
  if (own.includes(wanted)) return NAME_HOLDS;
  const all = `${own} ${words.toLowerCase()}`;
  if (wanted.split(/\s+/).every((word) => all.includes(word))) return WORDS_HOLD;
  return isFound ? 0 : null;
}

/** The entries that fit, the best first; of two that fit as well, as they came. */
export function rank<T extends Ranked>(text: string, entries: readonly T[]): readonly T[] {
  return rankAll(text, entries).map(({ entry }) => entry);
}

export interface RankedGroup<T extends Ranked> {
  readonly heading: string;
  readonly entries: readonly T[];
}

/** Each group with its best entries first, and the group that holds the best one on top. */
export function rankGroups<T extends Ranked>(
  text: string,
  groups: readonly RankedGroup<T>[],
): readonly RankedGroup<T>[] {
  const ranked = groups.map(({ heading, entries }) => ({ heading, found: rankAll(text, entries) }));
  const best = ({ found }: (typeof ranked)[number]): number => found[0]?.fit ?? -1;
  return ranked
    .sort((one, other) => best(other) - best(one))
    .map(({ heading, found }) => ({ heading, entries: found.map(({ entry }) => entry) }));
}

function rankAll<T extends Ranked>(text: string, entries: readonly T[]): { readonly entry: T; readonly fit: number }[] {
  const isTyped = text.trim() !== '';
  return entries
    .flatMap((entry) => {
      const fit = rankOf(text, entry);
      return fit === null ? [] : [{ entry, fit: fit + (isTyped && entry.isRecent === true ? RECENT : 0) }];
    })
    .sort((one, other) => other.fit - one.fit);
}
