import { AppError } from '../../../shared/errors.ts';
import type { ApiToken } from '../../../shared/model/access.ts';
import { randomHex, sha256Hex } from '../../crypto/index.ts';
import type { AccessRepository } from '../../storage/index.ts';
import type { AccessParts, Directory } from './directory.ts';
import { readPermissions } from './permissions.ts';

/** What can be done with API tokens: keys of a user for programs, each with a part of what the user may do. */
export class TokenActs {
  readonly #directory: Directory;
  readonly #repository: AccessRepository;
  readonly #now: () => number;

  constructor({ directory, repository, now }: AccessParts) {
    this.#directory = directory;
    this.#repository = repository;
    this.#now = now;
  }

  /** Oldest first. */
  list(): readonly ApiToken[] {
    return this.#repository.tokens();
  }

  /**
   * Makes a token; `secret` is said this once. It never carries more than its user may do at the moment it is used. Errors:
   * `user.not_found`, `role.unknown_permission`.
   */
  create(
    username: string,
    draft: { readonly name: string; readonly permissions: readonly string[] },
  ): {
    readonly token: ApiToken;
    readonly secret: string;
  } {
    const { id: userId } = this.#directory.require(username);
    const permissions = readPermissions(draft.permissions);
    const secret = `aiw_${randomHex(32)}`;
    const token = { id: randomHex(8), userId, name: draft.name, permissions, createdAt: this.#now() };
    this.#directory.change((repository) => repository.addToken(sha256Hex(secret), token));
    return { token: { ...token, lastUsedAt: null }, secret };
  }

  /** Error: `token.not_found`. */
  revoke(id: string): void {
    if (!this.#directory.change((repository) => repository.dropToken(id)))
      throw new AppError('token.not_found', 'There is no such token.', { details: { id } });
  }

  /** The token of this secret, or null. */
  find(secret: string): ApiToken | null {
    return this.#repository.findToken(sha256Hex(secret));
  }
}
