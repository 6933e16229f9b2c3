import { AppError } from '../../../shared/errors.ts';
import type { User } from '../../../shared/model/access.ts';
import type { StoredUser } from '../../storage/index.ts';
import { type Directory, newUser } from './directory.ts';
import { hashPassword } from './passwords.ts';
import { nameKey } from './roles.ts';

/** What is written of a new user. */
export interface UserDraft {
  readonly username: string;
  readonly email: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly roles: readonly string[];
  /** Null: the user has none and cannot sign in with one. */
  readonly password: string | null;
}

/** What can be done with users. Each act throws `user.not_found` for a name of nobody and changes all of what it says or nothing. */
export class UserActs {
  readonly #directory: Directory;
  readonly #now: () => number;

  constructor(directory: Directory, now: () => number) {
    this.#directory = directory;
    this.#now = now;
  }

  /** Errors: `user.exists` for a name that is taken in any case of its letters, `role.not_found`. */
  async create(draft: UserDraft): Promise<User> {
    const { username, password } = draft;
    const roles = draft.roles.map((name) => this.#directory.book.require(name).name);
    const kept = password === null ? null : await hashPassword(password);
    const taken = this.#directory.byName(username);
    if (taken !== null)
      throw new AppError('user.exists', `There is a user '${taken.username}' already.`, { details: { username } });
    const id = this.#directory.newId(username);
    this.#directory.change((repository) => {
      repository.saveUser({ ...newUser({ ...draft, id }, this.#now()), password: kept });
      for (const role of roles) repository.assign(id, nameKey(role));
    });
    return this.#directory.view(id);
  }

  /** Changes what is given. */
  edit(
    username: string,
    {
      email,
      metadata,
    }: { readonly email?: string | null | undefined; readonly metadata?: User['metadata'] | undefined },
  ): User {
    return this.#save(username, (user) => ({
      ...user,
      email: email === undefined ? user.email : email,
      metadata: metadata ?? user.metadata,
    }));
  }

  /** Sessions that the old password has opened end; a lock is lifted. */
  async setPassword(username: string, password: string): Promise<User> {
    const kept = await hashPassword(password);
    return this.#save(username, (user) => ({ ...user, password: kept, failures: 0, lockedUntil: null }), 'sessions');
  }

  /** A user who is switched off may do nothing, and all sessions end. Error: `user.last_admin`. */
  setActive(username: string, isActive: boolean): User {
    return this.#save(username, (user) => ({ ...user, isActive }), isActive ? 'nothing' : 'sessions');
  }

  /** What the user did keeps the id, which nobody gets again. Error: `user.last_admin`. */
  remove(username: string): void {
    const user = this.#directory.require(username);
    const at = this.#now();
    this.#directory.change((repository) => {
      repository.saveUser({ ...user, isActive: false, password: null, updatedAt: at, removedAt: at });
      for (const role of this.#directory.rolesOf(user.id)) repository.revoke(user.id, nameKey(role));
      repository.dropKeysOf(user.id, { tokens: true });
    });
  }

  #save(username: string, edit: (user: StoredUser) => StoredUser, ends: 'nothing' | 'sessions' = 'nothing'): User {
    const { id } = this.#directory.require(username);
    this.#directory.change((repository) => {
      repository.saveUser({ ...edit(this.#directory.require(username)), updatedAt: this.#now() });
      if (ends === 'sessions') repository.dropKeysOf(id, { tokens: false });
    });
    return this.#directory.view(id);
  }
}
