import {
  type LiveEvent,
  OPERATIONS,
  type Operation,
  type OperationName,
  type OperationNeed,
} from '../../shared/contract/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

type AccessOperation = Extract<OperationName, `${'access' | 'users' | 'roles' | 'sessions' | 'tokens'}.${string}`>;

/** Reading the audit is written down although it changes nothing (SPEC §12.3). */
const needOf = ({ permission, audit }: Operation): OperationNeed => ({
  permission,
  changes: audit !== 'reads' && permission !== 'audit:read',
});

const NEEDS: Readonly<Record<string, OperationNeed>> = Object.fromEntries(
  Object.entries(OPERATIONS).map(([name, operation]) => [name, needOf(operation)]),
);

/**
 * The use cases of users, roles, sessions and tokens (SPEC §12.1). What a user armed who is switched off stands paused. `publish` tells the
 * screens of every change.
 */
export function accessHandlers(
  { access, triggers }: ProjectSession,
  publish: (event: LiveEvent) => void,
): HandlersOf<AccessOperation> {
  const { directory, users, roles, signIn, tokens } = access;
  /** The outcome of a change, told. */
  const told = <T>(outcome: T): T => {
    publish({ kind: 'access' });
    return outcome;
  };
  return {
    'access.me': (_input, { id }, permissions) => ({
      user: directory.view(id),
      permissions: [...permissions],
      needs: NEEDS,
    }),
    'sessions.open': async (input, { door }) => told(await signIn.open(input, door)),
    'sessions.close': ({ token }) => told(done(signIn.close(token))),
    'sessions.list': () => ({ sessions: signIn.list() }),
    'sessions.revoke': ({ id }) => told(done(signIn.revoke(id))),
    'users.list': () => ({ users: directory.list() }),
    'users.create': async (draft) => told(await users.create(draft)),
    'users.edit': ({ username, ...change }) => told(users.edit(username, change)),
    'users.setPassword': async ({ username, password }) => told(await users.setPassword(username, password)),
    'users.setActive': async ({ username, isActive }) => {
      const user = told(users.setActive(username, isActive));
      await triggers.registry.refresh();
      return user;
    },
    'users.remove': async ({ username }) => {
      told(users.remove(username));
      await triggers.registry.refresh();
      return null;
    },
    'tokens.list': () => ({ tokens: tokens.list() }),
    'tokens.create': ({ username, ...draft }) => told(tokens.create(username, draft)),
    'tokens.revoke': ({ id }) => told(done(tokens.revoke(id))),
    'roles.list': () => ({ roles: directory.book.list() }),
    'roles.create': (draft) => told(roles.create(draft)),
    'roles.edit': ({ name, ...change }) => told(roles.edit(name, change)),
    'roles.delete': ({ name }) => told(done(roles.delete(name))),
    'roles.assign': ({ username, role }) => told(roles.assign(username, role)),
    'roles.revoke': ({ username, role }) => told(roles.revoke(username, role)),
  };
}

const done = (_: void): null => null;
