/** Letters of a name that are compared; a longer one is nobody's slip of the finger. */
const MAX_WORD = 100;

/** Edit distance (insert, delete, replace, swap of neighbours), or `cap + 1` when it is larger than `cap`. */
function distance(a: string, b: string, cap: number): number {
  if (Math.abs(a.length - b.length) > cap) return cap + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? cap + 1;
}

/** The word that stands for one which is not written yet, and what could be written there. */
interface Probe {
  readonly word: string;
  readonly found: Set<string>;
}
let probe: Probe | null = null;

/**
 * What could have been meant wherever `work` looks for what `word` may have meant: whoever reads a text knows by that what may stand in a
 * place of it. `work` ends before this returns; what it throws comes through.
 */
export function candidatesFor(word: string, work: () => void): readonly string[] {
  const own: Probe = { word, found: new Set() };
  const before = probe;
  probe = own;
  try {
    work();
  } finally {
    probe = before;
  }
  return [...own.found];
}

/**
 * Did-you-mean: the candidate nearest to `word`, or undefined when none is near: at most a third of the letters may differ, and always
 * one. Of several that are as near the first one with the same first letter, which is seldom mistyped, else the first. Case counts for
 * nothing; the word itself is no suggestion.
 */
export function suggestName(word: string, candidates: Iterable<string>): string | undefined {
  if (probe?.word === word) for (const candidate of candidates) probe.found.add(candidate);
  const wanted = word.toLowerCase();
  if (wanted.length === 0 || wanted.length > MAX_WORD) return undefined;
  let cap = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  const hasFirst = (name: string): boolean => name[0]?.toLowerCase() === wanted[0];
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const found = distance(wanted, candidate.toLowerCase(), cap);
    const isNearer = found < cap || best === undefined || (hasFirst(candidate) && !hasFirst(best));
    if (found > cap || !isNearer) continue;
    best = candidate;
    cap = found;
  }
  return best;
}

/** What to write where a word was meant, in the words of every such fix, `before` put before the name; undefined when none is near. */
export function didYouMean(word: string, candidates: Iterable<string>, before = ''): string | undefined {
  const near = suggestName(word, candidates);
  return near === undefined ? undefined : `Did you mean '${before}${near}'?`;
}
