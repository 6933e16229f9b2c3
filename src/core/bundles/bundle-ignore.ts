import { matchesSegments } from '../globs/index.ts';

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
