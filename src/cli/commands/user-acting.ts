import type { ApiToken, User } from '../../shared/model/access.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine } from '../text/plain-text.ts';
import { table } from '../text/table.ts';
import { isoTime, localTime } from '../text/time-text.ts';

/** A user in the words of SPEC §12.1. */
export const userJson = (user: User): Readonly<Record<string, unknown>> => ({
  id: user.id,
  username: user.username,
  email: user.email,
  roles: user.roles.toSorted(),
  is_active: user.isActive,
  metadata: user.metadata,
  created_at: isoTime(user.createdAt),
  updated_at: isoTime(user.updatedAt),
  last_login_at: isoTime(user.lastLoginAt),
  has_password: user.hasPassword,
});

/** One line about a user. */
export const userText = (user: User): string =>
  `${oneLine(user.username)}: ${user.roles.map(oneLine).join(', ') || 'no role'}${user.isActive ? '' : ' (disabled)'}`;

async function actOn(context: CliContext, act: (client: OpenClient) => Promise<User>): Promise<ExitCode> {
  const user = await withClient(context, act);
  print(context, userJson(user), () => userText(user));
  return EXIT.ok;
}

/** `user list`. */
export async function listUsers(context: CliContext): Promise<ExitCode> {
  const { users } = await withClient(context, (client) => client.call('users.list', {}));
  print(context, { users: users.map(userJson), count: users.length }, () =>
    table(
      ['USER', 'ROLES', 'STATE', 'EMAIL', 'LAST SIGN-IN'],
      users.map((user) => [
        oneLine(user.username),
        user.roles.map(oneLine).join(', '),
        user.isActive ? 'active' : 'disabled',
        oneLine(user.email ?? ''),
        user.lastLoginAt === null ? '' : localTime(user.lastLoginAt),
      ]),
      { width: context.terminal.outWidth, giving: [] },
    ),
  );
  return EXIT.ok;
}

/** `user add NAME`. */
export const addUserNamed = (
  context: CliContext,
  username: string,
  { email, role = [] }: { readonly email?: string; readonly role?: readonly string[] },
): Promise<ExitCode> =>
  actOn(context, (client) => client.call('users.create', { username, email: email ?? null, roles: [...role] }));

/** `user edit NAME`. */
export function editUser(
  context: CliContext,
  username: string,
  { email, enable }: { readonly email?: string; readonly enable?: boolean },
): Promise<ExitCode> {
  if (email === undefined && enable !== true)
    throw usageError('Nothing was said to change', "Give '--email ADDRESS' or '--enable'.");
  return actOn(context, async (client) => {
    const edited = email === undefined ? null : await client.call('users.edit', { username, email });
    return enable === true || edited === null ? client.call('users.setActive', { username, isActive: true }) : edited;
  });
}

/** `user disable NAME`. */
export const disableUser = (context: CliContext, username: string): Promise<ExitCode> =>
  actOn(context, (client) => client.call('users.setActive', { username, isActive: false }));

/** `user remove NAME`. */
export async function removeUser(context: CliContext, username: string): Promise<ExitCode> {
  await withClient(context, (client) => client.call('users.remove', { username }));
  print(context, { removed: username }, () => `Removed ${oneLine(username)}.`);
  return EXIT.ok;
}

const LEAST_LENGTH = 8;

/** `user passwd NAME`: the password never stands in an argument list. */
export async function setUserPassword(context: CliContext, username: string): Promise<ExitCode> {
  const password = await context.readSecret(`New password of ${oneLine(username)}: `);
  if (password.length < LEAST_LENGTH) throw usageError(`A password has at least ${LEAST_LENGTH} characters`);
  return actOn(context, (client) => client.call('users.setPassword', { username, password }));
}

interface TokenFlags {
  readonly permission?: readonly string[];
  readonly name: string;
  readonly list?: boolean;
  readonly revoke?: string;
}

/** `user token NAME`. */
export async function keepTokens(context: CliContext, username: string, flags: TokenFlags): Promise<ExitCode> {
  const { permission = [], name, list, revoke } = flags;
  if (list === true) return listTokens(context, username);
  if (revoke !== undefined) return revokeToken(context, username, revoke);
  if (permission.length === 0)
    throw usageError('A token needs what it carries', "Give '--permission workflow:read', also several times.");
  const made = await withClient(context, (client) =>
    client.call('tokens.create', { username, name, permissions: [...permission] }),
  );
  print(
    context,
    { ...tokenJson(made.token), token: made.secret },
    () => `${made.secret}\nKeep it: it is shown this once. Set AIWORKFLOW_TOKEN to act by it.`,
  );
  return EXIT.ok;
}

const tokenJson = (token: ApiToken): Readonly<Record<string, unknown>> => ({
  id: token.id,
  user_id: token.userId,
  name: token.name,
  permissions: token.permissions.toSorted(),
  created_at: isoTime(token.createdAt),
  last_used_at: isoTime(token.lastUsedAt),
});

async function tokensOf(client: OpenClient, username: string): Promise<readonly ApiToken[]> {
  const { users } = await client.call('users.list', {});
  const user = users.find((one) => one.username.toLowerCase() === username.toLowerCase());
  if (user === undefined) throw usageError(`There is no user '${username}'`, "See 'aiworkflow user list'.");
  return (await client.call('tokens.list', {})).tokens.filter((one) => one.userId === user.id);
}

async function listTokens(context: CliContext, username: string): Promise<ExitCode> {
  const tokens = await withClient(context, (client) => tokensOf(client, username));
  print(context, { tokens: tokens.map(tokenJson), count: tokens.length }, () =>
    tokens.length === 0
      ? 'No tokens.'
      : tokens.map((one) => `${one.id}  ${oneLine(one.name)}: ${one.permissions.join(', ')}`).join('\n'),
  );
  return EXIT.ok;
}

async function revokeToken(context: CliContext, username: string, id: string): Promise<ExitCode> {
  await withClient(context, async (client) => {
    const tokens = await tokensOf(client, username);
    if (!tokens.some((one) => one.id === id))
      throw usageError(`${username} has no token '${id}'`, `See 'aiworkflow user token ${username} --list'.`);
    await client.call('tokens.revoke', { id });
  });
  print(context, { revoked: id }, () => `Revoked ${id}.`);
  return EXIT.ok;
}
