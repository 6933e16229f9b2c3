import type { OperationName } from '../../shared/contract/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

type AccessOperation = Extract<OperationName, `${'access' | 'users' | 'roles' | 'sessions' | 'tokens'}.${string}`>;

/** The use cases of users, roles, sessions and tokens (SPEC §12.1). What a user armed who is switched off stands paused. */
export function accessHandlers({ access, triggers }: ProjectSession): HandlersOf<AccessOperation> {
  const { directory, users, roles, signIn, tokens } = access;
  return {
    'access.me': (_input, { id }, permissions) => ({ user: directory.view(id), permissions: [...permissions] }),
    'sessions.open': (input, { door }) => signIn.open(input, door),
    'sessions.close': ({ token }) => done(signIn.close(token)),
    'sessions.list': () => ({ sessions: signIn.list() }),
    'sessions.revoke': ({ id }) => done(signIn.revoke(id)),
    'users.list': () => ({ users: directory.list() }),
    'users.create': (draft) => users.create(draft),
    'users.edit': ({ username, ...change }) => users.edit(username, change),
    'users.setPassword': ({ username, password }) => users.setPassword(username, password),
    'users.setActive': async ({ username, isActive }) => {
      const user = users.setActive(username, isActive);
      await triggers.registry.refresh();
      return user;
    },
    'users.remove': async ({ username }) => {
      users.remove(username);
      await triggers.registry.refresh();
      return null;
    },
    'tokens.list': () => ({ tokens: tokens.list() }),
    'tokens.create': ({ username, ...draft }) => tokens.create(username, draft),
    'tokens.revoke': ({ id }) => done(tokens.revoke(id)),
    'roles.list': () => ({ roles: directory.book.list() }),
    'roles.create': (draft) => roles.create(draft),
    'roles.edit': ({ name, ...change }) => roles.edit(name, change),
    'roles.delete': ({ name }) => done(roles.delete(name)),
    'roles.assign': ({ username, role }) => roles.assign(username, role),
    'roles.revoke': ({ username, role }) => roles.revoke(username, role),
  };
}

const done = (_: void): null => null;
