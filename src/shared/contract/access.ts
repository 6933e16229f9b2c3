import { z } from 'zod';
import type { ApiToken, EffectiveRole, Permission, Session, User } from '../model/access.ts';
import { hiding, operation } from './operation.ts';

/** What an operation of the contract needs of whoever asks for it. */
export interface OperationNeed {
  /** Null = nothing: signing in and out. */
  readonly permission: Permission | null;
  /** False = it only looks. */
  readonly changes: boolean;
}

/** Whoever asks, as the check knows him. */
export interface Me {
  readonly user: User;
  /** All that he may do at this door, narrow names included. */
  readonly permissions: readonly Permission[];
  /** Every operation by its name, out of the contract: a screen says by it why a button is off before it is pressed. */
  readonly needs: Readonly<Record<string, OperationNeed>>;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]*$/u;
/** A name of a user or a role that is to be made. */
const newNameField = z
  .string()
  .max(64)
  .regex(NAME, 'Only letters, digits, blanks and . _ @ + -, the first of them a letter or a digit');
/** A name that is looked up, as the system may have given it. */
const nameField = z.string().min(1).max(200);
/** In any name that SPEC §12.1 accepts. */
const permissionsField = z.array(z.string().min(1).max(60)).max(100);
const namesField = z.array(nameField).max(50);
const passwordField = z.string().min(8).max(1024);
const emailField = z.email().max(254).nullable();
const metadataField = z
  .record(
    z
      .string()
      .max(100)
      .regex(/^[A-Za-z0-9_.-]+$/),
    z.string().max(1000),
  )
  .refine((map) => Object.keys(map).length <= 50 && !Object.hasOwn(map, '__proto__'), 'holds too much');
const idField = z.string().regex(/^[0-9a-f]{16}$/);

/** What can be done about users, roles, sessions and tokens. */
export const accessOperations = {
  /** Who I am here, and what I may do. */
  'access.me': operation<Me>()(z.strictObject({}), 'workflow:read'),
  /** Opens a session with a password; `token` is said this once. Nobody is known before it. */
  'sessions.open': hiding(
    ['password'],
    operation<{ readonly token: string; readonly userId: string }>()(
      z.strictObject({ username: nameField, password: z.string().max(1024) }),
      null,
      'auth.login',
    ),
  ),
  /** Ends the session of this secret, if there is one: whoever has it may. */
  'sessions.close': hiding(
    ['token'],
    operation<null>()(z.strictObject({ token: z.string().max(200) }), null, 'auth.logout'),
  ),
  'sessions.list': operation<{ readonly sessions: readonly Session[] }>()(z.strictObject({}), 'user:manage'),
  'sessions.revoke': operation<null>()(z.strictObject({ id: idField }), 'user:manage', 'auth.logout'),
  'users.list': operation<{ readonly users: readonly User[] }>()(z.strictObject({}), 'user:read'),
  /** With roles it needs `role:manage` too. */
  'users.create': hiding(
    ['password'],
    operation<User>()(
      z.strictObject({
        username: newNameField,
        email: emailField.default(null),
        metadata: metadataField.default({}),
        roles: namesField.default([]),
        password: passwordField.nullable().default(null),
      }),
      'user:write',
      'security.user_created',
      ({ roles }) => (roles.length > 0 ? ['role:manage'] : []),
    ),
  ),
  'users.edit': operation<User>()(
    z.strictObject({ username: nameField, email: emailField.optional(), metadata: metadataField.optional() }),
    'user:write',
    'user.updated',
  ),
  'users.setPassword': hiding(
    ['password'],
    operation<User>()(z.strictObject({ username: nameField, password: passwordField }), 'user:manage', 'user.updated'),
  ),
  'users.setActive': operation<User>()(
    z.strictObject({ username: nameField, isActive: z.boolean() }),
    'user:manage',
    'user.updated',
  ),
  'users.remove': operation<null>()(z.strictObject({ username: nameField }), 'user:manage', 'user.deleted'),
  'tokens.list': operation<{ readonly tokens: readonly ApiToken[] }>()(z.strictObject({}), 'user:manage'),
  /** `secret` is said this once. */
  'tokens.create': operation<{ readonly token: ApiToken; readonly secret: string }>()(
    z.strictObject({ username: nameField, name: newNameField, permissions: permissionsField.min(1) }),
    'user:manage',
    'user.updated',
  ),
  'tokens.revoke': operation<null>()(z.strictObject({ id: idField }), 'user:manage', 'user.updated'),
  'roles.list': operation<{ readonly roles: readonly EffectiveRole[] }>()(z.strictObject({}), 'user:read'),
  'roles.create': operation<EffectiveRole>()(
    z.strictObject({
      name: newNameField,
      description: z.string().max(500).default(''),
      permissions: permissionsField.default([]),
      inherits: namesField.default([]),
    }),
    'role:manage',
    'security.role_changed',
  ),
  'roles.edit': operation<EffectiveRole>()(
    z.strictObject({
      name: nameField,
      description: z.string().max(500).optional(),
      add: permissionsField.default([]),
      remove: permissionsField.default([]),
      inherits: namesField.optional(),
    }),
    'role:manage',
    'security.role_changed',
  ),
  'roles.delete': operation<null>()(z.strictObject({ name: nameField }), 'role:manage', 'security.role_changed'),
  'roles.assign': operation<User>()(
    z.strictObject({ username: nameField, role: nameField }),
    'role:manage',
    'security.role_changed',
  ),
  'roles.revoke': operation<User>()(
    z.strictObject({ username: nameField, role: nameField }),
    'role:manage',
    'security.role_changed',
  ),
} as const;
