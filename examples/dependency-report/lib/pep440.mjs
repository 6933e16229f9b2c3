/** The part of Python's version specifiers (PEP 440) that requirements files use. */

const RELEASE = /^v?(\d+(?:\.\d+)*)(?:(a|b|rc)(\d+))?(?:\.post(\d+))?$/;
const STAGES = { a: 0, b: 1, rc: 2 };

export function parseVersion(text) {
  const match = RELEASE.exec(text.trim().toLowerCase());
  if (match === null) return null;
  const release = match[1].split('.').map(Number);
  const stage = match[2] === undefined ? 3 : STAGES[match[2]];
  return {
    release,
    stage,
    stageNumber: Number(match[3] ?? 0),
    post: Number(match[4] ?? -1),
    isPre: match[2] !== undefined,
  };
}

export function compareVersions(a, b) {
  for (let index = 0; index < Math.max(a.release.length, b.release.length); index++) {
    const difference = (a.release[index] ?? 0) - (b.release[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.stage - b.stage || a.stageNumber - b.stageNumber || a.post - b.post;
}

function startsLike(found, release) {
  return release.every((part, index) => (found.release[index] ?? 0) === part);
}

function matches(found, clause) {
  const match = /^(===|~=|==|!=|>=|<=|>|<)\s*(\S+)$/.exec(clause.trim());
  if (match === null) throw new Error(`Not a version specifier: ${clause}`);
  const [, operator, text] = match;
  if (text.endsWith('.*')) {
    const isSame = startsLike(found, text.slice(0, -2).split('.').map(Number));
    return operator === '!=' ? !isSame : isSame;
  }
  const named = parseVersion(text);
  if (named === null) throw new Error(`Not a version: ${text}`);
  const order = compareVersions(found, named);
  if (operator === '~=') return order >= 0 && startsLike(found, named.release.slice(0, -1));
  const tests = {
    '==': order === 0,
    '===': order === 0,
    '!=': order !== 0,
    '>=': order >= 0,
    '<=': order <= 0,
    '>': order > 0,
    '<': order < 0,
  };
  return tests[operator];
}

/** Whether a version fits all clauses of a specifier such as `>=2.1,<3`. Pre-releases only where one is named. */
export function satisfies(found, specifier) {
  const clauses = specifier.split(',').filter((clause) => clause.trim() !== '');
  if (found.isPre && !clauses.some((clause) => /\d(a|b|rc)\d/.test(clause))) return false;
  return clauses.every((clause) => matches(found, clause));
}

export function behind(from, to) {
  if (compareVersions(from, to) >= 0) return null;
  if ((from.release[0] ?? 0) !== (to.release[0] ?? 0)) return 'major';
  return (from.release[1] ?? 0) !== (to.release[1] ?? 0) ? 'minor' : 'patch';
}
