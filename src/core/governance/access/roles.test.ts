import { describe, expect, it } from 'vitest';
import { BASE_PERMISSIONS, type Permission, PREDEFINED_ROLES, type Role } from '../../../shared/model/access.ts';
import { RoleBook } from './roles.ts';

const role = (name: string, permissions: readonly Permission[], inherits: readonly string[] = []): Role => ({
  name,
  description: '',
  permissions,
  inherits,
  isPredefined: false,
});

/** SPEC §12.1: rows are permissions, columns viewer, executor, developer, approver, admin. */
const TABLE: Readonly<Record<Permission, string>> = {
  'workflow:read': 'yyyyy',
  'workflow:execute': '.yy.y',
  'workflow:create': '..y.y',
  'workflow:edit': '..y.y',
  'workflow:delete': '....y',
  'tool:use': '.yy.y',
  'tool:configure': '..y.y',
  'user:manage': '....y',
  'role:manage': '....y',
  'config:manage': '....y',
  'audit:read': '...yy',
  'approval:request': '.yy.y',
  'approval:approve': '...yy',
  'approval:reject': '...yy',
  'tool:read': 'yyyyy',
  'agent:read': 'yyyyy',
  'user:read': '....y',
  'user:write': '....y',
  'agent:write': '..y.y',
};

describe('roles', () => {
  const rows = Object.entries(TABLE) as [Permission, string][];
  const book = new RoleBook([]);

  it('there are fourteen base permissions', () => {
    expect(BASE_PERMISSIONS).toHaveLength(14);
  });

  it.each(
    rows.flatMap(([permission, row]) =>
      PREDEFINED_ROLES.map((name, at) => [permission, name, row[at] === 'y'] as const),
    ),
  )('%s for %s: %s', (permission, name, isGranted) => {
    expect(book.permissionsOf([name]).includes(permission)).toBe(isGranted);
  });

  it('an own role has what it grants, what it inherits and what those inherit, in any case of the names', () => {
    const own = new RoleBook([role('Releaser', ['audit:read'], ['EXECUTOR']), role('lead', [], ['releaser'])]);
    expect(own.permissionsOf(['LEAD'])).toEqual([
      'workflow:read',
      'workflow:execute',
      'tool:use',
      'audit:read',
      'approval:request',
      'tool:read',
      'agent:read',
    ]);
    expect(own.includes(['lead'], 'viewer')).toBe(true);
    expect(own.includes(['lead'], 'admin')).toBe(false);
  });

  it('a role that inherits from itself, over however many others, is refused', () => {
    const own = new RoleBook([role('a', [], ['b']), role('b', [], ['c']), role('c', [])]);
    expect(() => own.checkInherits('C', ['A'])).toThrow(expect.objectContaining({ code: 'role.cycle' }));
    expect(() => own.checkInherits('a', ['a'])).toThrow(expect.objectContaining({ code: 'role.cycle' }));
    expect(() => own.checkInherits('new', ['NEW'])).toThrow(expect.objectContaining({ code: 'role.not_found' }));
    expect(() => own.checkInherits('c', ['viewer'])).not.toThrow();
  });

  it('a circle that is stored nevertheless ends, and a role that is gone grants nothing', () => {
    const own = new RoleBook([role('a', ['tool:use'], ['b']), role('b', ['audit:read'], ['a', 'gone'])]);
    expect(own.permissionsOf(['a'])).toEqual(['tool:use', 'audit:read']);
    expect(own.permissionsOf(['gone', '__proto__'])).toEqual([]);
  });
});
