/** How names that begin with a dot are met. */
export interface DotRule {
  /** True: wildcards meet them like any other name. False: only a pattern whose own segment begins with a dot does. */
  readonly dots: boolean;
}

/** One segment against `* ? [a-z] [!a-z]` and `\` before a sign, without backtracking over more than the last star. */
export function matchesSegment(pattern: string, name: string): boolean {
  let [at, position, star, mark] = [0, 0, -1, 0];
  while (position < name.length) {
    const step = at < pattern.length ? matchOne(pattern, at, name.charAt(position)) : 0;
    if (pattern[at] === '*') {
      star = at++;
      mark = position;
    } else if (step > 0) {
      at += step;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++mark;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** How many characters of the pattern matched `char` at `at`; 0 = no match. */
function matchOne(pattern: string, at: number, char: string): number {
  if (pattern[at] === '?') return 1;
  const end = pattern[at] === '[' ? pattern.indexOf(']', at + 2) : -1;
  if (end < 0) {
    if (pattern[at] === '\\' && at + 1 < pattern.length) return pattern[at + 1] === char ? 2 : 0;
    return pattern[at] === char ? 1 : 0;
  }
  const isNegated = pattern[at + 1] === '!' || pattern[at + 1] === '^';
  const body = pattern.slice(at + (isNegated ? 2 : 1), end);
  let isFound = false;
  for (let index = 0; index < body.length; index++) {
    const [low, high] = [body.charAt(index), body[index + 1] === '-' ? body[index + 2] : undefined];
    if (high === undefined) isFound ||= low === char;
    else {
      isFound ||= low <= char && char <= high;
      index += 2;
    }
  }
  return isFound === isNegated ? 0 : end - at + 1;
}

/** Whether a path, by its segments, meets a pattern, by its own: `**` stands for any number of them, at the end for at least one. */
export function matchesSegments(
  pattern: readonly string[],
  names: readonly string[],
  { dots }: DotRule = { dots: true },
): boolean {
  const isShy = (part: string, name: string): boolean => !dots && name.startsWith('.') && !part.startsWith('.');
  // Row by row over the pattern: reachable[i] = the pattern so far matches the first i names.
  let reachable = [true, ...names.map(() => false)];
  for (const [index, part] of pattern.entries()) {
    const isLast = index === pattern.length - 1;
    const next = reachable.map(() => false);
    for (let i = 0; i <= names.length; i++) {
      const name = names[i - 1];
      if (part === '**') {
        const isPassed = name !== undefined && !isShy(part, name) && (reachable[i - 1] || next[i - 1] || false);
        next[i] = (isLast ? false : (reachable[i] ?? false)) || isPassed;
      } else if (name !== undefined && !isShy(part, name)) {
        next[i] = (reachable[i - 1] ?? false) && matchesSegment(part, name);
      }
    }
    reachable = next;
  }
  return reachable[names.length] ?? false;
}
