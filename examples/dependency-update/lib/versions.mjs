/** `4.17` as numbers, `[4, 17, 0]`; null = no plain version. */
export function parseVersion(text) {
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(text);
  return match === null ? null : [1, 2, 3].map((at) => Number(match[at] ?? 0));
}

export function compareVersions(one, other) {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at === -1 ? 0 : one[at] - other[at];
}

const LEVELS = ['major', 'minor', 'patch'];

/** How far one version is behind another: `major`, `minor`, `patch`; null = it is not. */
export function levelBetween(from, to) {
  if (compareVersions(to, from) <= 0) return null;
  return LEVELS[from.findIndex((number, index) => number !== to[index])];
}

/** Whether a step of this size is allowed where at most `policy` is. */
export const isAllowed = (level, policy) => LEVELS.indexOf(level) >= LEVELS.indexOf(policy);
