import { AppError } from '../../../shared/errors.ts';
import type { Permission, User } from '../../../shared/model/access.ts';
import type { AccessRepository, StoredUser } from '../../storage/index.ts';
import { nameKey, RoleBook } from './roles.ts';

interface Loaded {
  readonly users: readonly StoredUser[];
  readonly assigned: ReadonlyMap<string, readonly string[]>;
  readonly book: RoleBook;
}

/** What the acts on sessions and tokens are made of. */
export interface AccessParts {
  readonly directory: Directory;
  readonly repository: AccessRepository;
  /** UTC ms. */
  readonly now: () => number;
}

/**
 * Users and roles as they are stored, held in memory: every call asks them. Invariants: every change goes through `change`, in one
 * transaction; as soon as there is a user there is an active admin.
 */
export class Directory {
  readonly #repository: AccessRepository;
  #loaded: Loaded | null = null;

  constructor(repository: AccessRepository) {
    this.#repository = repository;
  }

  /** The roles of the project. */
  get book(): RoleBook {
    return this.#now().book;
  }

  /** All users that are there, oldest first. */
  list(): readonly User[] {
    return this.#now()
      .users.filter((user) => user.removedAt === null)
      .map((user) => this.#shown(user));
  }

  /** The user of this id, removed ones too; null when there never was one. */
  byId(id: string): StoredUser | null {
    return this.#now().users.find((user) => user.id === id) ?? null;
  }

  /** The user of this name, in any case of its letters; null when there is none. */
  byName(username: string): StoredUser | null {
    const key = nameKey(username);
    return this.#now().users.find((user) => user.usernameKey === key && user.removedAt === null) ?? null;
  }

  /** As `byName`, but throws `user.not_found`. */
  require(username: string): StoredUser {
    const user = this.byName(username);
    if (user !== null) return user;
    throw new AppError('user.not_found', `There is no user '${username}'.`, {
      hint: "See 'aiworkflow user list'.",
      details: { username },
    });
  }

  /** How a user is shown. */
  view(id: string): User {
    const user = this.byId(id);
    if (user === null) throw new AppError('user.not_found', `There is no user '${id}'.`);
    return this.#shown(user);
  }

  rolesOf(id: string): readonly string[] {
    const { assigned, book } = this.#now();
    return (assigned.get(id) ?? []).flatMap((key) => book.find(key)?.name ?? []);
  }

  /** What the user may do: nothing, for one who is inactive, removed or unknown. */
  permissionsOf(id: string): readonly Permission[] {
    const user = this.byId(id);
    return user !== null && isThere(user) ? this.book.permissionsOf(this.rolesOf(id)) : [];
  }

  /** Since when a user is switched off or removed, UTC ms; null = is there, or never was. */
  stoppedAt(id: string): number | null {
    const user = this.byId(id);
    return user === null || isThere(user) ? null : user.updatedAt;
  }

  /** An id that nobody ever had: the name, with a number behind it where it was used before. */
  newId(username: string): string {
    const taken = new Set(this.#now().users.map((user) => nameKey(user.id)));
    let id = username;
    for (let number = 2; taken.has(nameKey(id)); number += 1) id = `${username}-${number}`;
    return id;
  }

  /** Changes what is stored, all of it or nothing. Throws `user.last_admin` when nobody would be left who may do everything. */
  change<T>(act: (repository: AccessRepository) => T): T {
    try {
      return this.#repository.inOne(() => {
        const result = act(this.#repository);
        this.#loaded = null;
        this.#requireAdmin();
        return result;
      });
    } finally {
      this.#loaded = null;
    }
  }

  #requireAdmin(): void {
    const isAdmin = (user: StoredUser): boolean => isThere(user) && this.book.includes(this.rolesOf(user.id), 'admin');
    if (this.#now().users.some(isAdmin)) return;
    throw new AppError('user.last_admin', 'The last active admin cannot be removed, disabled or lose that role.', {
      hint: 'Make somebody else admin before.',
    });
  }

  #now(): Loaded {
    this.#loaded ??= {
      users: this.#repository.users(),
      assigned: this.#repository.assignedRoles(),
      book: new RoleBook(this.#repository.roles()),
    };
    return this.#loaded;
  }

  #shown(user: StoredUser): User {
    const { id, username, email, isActive, metadata, createdAt, updatedAt, lastLoginAt, password } = user;
    const roles = this.rolesOf(id);
    return {
      id,
      username,
      email,
      roles,
      isActive,
      metadata,
      createdAt,
      updatedAt,
      lastLoginAt,
      hasPassword: password !== null,
    };
  }
}

const isThere = (user: StoredUser): boolean => user.isActive && user.removedAt === null;

/** A user as it is stored first. `at` in UTC ms. */
export const newUser = (
  { id, username, email, metadata }: Pick<StoredUser, 'id' | 'username' | 'email' | 'metadata'>,
  at: number,
): StoredUser => ({
  id,
  username,
  usernameKey: nameKey(username),
  email,
  isActive: true,
  metadata,
  password: null,
  failures: 0,
  lockedUntil: null,
  createdAt: at,
  updatedAt: at,
  lastLoginAt: null,
  removedAt: null,
});
