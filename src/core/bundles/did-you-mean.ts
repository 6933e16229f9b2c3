const MAX_LENGTH = 100;

/** Edit distance (insert, delete, replace, swap of neighbours); stops counting above `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? best) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}

/** The known word that was probably meant, or null when none is near. Case does not count. */
export function didYouMean(word: string, known: Iterable<string>): string | null {
  const lower = word.slice(0, MAX_LENGTH).toLowerCase();
  const limit = Math.max(1, Math.floor(lower.length / 3));
  let [best, bestDistance]: [string | null, number] = [null, limit + 1];
  for (const candidate of known) {
    const found = distance(lower, candidate.slice(0, MAX_LENGTH).toLowerCase(), limit);
    if (found < bestDistance) [best, bestDistance] = [candidate, found];
  }
  return best;
}
