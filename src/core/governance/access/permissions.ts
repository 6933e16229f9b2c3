import { AppError } from '../../../shared/errors.ts';
import { BASE_PERMISSIONS, NARROW_PERMISSIONS, type Permission } from '../../../shared/model/access.ts';

/** All permissions there are, base names first. */
export const ALL_PERMISSIONS: readonly Permission[] = [
  ...BASE_PERMISSIONS,
  ...(Object.keys(NARROW_PERMISSIONS) as (keyof typeof NARROW_PERMISSIONS)[]),
];

/** Other names that are accepted for permissions (SPEC §12.1). */
const ACCEPTED: ReadonlyMap<string, readonly Permission[]> = new Map<string, readonly Permission[]>([
  ['workflow:write', ['workflow:create', 'workflow:edit']],
  ['tool:write', ['tool:configure']],
  ['tool:execute', ['tool:use']],
  ['admin:*', BASE_PERMISSIONS],
  ['*', BASE_PERMISSIONS],
]);

/**
 * The permissions that a written name stands for: a name of the catalogue, an accepted one, `<area>:*`, or the constant form of these
 * (`WORKFLOW_READ`). Null for a name that means nothing.
 */
export function readPermission(written: string): readonly Permission[] | null {
  const text = written.trim();
  const name = /^[A-Z]+_(?:[A-Z]+|\*)$/.test(text) ? text.toLowerCase().replace('_', ':') : text;
  const accepted = ACCEPTED.get(name);
  if (accepted !== undefined) return accepted;
  const meant = ALL_PERMISSIONS.filter((one) => one === name || (name.endsWith(':*') && areaOf(one) === areaOf(name)));
  return meant.length === 0 ? null : meant;
}

const areaOf = (name: string): string => name.slice(0, name.indexOf(':'));

/** What granting these comes to: themselves, and each narrow name that is part of one of them; in the order of the catalogue. */
export function widen(granted: Iterable<Permission>): readonly Permission[] {
  const held = new Set(granted);
  return ALL_PERMISSIONS.filter((one) => held.has(one) || widerOf(one).some((wider) => held.has(wider)));
}

const widerOf = (name: Permission): readonly Permission[] =>
  name in NARROW_PERMISSIONS ? NARROW_PERMISSIONS[name as keyof typeof NARROW_PERMISSIONS] : [];

/** All that these written names stand for, each once. Throws `role.unknown_permission` for one that means nothing. */
export function readPermissions(written: readonly string[]): readonly Permission[] {
  const meant = written.flatMap((name) => {
    const found = readPermission(name);
    if (found !== null) return found;
    throw new AppError('role.unknown_permission', `There is no permission '${name}'.`, {
      hint: "See 'aiworkflow role show admin' for all of them.",
      details: { permission: name },
    });
  });
  return [...new Set(meant)];
}
