import { AppError } from '../../../shared/errors.ts';
import {
  type CallContext,
  type Caller,
  type Identity,
  type Permission,
  type Session,
  STEP_PERMISSIONS,
  type StepOrigin,
} from '../../../shared/model/access.ts';
import type { Actor } from '../../../shared/model/run.ts';
import { createTurns } from '../../../shared/turns.ts';
import type { AccessRepository } from '../../storage/index.ts';
import { Directory, newUser } from './directory.ts';
import { LocalUsers } from './local-users.ts';
import { ALL_PERMISSIONS, widen } from './permissions.ts';
import { RoleActs } from './role-acts.ts';
import { RoleBook } from './roles.ts';
import { SignIn, unlessFull } from './sign-in.ts';
import { TokenActs } from './token-acts.ts';
import { UserActs } from './user-acts.ts';

/** The use of a session or a token is written down at most this often. */
const WRITE_USE_MS = 60_000;

export interface AccessOptions {
  readonly repository: AccessRepository;
  /** Where it is written who of this machine is which user; outside the project. */
  readonly localUsersFile: string;
  /** UTC ms. */
  readonly now: () => number;
  /** Whoever started the run of a process of a step, as the store names him; null = nobody knows. Absent: nothing runs. */
  readonly starterOf?: (step: StepOrigin) => string | null;
}

/**
 * Who somebody is and what he may do (SPEC §12.1). The user of the operating system who opens a project first on this machine is its admin
 * on local doors, without a password: its files are his. Whoever else acts has a session or a token.
 */
export class AccessControl {
  readonly directory: Directory;
  readonly users: UserActs;
  readonly roles: RoleActs;
  readonly signIn: SignIn;
  readonly tokens: TokenActs;
  readonly #repository: AccessRepository;
  readonly #local: LocalUsers;
  readonly #now: () => number;
  readonly #starterOf: (step: StepOrigin) => string | null;
  /** One newcomer after the other. */
  readonly #inTurn = createTurns();

  private constructor(options: AccessOptions, local: LocalUsers) {
    const { repository, now } = options;
    this.#repository = repository;
    this.#local = local;
    this.#now = now;
    this.#starterOf = options.starterOf ?? (() => null);
    this.directory = new Directory(repository);
    this.users = new UserActs(this.directory, now);
    this.roles = new RoleActs(this.directory);
    this.signIn = new SignIn({ directory: this.directory, repository, now });
    this.tokens = new TokenActs({ directory: this.directory, repository, now });
  }

  /** Errors: `file.io`. */
  static async open(options: AccessOptions): Promise<AccessControl> {
    return new AccessControl(options, await LocalUsers.open(options.localUsersFile));
  }

  /**
   * Who the caller is and what he may do now. Whoever is no user may do nothing. Errors: `access.bad_token` for a credential that is none
   * or whose time is over, `file.io` and `store.*` when somebody of this machine comes for the first time.
   */
  async identify(caller: Caller): Promise<Identity> {
    const { kind, id, door, credential, step, link, from = null } = caller;
    if (kind !== 'user') return firstOf({ kind, id, door });
    if (credential !== undefined) return this.#byCredential(credential, door, { from });
    if (step !== undefined) return this.#ofStep(step, door);
    const userId = this.#localId(id) ?? (await this.#adopt(id));
    const identity = identityOf(userId, door, this.directory.permissionsOf(userId));
    if (link === undefined) return identity;
    const session = this.signIn.meet(link, { userId, door });
    if (session === null) throw unknownCredential();
    this.#noteUse(session, from);
    return { ...identity, session: session.id };
  }

  /** As `identify`, but writes nothing: somebody who comes for the first time may do what he will be let do then. */
  glance(caller: Caller): Identity {
    const { kind, id, door, credential } = caller;
    if (kind === 'user' && credential !== undefined) return this.#byCredential(credential, door, null);
    const userId = this.#localId(id) ?? (this.#local.isNew ? null : (this.directory.byName(id)?.id ?? null));
    if (kind !== 'user' || userId === null) return firstOf(caller);
    return identityOf(userId, door, this.directory.permissionsOf(userId));
  }

