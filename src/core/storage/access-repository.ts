import type { Statement } from 'better-sqlite3';
import type { ApiToken, CallContext, Permission, Role, Session, User } from '../../shared/model/access.ts';
import type { Connection } from './database.ts';

/** A user as it is stored: also what nobody is shown. Instants are UTC ms. */
export interface StoredUser extends Omit<User, 'roles' | 'hasPassword'> {
  /** Under which the name is unique. */
  readonly usernameKey: string;
  /** The hash of the password with what it was made with; null = none. */
  readonly password: string | null;
  /** Wrong passwords in a row. */
  readonly failures: number;
  readonly lockedUntil: number | null;
  /** Null = the user is there. */
  readonly removedAt: number | null;
}

interface UserRow {
  user_id: string;
  username: string;
  username_key: string;
  email: string | null;
  is_active: number;
  metadata: string;
  password: string | null;
  failures: number;
  locked_until: number | null;
  created_at: number;
  updated_at: number;
  last_login_at: number | null;
  removed_at: number | null;
}

/** Users, their roles, the project's own roles, and what is known of sessions and tokens. */
export class AccessRepository {
  readonly #db: Connection;
  readonly #users: Statement;
  readonly #saveUser: Statement;
  readonly #roles: Statement;
  readonly #saveRole: Statement;
  readonly #dropRole: Statement;
  readonly #assigned: Statement;
  readonly #assign: Statement;
  readonly #revoke: Statement;
  readonly #sessions: Statement;
  readonly #findSession: Statement;
  readonly #addSession: Statement;
  readonly #noteSessionUse: Statement;
  readonly #dropSession: Statement;
  readonly #endSession: Statement;
  readonly #dropSessionsOf: Statement;
  readonly #dropOldSessions: Statement;
  readonly #tokens: Statement;
  readonly #findToken: Statement;
  readonly #addToken: Statement;
  readonly #noteTokenUse: Statement;
  readonly #dropToken: Statement;
  readonly #dropTokensOf: Statement;

