import { compilePattern, patternProblem } from '../../../shared/safe-pattern.ts';
import { type PathGlob, readPathGlob } from '../../globs/index.ts';

/** What a watch says about the files it means (SPEC §7.2). */
export interface FilterRules {
  readonly patterns: readonly string[];
  readonly ignorePatterns: readonly string[];
  readonly regex: string | null;
  readonly recursive: boolean;
}

/** Which paths below a root are watched; paths are relative, with `/` between names. */
export interface FileFilter {
  /** Whether a file is meant. */
  readonly wants: (path: string) => boolean;
  /** Whether a folder is entered at all; the root is ''. */
  readonly enters: (path: string) => boolean;
}

/** A rule that cannot be used, as a sentence. */
export interface FilterProblem {
  readonly key: 'patterns' | 'ignore_patterns' | 'regex';
  readonly message: string;
}

const NEVER_NAMES = new Set(['.git', 'node_modules', '4913']);
/** What editors and office programs write beside a file while it is open, or put in its place for a moment. */
const SWAP_FILE =
  /^\..*\.sw[a-p]$|^\..*\.swx$|\.sw[op]$|~$|^\.#|^#.*#$|^\.~lock\..*#$|^~\$|^\.goutputstream-|\.kate-swp$|\.crswap$|___jb_(?:tmp|old)___$|^\.subl.*\.tmp$/;

/** What no watch ever looks at, whatever its patterns say: `.git`, `node_modules`, the project's state, swap files of editors. */
export function isNeverWatched(names: readonly string[]): boolean {
  return names.some(
    (name, index) =>
      NEVER_NAMES.has(name) || SWAP_FILE.test(name) || (name === 'state' && names[index - 1] === '.aiworkflow'),
  );
}

interface ListedGlob {
  readonly glob: PathGlob;
  readonly isTakenBack: boolean;
}

/** Makes the filter of a watch, or says all that is wrong with its rules. Never throws. */
export function createFileFilter(rules: FilterRules): FileFilter | { readonly problems: readonly FilterProblem[] } {
  const problems: FilterProblem[] = [];
  const patterns = readList(rules.patterns, 'patterns', problems);
  const ignored = readList(rules.ignorePatterns, 'ignore_patterns', problems);
  const regexProblem = rules.regex === null ? null : patternProblem(rules.regex);
  if (regexProblem !== null) problems.push({ key: 'regex', message: `The pattern of regex ${regexProblem}` });
  const regex = rules.regex === null ? null : compilePattern(rules.regex);
  if (problems.length > 0) return { problems };
  const isMet = (path: string): boolean =>
    regex === null || [path, path.slice(path.lastIndexOf('/') + 1)].some((text) => regex.test(text) === true);
  const isIgnored = createIgnoreCheck(ignored);
  const hasDotPatterns = patterns.some(({ glob }) => glob.namesDots);
  return {
    wants: (path) => {
      const names = path.split('/');
      if (names.length > 1 && !rules.recursive) return false;
      if (isNeverWatched(names) || !isListed(patterns, names)) return false;
      return !names.some((_, index) => isIgnored(names.slice(0, index + 1), index < names.length - 1)) && isMet(path);
    },
    enters: (path) => {
      if (path === '') return true;
      const names = path.split('/');
      if (!rules.recursive || isNeverWatched(names)) return false;
      // Where no pattern names a dot, nothing below such a folder can be meant: caches and environments are not walked.
      if (!hasDotPatterns && names.some((name) => name.startsWith('.'))) return false;
      return !names.some((_, index) => isIgnored(names.slice(0, index + 1), true));
    },
  };
}

function readList(
  list: readonly string[],
  key: 'patterns' | 'ignore_patterns',
  problems: FilterProblem[],
): readonly ListedGlob[] {
  return list.flatMap((text) => {
    const isTakenBack = text.startsWith('!');
    const glob = readPathGlob(isTakenBack ? text.slice(1) : text);
    if (!('problem' in glob)) return [{ glob, isTakenBack }];
    problems.push({ key, message: `The pattern '${text.slice(0, 60)}' ${glob.problem}` });
    return [];
  });
}

/** The last pattern that meets a path decides; a list of `!` alone takes back from everything. */
function isListed(list: readonly ListedGlob[], names: readonly string[]): boolean {
  const last = list.findLast(({ glob }) => !glob.isFolderOnly && glob.test(names, { dots: false }));
  if (last !== undefined) return !last.isTakenBack;
  return list.length > 0 && list.every(({ isTakenBack }) => isTakenBack) && !names.some((name) => name.startsWith('.'));
}

type IgnoreCheck = (names: readonly string[], isFolder: boolean) => boolean;

function createIgnoreCheck(list: readonly ListedGlob[]): IgnoreCheck {
  const hasTakenBack = list.some(({ isTakenBack }) => isTakenBack);
  return (names, isFolder) => {
    // `build/**` means all that is in it, so the folder is not entered; unless something of it may be taken back.
    const inner = [...names, 'x'];
    const last = list.findLast(({ glob }) => {
      if (glob.isFolderOnly && !isFolder) return false;
      return (
        glob.test(names, { dots: true }) ||
        (isFolder && !hasTakenBack && glob.endsOpen && glob.test(inner, { dots: true }))
      );
    });
    return last !== undefined && !last.isTakenBack;
  };
}
