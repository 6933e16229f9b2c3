import { describe, expect, it } from 'vitest';
import { BASE_PERMISSIONS, type Permission } from '../../../shared/model/access.ts';
import { readPermission, widen } from './permissions.ts';

describe('names of permissions', () => {
  it.each<readonly [string, readonly Permission[] | null]>([
    ['workflow:read', ['workflow:read']],
    ['tool:read', ['tool:read']],
    ['workflow:write', ['workflow:create', 'workflow:edit']],
    ['tool:write', ['tool:configure']],
    ['tool:execute', ['tool:use']],
    ['admin:*', BASE_PERMISSIONS],
    ['*', BASE_PERMISSIONS],
    ['approval:*', ['approval:request', 'approval:approve', 'approval:reject']],
    ['tool:*', ['tool:use', 'tool:configure', 'tool:read']],
    ['user:*', ['user:manage', 'user:read', 'user:write']],
    ['agent:*', ['agent:read', 'agent:write']],
    ['WORKFLOW_READ', ['workflow:read']],
    ['WORKFLOW_WRITE', ['workflow:create', 'workflow:edit']],
    ['APPROVAL_APPROVE', ['approval:approve']],
    ['ADMIN_*', BASE_PERMISSIONS],
    ['workflow', null],
    ['workflow:', null],
    ['workflow:fly', null],
    [':*', null],
    ['nothing:*', null],
    ['Workflow_Read', null],
    ['__proto__', null],
    ['', null],
  ])('%s', (written, meant) => {
    expect(readPermission(written)).toEqual(meant);
  });

  it.each<readonly [Permission, readonly Permission[]]>([
    ['workflow:read', ['workflow:read', 'tool:read', 'agent:read']],
    ['user:manage', ['user:manage', 'user:read', 'user:write']],
    ['role:manage', ['role:manage', 'user:read']],
    ['tool:configure', ['tool:configure', 'agent:write']],
    ['tool:use', ['tool:use']],
    ['tool:read', ['tool:read']],
    ['agent:read', ['agent:read']],
    ['user:read', ['user:read']],
    ['user:write', ['user:write']],
    ['agent:write', ['agent:write']],
  ])('%s comes to what it is and what is part of it, never to what it is part of', (granted, held) => {
    expect(widen([granted])).toEqual(held);
  });
});
