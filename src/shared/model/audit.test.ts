import { describe, expect, it } from 'vitest';
import { AUDIT_TYPES, readAuditType } from './audit.ts';

describe('types of the audit (SPEC §12.3)', () => {
  it('are known by their stored name and their constant form', () => {
    for (const type of AUDIT_TYPES) {
      expect(readAuditType(type)).toEqual({ type });
      expect(readAuditType(type.replace('.', '_').toUpperCase())).toEqual({ type });
    }
  });

  it.each([
    ['auth.login_failed', { type: 'auth.failed' }],
    ['AUTH_LOGIN_FAILED', { type: 'auth.failed' }],
    ['tool.used', { type: 'tool.executed' }],
    ['user.created', { type: 'security.user_created' }],
    ['user.role_assigned', { type: 'security.role_changed', change: 'assigned' }],
    ['USER_ROLE_REVOKED', { type: 'security.role_changed', change: 'revoked' }],
    ['auth_login', null],
    ['constructor', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(readAuditType(text)).toEqual(expected);
  });
});
