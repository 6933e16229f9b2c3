/** The part of npm's version ranges that package files use, without dependencies. */

const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

export function parseVersion(text) {
  const match = VERSION.exec(text.trim());
  if (match === null) return null;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), pre: match[4] ?? '' };
}

function comparePre(a, b) {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x, y] = [left[index], right[index]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const [isX, isY] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (isX && isY) return Number(x) - Number(y);
    if (isX !== isY) return isX ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}

export function compareVersions(a, b) {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePre(a.pre, b.pre);
}

const version = (major, minor, patch, pre = '') => ({ major, minor, patch, pre });

/** `1`, `1.2`, `1.x`, `1.2.3-beta` as numbers that may be missing. */
function parsePartial(text) {
  const match = /^v?(\d+|[xX*])?(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(text);
  if (match === null) throw new Error(`Not a version range: ${text}`);
  const number = (part) => (part === undefined || /[xX*]/.test(part) ? null : Number(part));
  return { major: number(match[1]), minor: number(match[2]), patch: number(match[3]), pre: match[4] ?? '' };
}

const floor = (part) => version(part.major ?? 0, part.minor ?? 0, part.patch ?? 0, part.pre);

/** First version above everything that the partial stands for. */
function ceiling(part) {
  if (part.major === null) return null;
  if (part.minor === null) return version(part.major + 1, 0, 0);
  if (part.patch === null) return version(part.major, part.minor + 1, 0);
  return null;
}

function caretCeiling(part) {
  if (part.major === null) return null;
  if (part.major > 0 || part.minor === null) return version(part.major + 1, 0, 0);
  if (part.minor > 0 || part.patch === null) return version(0, part.minor + 1, 0);
  return version(0, 0, part.patch + 1);
}

function toBounds(comparator) {
  const [, operator = '', rest] = /^(\^|~>?|>=|<=|>|<|=)?\s*(.*)$/.exec(comparator);
  const part = parsePartial(rest);
  const low = { op: '>=', version: floor(part) };
  const below = (top) => (top === null ? [] : [{ op: '<', version: top }]);
  if (operator === '^') return [low, ...below(caretCeiling(part))];
  if (operator.startsWith('~')) {
    const top = part.minor === null ? ceiling(part) : version(part.major, part.minor + 1, 0);
    return [low, ...below(top)];
  }
  const top = ceiling(part);
  if (operator === '>=') return [low];
  if (operator === '<') return [{ op: '<', version: floor(part) }];
  if (operator === '>') return [top === null ? { op: '>', version: floor(part) } : { op: '>=', version: top }];
  if (operator === '<=') return [top === null ? { op: '<=', version: floor(part) } : { op: '<', version: top }];
  if (part.major === null) return [];
  return top === null ? [{ op: '=', version: floor(part) }] : [low, { op: '<', version: top }];
}

function parseSet(text) {
  const hyphen = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(text);
  if (hyphen !== null) return [...toBounds(`>=${hyphen[1]}`), ...toBounds(`<=${hyphen[2]}`)];
  const comparators = text
    .trim()
    .replace(/(\^|~>?|>=|<=|>|<|=)\s+/g, '$1')
    .split(/\s+/)
    .filter((part) => part !== '');
  return comparators.flatMap(toBounds);
}

const TESTS = { '>=': (n) => n >= 0, '<': (n) => n < 0, '>': (n) => n > 0, '<=': (n) => n <= 0, '=': (n) => n === 0 };

/** Whether a version is in a range. Pre-releases only count where the range names one of the same version. */
export function satisfies(found, range) {
  return range.split('||').some((text) => {
    const bounds = parseSet(text);
    const isIn = bounds.every((bound) => TESTS[bound.op](compareVersions(found, bound.version)));
    if (!isIn || found.pre === '') return isIn;
    return bounds.some(
      ({ version: named }) =>
        named.pre !== '' && named.major === found.major && named.minor === found.minor && named.patch === found.patch,
    );
  });
}

/** `major`, `minor`, `patch` or null: how far `from` is behind `to`. */
export function behind(from, to) {
  if (compareVersions(from, to) >= 0) return null;
  if (from.major !== to.major) return 'major';
  return from.minor !== to.minor ? 'minor' : 'patch';
}
