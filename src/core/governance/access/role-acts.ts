import { AppError } from '../../../shared/errors.ts';
import type { EffectiveRole, Role, User } from '../../../shared/model/access.ts';
import type { Directory } from './directory.ts';
import { readPermissions } from './permissions.ts';
import { isPredefinedRole, nameKey } from './roles.ts';

/** What is written of an own role; permissions in any accepted name. */
export interface RoleDraft {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly inherits: readonly string[];
}

/** What changes of an own role; what is left out stays. */
export interface RoleEdit {
  readonly description?: string | undefined;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly inherits?: readonly string[] | undefined;
}

/** What can be done with roles. Each act throws `role.not_found` for a name of none and changes all of what it says or nothing. */
export class RoleActs {
  readonly #directory: Directory;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Errors: `role.exists`, `role.unknown_permission`, `role.cycle`. */
  create(draft: RoleDraft): EffectiveRole {
    const { name, description } = draft;
    const { book } = this.#directory;
    const taken = book.find(name);
    if (taken !== null)
      throw new AppError('role.exists', `There is a role '${taken.name}' already.`, { details: { name } });
    return this.#save({ name, description, permissions: readPermissions(draft.permissions), inherits: draft.inherits });
  }

  /** Errors: `role.predefined`, `role.unknown_permission`, `role.cycle`, `user.last_admin`. */
  edit(name: string, change: RoleEdit): EffectiveRole {
    const role = this.#requireOwn(name);
    const removed = new Set(readPermissions(change.remove));
    const permissions = [...new Set([...role.permissions, ...readPermissions(change.add)])].filter(
      (one) => !removed.has(one),
    );
    return this.#save({
      name: role.name,
      description: change.description ?? role.description,
      permissions,
      inherits: change.inherits ?? role.inherits,
    });
  }

  /** Errors: `role.predefined`, `role.in_use` while somebody has it or another role inherits from it. */
  delete(name: string): void {
    const role = this.#requireOwn(name);
    const isIt = (other: string): boolean => nameKey(other) === nameKey(role.name);
    const users = this.#directory
      .list()
      .filter((user) => user.roles.some(isIt))
      .map((user) => user.username);
    const roles = this.#directory.book
      .list()
      .filter((one) => one.inherits.some(isIt))
      .map((one) => one.name);
    if (users.length + roles.length > 0)
      throw new AppError('role.in_use', `The role '${role.name}' is in use.`, {
        hint: `Take it away before from: ${[...users, ...roles].join(', ')}.`,
        details: { users, roles },
      });
    this.#directory.change((repository) => repository.dropRole(nameKey(role.name)));
  }

  /** Errors: `user.not_found`. */
  assign(username: string, role: string): User {
    return this.#give(username, role, 'assign');
  }

  /** Errors: `user.not_found`, `user.last_admin`. */
  revoke(username: string, role: string): User {
    return this.#give(username, role, 'revoke');
  }

  #give(username: string, role: string, act: 'assign' | 'revoke'): User {
    const { id } = this.#directory.require(username);
    const key = nameKey(this.#directory.book.require(role).name);
    this.#directory.change((repository) => repository[act](id, key));
    return this.#directory.view(id);
  }

  #save(role: Omit<Role, 'isPredefined'>): EffectiveRole {
    const { book } = this.#directory;
    book.checkInherits(role.name, role.inherits);
    const inherits = [...new Set(role.inherits.map((name) => book.require(name).name))];
    this.#directory.change((repository) => repository.saveRole(nameKey(role.name), { ...role, inherits }));
    return this.#directory.book.effective(role.name);
  }

  #requireOwn(name: string): Role {
    const role = this.#directory.book.require(name);
    if (!isPredefinedRole(role.name)) return role;
    throw new AppError('role.predefined', `The role '${role.name}' cannot be changed or removed.`, {
      hint: 'Make a role of your own that inherits from it.',
    });
  }
}
