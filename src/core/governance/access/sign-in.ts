import { AppError } from '../../../shared/errors.ts';
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS, type Session } from '../../../shared/model/access.ts';
import type { Actor } from '../../../shared/model/run.ts';
import { createTurns } from '../../../shared/turns.ts';
import { randomHex, sha256Hex } from '../../crypto/index.ts';
import { type AccessRepository, translateStoreError } from '../../storage/index.ts';
import type { AccessParts, Directory } from './directory.ts';
import { isPassword } from './passwords.ts';
import { nameKey } from './roles.ts';

/** So many wrong passwords in a row lock a name … */
export const MOST_FAILURES = 5;
/** … for this long (SPEC §12.1). */
export const LOCK_MS = 15 * 60_000;
/** Passwords that may wait to be looked at, one after the other; beyond it sign-ins are refused. */
const MOST_WAITING = 50;
/** Names of nobody whose failures are remembered. */
const MOST_UNKNOWN = 1_000;

interface Tries {
  readonly failures: number;
  readonly lockedUntil: number | null;
}

/**
 * Signs users in by their password. Invariants: a try counts as failed before the password is looked at, so that many at once do not get
 * more tries; names of nobody are locked like those of users.
 */
export class SignIn {
  readonly #directory: Directory;
  readonly #repository: AccessRepository;
  readonly #now: () => number;
  readonly #unknown = new Map<string, Tries>();
  readonly #inTurn = createTurns();
  #waiting = 0;

  constructor({ directory, repository, now }: AccessParts) {
    this.#directory = directory;
    this.#repository = repository;
    this.#now = now;
  }

  /** Opens a session; its secret is known to whoever signed in alone. Errors: `access.bad_credentials`, `access.locked`. */
  async open(
    { username, password }: { readonly username: string; readonly password: string },
    door: Actor['door'],
  ): Promise<{ readonly token: string; readonly userId: string }> {
    // What is not looked at is no try: a storm on other names locks nobody.
    if (this.#waiting >= MOST_WAITING)
      throw new AppError('access.locked', 'Too many people sign in at once.', { hint: 'Try again in a minute.' });
    this.#countTry(username);
    const isRight = await this.#look(password, this.#directory.byName(username)?.password ?? null);
    const user = this.#directory.byName(username);
    if (!isRight || user === null || !user.isActive)
      throw new AppError('access.bad_credentials', 'The user name or the password is not right.', {
        hint: `After ${MOST_FAILURES} wrong passwords a name is locked for ${LOCK_MS / 60_000} minutes.`,
      });
    const at = this.#now();
    const token = randomHex(32);
    this.#directory.change((repository) => {
      repository.saveUser({ ...user, failures: 0, lockedUntil: null, lastLoginAt: at });
      this.#dropOld(repository, at);
      repository.addSession(sha256Hex(token), { id: randomHex(8), userId: user.id, door, byLink: false, openedAt: at });
    });
    return { token, userId: user.id };
  }

  /** The session of this secret, as long as it lives. */
  find(token: string): Session | null {
    const session = this.#repository.findSession(sha256Hex(token));
    return session !== null && isLive(session, this.#now()) ? session : null;
  }

  /**
   * The session that a door has opened for whoever came by a one-time link, written down when it is met first. The door says for how long it
   * lives; null = somebody has ended it here.
   */
  meet(link: string, { userId, door }: Pick<Session, 'userId' | 'door'>): Session | null {
    const hash = `link ${sha256Hex(link)}`;
    const known = this.#repository.findSession(hash);
    if (known !== null) return known.isEnded ? null : known;
    const openedAt = this.#now();
    const session = { id: randomHex(8), userId, door, byLink: true, openedAt };
    unlessFull(() => {
      this.#dropOld(this.#repository, openedAt);
      this.#repository.addSession(hash, session);
    });
    return { ...session, usedAt: openedAt, from: null };
  }

  /** All that live, used last first. */
  list(): readonly Session[] {
    return this.#repository.sessions().filter((session) => isLive(session, this.#now()));
  }

  /** Ends the session of this secret; one that is none changes nothing. */
  close(token: string): void {
    const session = this.#repository.findSession(sha256Hex(token));
    if (session !== null) this.#directory.change((repository) => repository.endSession(session.id, this.#now()));
  }

  /** Ends a session. Error: `session.not_found`. */
  revoke(id: string): void {
    if (!this.#directory.change((repository) => repository.endSession(id, this.#now())))
      throw new AppError('session.not_found', 'There is no such session, or it has ended.', { details: { id } });
  }

  #dropOld(repository: AccessRepository, at: number): void {
    repository.dropOldSessions({ openedUntil: at - SESSION_ABSOLUTE_MS, usedUntil: at - SESSION_IDLE_MS });
  }

  #countTry(username: string): void {
    const now = this.#now();
    const user = this.#directory.byName(username);
    const key = nameKey(username);
    const before = user ?? this.#unknown.get(key) ?? { failures: 0, lockedUntil: null };
    if (before.lockedUntil !== null && before.lockedUntil > now)
      throw new AppError('access.locked', 'There were too many wrong passwords for this name.', {
        hint: `Try again in ${Math.ceil((before.lockedUntil - now) / 60_000)} minutes.`,
      });
    const failures = (before.lockedUntil === null ? before.failures : 0) + 1;
    const tries: Tries = { failures, lockedUntil: failures >= MOST_FAILURES ? now + LOCK_MS : null };
    if (user !== null) this.#directory.change((repository) => repository.saveUser({ ...user, ...tries }));
    else {
      this.#unknown.delete(key);
      this.#unknown.set(key, tries);
      const [oldest] = this.#unknown.keys();
      if (this.#unknown.size > MOST_UNKNOWN && oldest !== undefined) this.#unknown.delete(oldest);
    }
  }

  /** One password after the other: each costs time and memory. */
  async #look(password: string, stored: string | null): Promise<boolean> {
    this.#waiting += 1;
    try {
      return await this.#inTurn(() => isPassword(password, stored));
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** Writes down what only says who was here when: a full disk keeps nobody out for it. */
export function unlessFull(write: () => void): void {
  try {
    write();
  } catch (thrown) {
    const error = translateStoreError(thrown);
    if (!(error instanceof AppError) || error.code !== 'file.disk_full') throw thrown;
  }
}

const isLive = (session: Session, now: number): boolean =>
  now - session.openedAt < SESSION_ABSOLUTE_MS && now - session.usedAt < SESSION_IDLE_MS;
