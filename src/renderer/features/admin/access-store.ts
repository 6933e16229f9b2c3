import type { OperationName } from '../../../shared/contract/index.ts';
import type { ApiToken, EffectiveRole, Session, User } from '../../../shared/model/access.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { missingNow } from '../../client/rights.ts';

/** Users and roles of the project; sessions and tokens are null for whoever may not see them. */
export interface AccessNow {
  readonly users: readonly User[];
  readonly roles: readonly EffectiveRole[];
  readonly sessions: readonly Session[] | null;
  readonly tokens: readonly ApiToken[] | null;
}

const may = (operation: OperationName): boolean => missingNow(operation) === null;

export const accessNow = createLiveQuery<AccessNow>({
  ask: async () => {
    const [{ users }, { roles }, sessions, tokens] = await Promise.all([
      call('users.list', {}),
      call('roles.list', {}),
      may('sessions.list') ? call('sessions.list', {}) : null,
      may('tokens.list') ? call('tokens.list', {}) : null,
    ]);
    return { users, roles, sessions: sessions?.sessions ?? null, tokens: tokens?.tokens ?? null };
  },
  dueOn: ({ kind }) => (kind === 'access' ? 'now' : null),
});

/** The newest sign of a user, as far as it can be seen: a sign-in, the use of a session or of a token. UTC ms. */
export function lastSeen({ id, lastLoginAt }: User, { sessions, tokens }: AccessNow): number | null {
  const signs = [
    lastLoginAt,
    ...(sessions ?? []).filter(({ userId }) => userId === id).map(({ usedAt }) => usedAt),
    ...(tokens ?? []).filter(({ userId }) => userId === id).map(({ lastUsedAt }) => lastUsedAt),
  ].filter((at) => at !== null);
  return signs.length === 0 ? null : Math.max(...signs);
}