  constructor(db: Connection) {
    this.#db = db;
    this.#users = db.prepare('SELECT * FROM users ORDER BY created_at, user_id');
    this.#saveUser =
      db.prepare(`INSERT INTO users(user_id, username, username_key, email, is_active, metadata, password, failures, locked_until, created_at, updated_at, last_login_at, removed_at)
      VALUES (@id, @username, @usernameKey, @email, @isActive, @metadata, @password, @failures, @lockedUntil, @createdAt, @updatedAt, @lastLoginAt, @removedAt)
      ON CONFLICT(user_id) DO UPDATE SET email = @email, is_active = @isActive, metadata = @metadata, password = @password, failures = @failures,
      locked_until = @lockedUntil, updated_at = @updatedAt, last_login_at = @lastLoginAt, removed_at = @removedAt`);
    this.#roles = db.prepare('SELECT name, description, permissions, inherits FROM roles ORDER BY role_key');
    this.#saveRole = db.prepare(
      'INSERT OR REPLACE INTO roles(role_key, name, description, permissions, inherits) VALUES (?, ?, ?, ?, ?)',
    );
    this.#dropRole = db.prepare('DELETE FROM roles WHERE role_key = ?');
    this.#assigned = db.prepare('SELECT user_id, role_key FROM user_roles ORDER BY user_id, role_key');
    this.#assign = db.prepare('INSERT OR IGNORE INTO user_roles(user_id, role_key) VALUES (?, ?)');
    this.#revoke = db.prepare('DELETE FROM user_roles WHERE user_id = ? AND role_key = ?');
    this.#sessions = db.prepare('SELECT * FROM sessions WHERE ended_at IS NULL ORDER BY used_at DESC, session_id');
    this.#findSession = db.prepare('SELECT * FROM sessions WHERE hash = ?');
    this.#addSession = db.prepare(
      'INSERT INTO sessions(session_id, hash, user_id, door, by_link, opened_at, used_at) VALUES (@id, @hash, @userId, @door, @byLink, @openedAt, @openedAt)',
    );
    this.#noteSessionUse = db.prepare(
      'UPDATE sessions SET used_at = @at, source_ip = coalesce(source_ip, @sourceIp), user_agent = coalesce(user_agent, @userAgent) WHERE session_id = @id',
    );
    this.#dropSession = db.prepare('DELETE FROM sessions WHERE session_id = ?');
    this.#endSession = db.prepare(
      'UPDATE sessions SET ended_at = ? WHERE session_id = ? AND by_link = 1 AND ended_at IS NULL',
    );
    this.#dropSessionsOf = db.prepare('DELETE FROM sessions WHERE user_id = ? AND by_link <= ?');
    this.#dropOldSessions = db.prepare(
      'DELETE FROM sessions WHERE opened_at <= ? OR (used_at <= ? AND ended_at IS NULL)',
    );
    const token =
      'token_id AS id, user_id AS userId, name, permissions, created_at AS createdAt, last_used_at AS lastUsedAt FROM api_tokens';
    this.#tokens = db.prepare(`SELECT ${token} ORDER BY created_at, token_id`);
    this.#findToken = db.prepare(`SELECT ${token} WHERE hash = ?`);
    this.#addToken = db.prepare(
      'INSERT INTO api_tokens(token_id, hash, user_id, name, permissions, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#noteTokenUse = db.prepare('UPDATE api_tokens SET last_used_at = ? WHERE token_id = ?');
    this.#dropToken = db.prepare('DELETE FROM api_tokens WHERE token_id = ?');
    this.#dropTokensOf = db.prepare('DELETE FROM api_tokens WHERE user_id = ?');
  }

  /** All of it or nothing: what `change` does when it throws is undone. */
  inOne<T>(change: () => T): T {
    return this.#db.transaction(change).immediate();
  }

  /** All there ever were, the removed ones too, oldest first. */
  users(): readonly StoredUser[] {
    return (this.#users.all() as UserRow[]).map(toUser);
  }

  /** Adds the user, or stores what has changed of one: the name stays. */
  saveUser(user: StoredUser): void {
    const { isActive, metadata } = user;
    this.#saveUser.run({ ...user, isActive: isActive ? 1 : 0, metadata: JSON.stringify(metadata) });
  }

  /** The project's own roles. */
  roles(): readonly Role[] {
    return (this.#roles.all() as { name: string; description: string; permissions: string; inherits: string }[]).map(
      (row) => ({
        name: row.name,
        description: row.description,
        permissions: JSON.parse(row.permissions) as Permission[],
        inherits: JSON.parse(row.inherits) as string[],
        isPredefined: false,
      }),
    );
  }

  /** Adds or replaces the role of this key. */
  saveRole(key: string, role: Pick<Role, 'name' | 'description' | 'permissions' | 'inherits'>): void {
    const { name, description, permissions, inherits } = role;
    this.#saveRole.run(key, name, description, JSON.stringify(permissions), JSON.stringify(inherits));
  }

  dropRole(key: string): void {
    this.#dropRole.run(key);
  }

  /** Keys of the roles of each user. */
  assignedRoles(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const row of this.#assigned.all() as { user_id: string; role_key: string }[])
      found.set(row.user_id, [...(found.get(row.user_id) ?? []), row.role_key]);
    return found;
  }

  assign(userId: string, roleKey: string): void {
    this.#assign.run(userId, roleKey);
  }

  revoke(userId: string, roleKey: string): void {
    this.#revoke.run(userId, roleKey);
  }

  /** Used last first, also those whose time is over; not those that were ended. */
  sessions(): readonly Session[] {
    return (this.#sessions.all() as SessionRow[]).map(toSession);
  }

  /** The session that is kept under this hash, or null. */
  findSession(hash: string): (Session & { readonly isEnded: boolean }) | null {
    const row = this.#findSession.get(hash) as SessionRow | undefined;
    return row === undefined ? null : { ...toSession(row), isEnded: row.ended_at !== null };
  }

  addSession(hash: string, session: Omit<Session, 'usedAt' | 'from'>): void {
    this.#addSession.run({ ...session, hash, byLink: session.byLink ? 1 : 0 });
  }

  /** It is used now; from where is noted once. */
  noteSessionUse(id: string, at: number, from: CallContext | null): void {
    this.#noteSessionUse.run({ id, at, sourceIp: from?.sourceIp ?? null, userAgent: from?.userAgent ?? null });
  }

  /** Ends it; one that came by a link stays known as ended. False when there was none. */
  endSession(id: string, at: number): boolean {
    return this.#endSession.run(at, id).changes > 0 || this.#dropSession.run(id).changes > 0;
  }

  /** Those opened or used last at these instants or before; ended ones by the first alone. */
  dropOldSessions({ openedUntil, usedUntil }: { readonly openedUntil: number; readonly usedUntil: number }): void {
    this.#dropOldSessions.run(openedUntil, usedUntil);
  }

  /** Oldest first. */
  tokens(): readonly ApiToken[] {
    return (this.#tokens.all() as TokenRow[]).map(toToken);
  }

  /** The token of whose secret this is the hash, or null. */
  findToken(hash: string): ApiToken | null {
    const row = this.#findToken.get(hash) as TokenRow | undefined;
    return row === undefined ? null : toToken(row);
  }

  addToken(hash: string, token: Omit<ApiToken, 'lastUsedAt'>): void {
    const { id, userId, name, permissions, createdAt } = token;
    this.#addToken.run(id, hash, userId, name, JSON.stringify(permissions), createdAt);
  }

  noteTokenUse(id: string, at: number): void {
    this.#noteTokenUse.run(at, id);
  }

  /** False when there was none. */
  dropToken(id: string): boolean {
    return this.#dropToken.run(id).changes > 0;
  }

  /** All that lets somebody else act as this user from now on: what its password has opened; where asked, tokens and what stands of links too. */
  dropKeysOf(userId: string, { tokens }: { readonly tokens: boolean }): void {
    this.#dropSessionsOf.run(userId, tokens ? 1 : 0);
    if (tokens) this.#dropTokensOf.run(userId);
  }
}

interface SessionRow {
  session_id: string;
  user_id: string;
  door: Session['door'];
  by_link: number;
  source_ip: string | null;
  user_agent: string | null;
  opened_at: number;
  used_at: number;
  ended_at: number | null;
}

const toSession = (row: SessionRow): Session => ({
  id: row.session_id,
  userId: row.user_id,
  door: row.door,
  openedAt: row.opened_at,
  usedAt: row.used_at,
  byLink: row.by_link === 1,
  from: row.source_ip === null ? null : { sourceIp: row.source_ip, userAgent: row.user_agent },
});

type TokenRow = Omit<ApiToken, 'permissions'> & { readonly permissions: string };

const toToken = (row: TokenRow): ApiToken => ({ ...row, permissions: JSON.parse(row.permissions) as Permission[] });

const toUser = (row: UserRow): StoredUser => ({
  id: row.user_id,
  username: row.username,
  usernameKey: row.username_key,
  email: row.email,
  isActive: row.is_active === 1,
  metadata: JSON.parse(row.metadata) as Record<string, string>,
  password: row.password,
  failures: row.failures,
  lockedUntil: row.locked_until,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  lastLoginAt: row.last_login_at,
  removedAt: row.removed_at,
});
