/** One line of `.bundleignore`. */
interface IgnoreRule {
  readonly segments: readonly string[];
  readonly isNegated: boolean;
  readonly isFolderOnly: boolean;
}

/** Says whether a path of the bundle (`/` separated) is left out of the version, archives and copies. */
export type IgnoreCheck = (path: string, isFolder: boolean) => boolean;

const IGNORED_NAMES = new Set(['.git', '.env', '__pycache__', '.DS_Store']);

/** What SPEC §6.5 always leaves out: `.git`, `.env`, `__pycache__`, `*.pyc`, `.DS_Store`, at any depth. */
export function isAlwaysIgnored(path: string): boolean {
  return path.split('/').some((segment) => IGNORED_NAMES.has(segment) || segment.endsWith('.pyc'));
}

/** One segment against `* ? [a-z] [!a-z]` without backtracking over more than the last star. */
function matchesSegment(pattern: string, name: string): boolean {
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

function matchesSegments(pattern: readonly string[], names: readonly string[]): boolean {
  // Row by row over the pattern: reachable[i] = the pattern so far matches the first i names.
  let reachable = names.map(() => false);
  reachable = [true, ...reachable];
  for (const [index, part] of pattern.entries()) {
    const isLast = index === pattern.length - 1;
    const next = reachable.map(() => false);
    for (let i = 0; i <= names.length; i++) {
      const name = names[i - 1];
      if (part === '**')
        next[i] = (isLast ? false : (reachable[i] ?? false)) || (i > 0 && (reachable[i - 1] || next[i - 1] || false));
      else if (name !== undefined) next[i] = (reachable[i - 1] ?? false) && matchesSegment(part, name);
    }
    reachable = next;
  }
  return reachable[names.length] ?? false;
}

function toRule(line: string): IgnoreRule | null {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return null;
  const isNegated = text.startsWith('!');
  const body = isNegated ? text.slice(1) : text;
  const isFolderOnly = body.endsWith('/');
  const bare = isFolderOnly ? body.slice(0, -1) : body;
  const segments = bare.split('/').filter((segment, index) => segment !== '' || index > 0);
  if (segments.length === 0) return null;
  return { segments: bare.includes('/') ? segments : ['**', ...segments], isNegated, isFolderOnly };
}

/**
 * Reads `.bundleignore` (the rules of `.gitignore`: `*`, `**`, `?`, `[a-z]`, a leading `/` or a `/` inside anchors, a
 * trailing `/` means folders, `!` takes back; the last line that matches decides). Never throws, never hangs.
 */
export function readBundleIgnore(text: string): IgnoreCheck {
  const rules = text
    .split(/\r?\n/)
    .map(toRule)
    .filter((rule) => rule !== null);
  return (path, isFolder) => {
    if (isAlwaysIgnored(path)) return true;
    const names = path.split('/');
    let isIgnored = false;
    for (const rule of rules) {
      if (rule.isFolderOnly && !isFolder) continue;
      if (rule.isNegated === isIgnored && matchesSegments(rule.segments, names)) isIgnored = !rule.isNegated;
    }
    return isIgnored;
  };
}