  /** A process of a step acts as whoever started its run, within what steps may do; one of which nobody knows the run may do nothing. */
  #ofStep(step: StepOrigin, door: Actor['door']): Identity {
    const starter = this.#starterOf(step);
    const most = widen(STEP_PERMISSIONS);
    if (starter === null) return { actor: { kind: 'system', id: 'step', door }, permissions: new Set() };
    if (this.directory.byId(starter) === null)
      return { actor: { kind: 'system', id: starter.replace(/^system:/, ''), door }, permissions: new Set(most) };
    const held = this.directory.permissionsOf(starter);
    return identityOf(
      starter,
      door,
      held.filter((one) => most.includes(one)),
    );
  }

  /** From where a session was used first is written at once. */
  #noteUse({ id, usedAt, from: known }: Session, from: CallContext | null): void {
    const at = this.#now();
    if (at - usedAt >= WRITE_USE_MS || (known === null && from !== null))
      unlessFull(() => this.#repository.noteSessionUse(id, at, from));
  }

  /** `use` = from where it is used; null = nothing is written. */
  #byCredential(credential: string, door: Actor['door'], use: { readonly from: CallContext | null } | null): Identity {
    const session = this.signIn.find(credential);
    if (session !== null) {
      if (use !== null) this.#noteUse(session, use.from);
      const identity = identityOf(session.userId, door, this.directory.permissionsOf(session.userId));
      return { ...identity, session: session.id };
    }
    const token = this.tokens.find(credential);
    if (token === null) throw unknownCredential();
    const at = this.#now();
    if (use !== null && at - (token.lastUsedAt ?? 0) >= WRITE_USE_MS) this.#repository.noteTokenUse(token.id, at);
    const carried = new Set(widen(token.permissions));
    const held = this.directory.permissionsOf(token.userId);
    return identityOf(
      token.userId,
      door,
      held.filter((one) => carried.has(one)),
    );
  }

  /** The user that somebody of this machine is known to be; null = nobody knows yet. */
  #localId(osName: string): string | null {
    const known = this.#local.find(osName);
    if (known === null || this.directory.byId(known)?.removedAt === null) return known;
    // Removed, and perhaps taken in again under the same name: whatever was decided then holds.
    return this.directory.byName(osName)?.id ?? known;
  }

  #adopt(osName: string): Promise<string> {
    return this.#inTurn(async () => {
      const known = this.#localId(osName);
      if (known !== null) return known;
      const id = this.#local.isNew ? this.#takeOver(osName) : this.#takeIn(osName);
      await this.#local.add(osName, id);
      return id;
    });
  }

  /**
   * The first of this machine is the admin. What a folder that came from elsewhere says about passwords, sessions and tokens opens no door
   * here.
   */
  #takeOver(osName: string): string {
    const known = this.directory.byName(osName);
    const user = known ?? newUser(this.#draft(osName), this.#now());
    this.directory.change((repository) => {
      for (const { id } of this.directory.list()) {
        const stored = this.directory.byId(id);
        if (stored !== null) repository.saveUser({ ...stored, password: null });
        repository.dropKeysOf(id, { tokens: true });
      }
      repository.saveUser({ ...user, password: null, isActive: true });
      repository.assign(user.id, 'admin');
    });
    return user.id;
  }

  /** Another account of the machine that reaches a local door has the files too; one that the project knows is what it is there. */
  #takeIn(osName: string): string {
    const known = this.directory.byName(osName);
    if (known !== null) return known.id;
    const user = newUser(this.#draft(osName), this.#now());
    this.directory.change((repository) => {
      repository.saveUser(user);
      repository.assign(user.id, 'admin');
    });
    return user.id;
  }

  #draft(osName: string): Parameters<typeof newUser>[0] {
    return { id: this.directory.newId(osName), username: osName, email: null, metadata: {} };
  }
}

const identityOf = (id: string, door: Actor['door'], permissions: readonly Permission[]): Identity => ({
  actor: { kind: 'user', id, door },
  permissions: new Set(permissions),
});

const unknownCredential = (): AppError =>
  new AppError('access.bad_token', 'The session or the token is not known here, or its time is over.', {
    hint: 'Sign in again, or have a new token made.',
  });

/** Where nobody can tell what is stored: the user of the system may look at the files, which he can read in any case. */
export const readerOf = ({ kind, id, door }: Caller): Identity =>
  identityOf(id, door, kind === 'user' ? new RoleBook([]).permissionsOf(['viewer']) : []);

/** Where no user is yet: whoever comes first on this machine may do everything, the engine nothing. Throws `access.bad_token`. */
export function firstOf({ kind, id, door, credential }: Caller): Identity {
  if (credential !== undefined) throw unknownCredential();
  return { actor: { kind, id, door }, permissions: new Set(kind === 'user' ? ALL_PERMISSIONS : []) };
}
