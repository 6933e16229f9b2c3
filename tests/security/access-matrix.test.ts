import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessControl } from '../../src/core/governance/index.ts';
import { dispatch } from '../../src/core/operations/index.ts';
import { type AuditDraft, Store } from '../../src/core/storage/index.ts';
import { OPERATIONS, type OperationName, type Permission } from '../../src/shared/contract/index.ts';
import { type Caller, PREDEFINED_ROLES } from '../../src/shared/model/access.ts';
import type { Actor } from '../../src/shared/model/run.ts';

/**
 * Every operation of the contract for every role at every door, and for those who are nobody: by the real users of a real store and the
 * real dispatcher. Written anew here, and not taken from the code, is what the roles of SPEC §12.1 may do.
 */
const MAY: Readonly<Record<string, readonly Permission[]>> = {
  viewer: ['workflow:read', 'tool:read', 'agent:read'],
  executor: ['workflow:read', 'tool:read', 'agent:read', 'workflow:execute', 'tool:use', 'approval:request'],
  developer: [
    'workflow:read',
    'tool:read',
    'agent:read',
    'workflow:execute',
    'tool:use',
    'approval:request',
    'workflow:create',
    'workflow:edit',
    'tool:configure',
    'agent:write',
  ],
  approver: ['workflow:read', 'tool:read', 'agent:read', 'approval:approve', 'approval:reject', 'audit:read'],
};
const DOORS: readonly Actor['door'][] = ['cli', 'socket', 'desktop', 'browser'];
const NAMES = Object.keys(OPERATIONS) as OperationName[];

/** Something that every operation takes, by the words of its schema. */
function sampleOf(schema: unknown): unknown {
  const {
    type,
    anyOf,
    enum: values,
    const: constant,
    properties,
    required,
    minItems,
    items,
    pattern,
    format,
  } = schema as {
    type?: string;
    anyOf?: unknown[];
    enum?: unknown[];
    const?: unknown;
    properties?: Record<string, unknown>;
    required?: string[];
    minItems?: number;
    items?: unknown;
    pattern?: string;
    format?: string;
  };
  if (constant !== undefined) return constant;
  if (values !== undefined) return values[0];
  if (anyOf !== undefined) return sampleOf(anyOf[0]);
  if (type === 'object')
    return Object.fromEntries((required ?? []).map((name) => [name, sampleOf(properties?.[name] ?? {})]));
  if (type === 'array') return Array.from({ length: minItems ?? 0 }, () => sampleOf(items));
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (format === 'email') return 'a@example.org';
  const texts = [
    'a'.repeat(16),
    'A_NAME',
    '0'.repeat(32),
    '0'.repeat(64),
    '00000000-0000-0000',
    `${'0'.repeat(36)}:0`,
    '2026-01-22T09:00:00Z',
    '00:00',
  ];
  return texts.find((text) => pattern === undefined || new RegExp(pattern, 'u').test(text)) ?? 'a'.repeat(16);
}

describe('who may do what', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-matrix-')));
  const store = new Store({
    storeFile: join(folder, 'state.db'),
    logsFile: join(folder, 'logs.db'),
    blobsDir: join(folder, 'blobs'),
    onLog: () => undefined,
    onConversation: () => undefined,
    sync: 'NORMAL',
  });
  let access: AccessControl;
  const credentials = new Map<string, string>();
  const reached: string[] = [];
  /** What the audit was told of refusals. */
  const denials: AuditDraft[] = [];
  const handlers = Object.fromEntries(NAMES.map((name) => [name, () => void reached.push(name)]));
  const ask = (name: OperationName, caller: Caller) =>
    dispatch(
      {
        handlers,
        identify: (who) => access.identify(who),
        audit: (draft) => {
          if (draft.type === 'security.permission_denied') denials.push(draft);
          return { id: '' };
        },
        onBug: (error) => {
          throw error;
        },
      },
      name,
      sampleOf(OPERATIONS[name].input.toJSONSchema({ io: 'input' })),
      caller,
    );
  const callerOf = (who: string, door: Actor['door']): Caller => {
    const credential = credentials.get(who);
    return { kind: 'user', id: 'os', door, ...(credential === undefined ? {} : { credential }) };
  };

  beforeAll(async () => {
    access = await AccessControl.open({
      repository: store.access,
      localUsersFile: join(folder, 'local.json'),
      now: Date.now,
    });
    await access.identify({ kind: 'user', id: 'os', door: 'cli' });
    for (const role of [...PREDEFINED_ROLES, 'none']) {
      const roles = role === 'none' ? [] : [role];
      await access.users.create({ username: `u-${role}`, email: null, metadata: {}, roles, password: null });
      credentials.set(role, access.tokens.create(`u-${role}`, { name: 't', permissions: ['*'] }).secret);
    }
    await access.users.create({ username: 'u-off', email: null, metadata: {}, roles: ['admin'], password: null });
    credentials.set('off', access.tokens.create('u-off', { name: 't', permissions: ['*'] }).secret);
    access.users.setActive('u-off', false);
  });
  afterAll(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(NAMES)('%s', async (name) => {
    const { permission } = OPERATIONS[name];
    for (const door of DOORS) {
      for (const who of ['os', 'admin', 'viewer', 'executor', 'developer', 'approver', 'none', 'off']) {
        const isAdmin = who === 'os' || who === 'admin';
        const may = permission === null || isAdmin || (MAY[who] ?? []).includes(permission);
        reached.length = 0;
        denials.length = 0;
        const answer = await ask(name, callerOf(who, door));
        expect([who, door, answer.ok, reached], JSON.stringify(answer)).toEqual([who, door, may, may ? [name] : []]);
        if (answer.ok) continue;
        const id = `u-${who}`;
        expect(answer.error).toMatchObject({
          code: 'access.denied',
          message: `User ${id} does not have permission ${permission}`,
        });
        expect(denials).toEqual([
          expect.objectContaining({
            userId: id,
            door,
            success: false,
            error: answer.error.message,
            details: { operation: name, permission, code: 'access.denied' },
          }),
        ]);
      }
    }
    if (permission === null) return;
    const engine = await ask(name, { kind: 'system', id: 'engine', door: 'engine' });
    expect(engine).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    const forged = await ask(name, { kind: 'user', id: 'os', door: 'socket', credential: 'aiw_forged' });
    expect(forged).toMatchObject({ ok: false, error: { code: 'access.bad_token' } });
  });

  it('a user with roles is made by whoever may give roles too', async () => {
    const { secret } = access.tokens.create('os', { name: 'hr', permissions: ['user:manage'] });
    const caller: Caller = { kind: 'user', id: 'os', door: 'socket', credential: secret };
    const make = (roles: readonly string[]) =>
      dispatch(
        { handlers, identify: (who) => access.identify(who), onBug: () => undefined, audit: null },
        'users.create',
        { username: 'newcomer', roles },
        caller,
      );
    expect(await make([])).toMatchObject({ ok: true });
    expect(await make(['viewer'])).toMatchObject({
      ok: false,
      error: { message: 'User os does not have permission role:manage' },
    });
  });
});
