import { AppError } from '../../../shared/errors.ts';
import {
  BASE_PERMISSIONS,
  type EffectiveRole,
  type Permission,
  PREDEFINED_ROLES,
  type PredefinedRole,
  type Role,
} from '../../../shared/model/access.ts';
import { widen } from './permissions.ts';

const predefined = (
  name: PredefinedRole,
  description: string,
  permissions: readonly Permission[],
  inherits: readonly PredefinedRole[] = [],
): Role => ({ name, description, permissions, inherits, isPredefined: true });

const ROLES: readonly Role[] = [
  predefined('viewer', 'Sees workflows, runs, logs and costs', ['workflow:read']),
  predefined('executor', 'Runs workflows', ['workflow:execute', 'tool:use', 'approval:request'], ['viewer']),
  predefined(
    'developer',
    'Makes and changes workflows and tools',
    ['workflow:create', 'workflow:edit', 'tool:configure'],
    ['executor'],
  ),
  predefined(
    'approver',
    'Decides requests and reads the audit log',
    ['approval:approve', 'approval:reject', 'audit:read'],
    ['viewer'],
  ),
  predefined('admin', 'May do everything', BASE_PERMISSIONS),
];

/** Under which a name of a user or a role is looked up: case and form of its letters do not matter. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** Whether a name, in any case, is that of a role that every project has. */
export const isPredefinedRole = (name: string): boolean =>
  PREDEFINED_ROLES.some((predefinedName) => predefinedName === nameKey(name));

/**
 * The roles of a project by name: the predefined ones and its own. Invariant: what a role comes to is found also where stored roles
 * inherit in a circle or from one that is gone; each role counts once.
 */
export class RoleBook {
  readonly #roles: ReadonlyMap<string, Role>;

  constructor(own: readonly Role[]) {
    this.#roles = new Map([...ROLES, ...own].map((role) => [nameKey(role.name), role]));
  }

  /** The role of this name, in any case; null when there is none. */
  find(name: string): Role | null {
    return this.#roles.get(nameKey(name)) ?? null;
  }

  /** As `find`, but throws `role.not_found`. */
  require(name: string): Role {
    const role = this.find(name);
    if (role !== null) return role;
    throw new AppError('role.not_found', `There is no role '${name}'.`, {
      hint: `Roles: ${this.list()
        .map((one) => one.name)
        .join(', ')}.`,
    });
  }

  /** All, the predefined ones first. */
  list(): readonly EffectiveRole[] {
    return [...this.#roles.keys()].map((key) => this.effective(key));
  }

  /** As `require`, with all that comes of the role. */
  effective(name: string): EffectiveRole {
    const role = this.require(name);
    return { ...role, effective: this.permissionsOf([role.name]) };
  }

  /** Everything that whoever has these roles may do. Names that are no role grant nothing. */
  permissionsOf(names: readonly string[]): readonly Permission[] {
    return widen(this.#withInherited(names).flatMap((role) => role.permissions));
  }

  /** Whether one of these roles is, or inherits, the role `wanted`. */
  includes(names: readonly string[], wanted: string): boolean {
    return this.#withInherited(names).some((role) => nameKey(role.name) === nameKey(wanted));
  }

  /** Throws `role.not_found` for one that it cannot inherit, `role.cycle` when the role would inherit from itself. */
  checkInherits(name: string, inherits: readonly string[]): void {
    for (const one of inherits) this.require(one);
    if (
      ![...inherits, ...this.#withInherited(inherits).map((role) => role.name)].some(
        (one) => nameKey(one) === nameKey(name),
      )
    )
      return;
    throw new AppError('role.cycle', `The role '${name}' would inherit from itself.`, {
      hint: `Leave out one of: ${inherits.join(', ')}.`,
      details: { role: name, inherits },
    });
  }

  #withInherited(names: readonly string[]): readonly Role[] {
    const found = new Map<string, Role>();
    const open = [...names];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const role = this.find(name);
      if (role === null || found.has(nameKey(name))) continue;
      found.set(nameKey(name), role);
      open.push(...role.inherits);
    }
    return [...found.values()];
  }
}
