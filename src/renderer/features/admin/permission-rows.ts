import {
  BASE_PERMISSIONS,
  type BasePermission,
  type EffectiveRole,
  NARROW_PERMISSIONS,
  type NarrowPermission,
  type Permission,
} from '../../../shared/model/access.ts';

export interface PermissionGroup {
  /** Key of its words. */
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** The fourteen, by what they are about, in the order in which a person looks for them. */
const GROUPS = {
  workflows: ['workflow:read', 'workflow:execute', 'workflow:create', 'workflow:edit', 'workflow:delete'],
  tools: ['tool:use', 'tool:configure'],
  approvals: ['approval:request', 'approval:approve', 'approval:reject'],
  people: ['user:manage', 'role:manage', 'config:manage', 'audit:read'],
} as const satisfies Readonly<Record<string, readonly BasePermission[]>>;

export const BASE_GROUPS: readonly PermissionGroup[] = Object.entries(GROUPS).map(([name, permissions]) => ({
  name,
  permissions,
}));

const NARROW = Object.keys(NARROW_PERMISSIONS) as NarrowPermission[];

export const NARROW_GROUP: PermissionGroup = { name: 'narrow', permissions: NARROW };

/** What the matrix shows: the fourteen, and the narrow ones that a role grants by themselves. */
export function matrixGroups(roles: readonly EffectiveRole[]): readonly PermissionGroup[] {
  const granted = NARROW.filter((one) => roles.some(({ permissions }) => permissions.includes(one)));
  return granted.length === 0 ? BASE_GROUPS : [...BASE_GROUPS, { ...NARROW_GROUP, permissions: granted }];
}

/** How a role comes by a permission. */
export type Grant =
  | { readonly kind: 'own' }
  /** From the roles that it includes. */
  | { readonly kind: 'inherited'; readonly from: readonly string[] }
  | { readonly kind: 'none' };

export function grantOf(role: EffectiveRole, permission: Permission, roles: readonly EffectiveRole[]): Grant {
  if (role.permissions.includes(permission)) return { kind: 'own' };
  if (!role.effective.includes(permission)) return { kind: 'none' };
  const from = roles.filter(({ name, effective }) => role.inherits.includes(name) && effective.includes(permission));
  // A narrow one that a wider one of its own brings along.
  return from.length === 0 ? { kind: 'own' } : { kind: 'inherited', from: from.map(({ name }) => name) };
}

/** How many of the fourteen a role comes to. */
export const countBase = ({ effective }: EffectiveRole): number =>
  BASE_PERMISSIONS.filter((permission) => effective.includes(permission)).length;
