import { AppError } from '../../../shared/errors.ts';
import type { KeyKeeperKind, SecretStoreInfo } from '../../../shared/model/secret.ts';
import { createTurns } from '../../../shared/turns.ts';
import { hmacSha256 } from '../../crypto/index.ts';
import type { SecretRepository, StoredKey } from '../../storage/index.ts';
import { desktopKeeper, fileKeeper, type KeyKeeper, keychainKeeper, vaultKeeper } from './key-keepers.ts';
import { type KeySealer, noSealer } from './key-sealer.ts';
import { type Keychain, systemKeychain } from './keychain.ts';
import { makeKey } from './sealing.ts';
import { noPassphrase } from './secret-errors.ts';

export interface ProjectKeyOptions {
  readonly repository: Pick<SecretRepository, 'key' | 'saveKey' | 'inOne'>;
  /** `security.credential_store`: `file` leaves the key open on purpose, `env` asks no keychain. */
  readonly setting: 'keychain' | 'file' | 'env';
  /** Stands for this project in the keychain and in the user's own folder. */
  readonly account: string;
  /** Beside it a file a key. */
  readonly keyFile: string;
  /** What the environment of this process says; null = nothing. */
  readonly passphrase: string | null;
  /** Default: that of the system. */
  readonly keychain?: Keychain;
  /** What the host seals with; default: nothing. */
  readonly sealer?: KeySealer | undefined;
  /** Hears that what waited for the key may go on. */
  readonly onOpened: () => void;
}

/** A key that is in this process. */
export interface OpenKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * The one key that all secrets of a project are sealed with (ADR 19): kept by the keychain, the desktop app, a vault with a passphrase or, on
 * purpose, a file. Where it lies is stored beside the secrets, and looked for nowhere else; in this process from its first use until `lock`. What cannot be opened is left as it is.
 */
export class ProjectKey {
  readonly #options: ProjectKeyOptions;
  #passphrase: string | null;
  #key: OpenKey | null = null;
  #opening: Promise<OpenKey> | null = null;
  /** It could not be opened when it was looked for last. */
  #hasFailed = false;
  /** One change of the key, or of what is sealed with it, after the other. */
  /** Does it when all that was asked for earlier is done. */
  readonly inTurn = createTurns();

  constructor(options: ProjectKeyOptions) {
    this.#options = options;
    this.#passphrase = options.passphrase;
  }

  /** How secrets are protected and whether they can be used: looks for the key where nobody has yet. Never rejects with a problem of the key. */
  async info(): Promise<SecretStoreInfo> {
    const stored = this.#options.repository.key();
    const keeper = stored?.keeper ?? (await this.#preferred()).kind;
    const isUnprotected = keeper === 'file';
    const needsPassphrase = stored === null && keeper === 'vault' && this.#passphrase === null;
    if (stored === null) return { keeper, state: 'none', problem: null, needsPassphrase, isUnprotected };
    const problem = await this.problem();
    const isLocked = problem !== null && /^secret\.(?:locked|keychain_locked|wrong_passphrase)$/.test(problem.code);
    const state = problem === null ? 'open' : isLocked ? 'locked' : 'unreachable';
    return { keeper, state, problem: problem?.message ?? null, needsPassphrase, isUnprotected };
  }

  /** Why no secret can be used now; null = they can. */
  async problem(): Promise<AppError | null> {
    try {
      await this.open();
      return null;
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('secret.')) return error;
      throw error;
    }
  }

  /**
   * Says the passphrase of the vault; where there is no key yet, this is the passphrase from now on. A wrong one changes nothing, also not
   * whether the vault is open. Errors: `secret.wrong_passphrase`, `secret.short_passphrase`, `secret.damaged`.
   */
  unlock(passphrase: string): Promise<void> {
    return this.inTurn(async () => {
      const stored = this.#options.repository.key();
      const keeper = this.#keeper('vault', () => passphrase);
      const key = stored?.keeper === 'vault' ? await this.#openWith(keeper, stored) : null;
      const before = this.#passphrase;
      this.#passphrase = passphrase;
      try {
        if (key !== null) this.#hold(stored?.keyId ?? '', key);
        else await this.openOrMake();
      } catch (error) {
        this.#passphrase = before;
        throw error;
      }
      this.#options.onOpened();
    });
  }

  /** Forgets the key and the passphrase in this process. */
  lock(): void {
    this.#key?.bytes.fill(0);
    this.#key = null;
    this.#passphrase = null;
  }

  /**
   * A new key, kept as the settings say now; `reseal` seals with it what is sealed with the old one, in one transaction with it. The old one
   * is forgotten after it. Errors: those of the key and of `reseal`; then nothing has changed.
   */
  change(passphrase: string | null, reseal: (old: OpenKey, next: OpenKey) => void): Promise<void> {
    return this.inTurn(async () => {
      const { repository } = this.#options;
      const old = await this.openOrMake();
      const before = repository.key();
      const next = await this.#make(passphrase ?? this.#passphrase);
      repository.inOne(() => {
        reseal(old, next.key);
        repository.saveKey(next.stored);
      });
      if (next.stored.keeper === 'vault' && passphrase !== null) this.#passphrase = passphrase;
      this.#key = next.key;
      if (before !== null)
        await this.#keeper(before.keeper)
          .forget(before.keyId)
          .catch(() => undefined);
    });
  }

  /** The key; null = there is none yet. */
  async open(): Promise<OpenKey | null> {
    const stored = this.#options.repository.key();
    if (stored === null) return null;
    if (this.#key?.id === stored.keyId) return this.#key;
    // Many steps may ask at once, and a vault takes its time and memory for each.
    this.#opening ??= this.#openStored(stored).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** The key, made and kept where there is none yet. Errors: those of the key, `secret.no_passphrase`. */
  async openOrMake(): Promise<OpenKey> {
    const key = await this.open();
    if (key !== null) return key;
    const made = await this.#make(this.#passphrase);
    this.#options.repository.saveKey(made.stored);
    this.#key = made.key;
    return made.key;
  }

  async #openStored(stored: StoredKey): Promise<OpenKey> {
    try {
      const key = this.#hold(stored.keyId, await this.#openWith(this.#keeper(stored.keeper), stored));
      if (this.#hasFailed) this.#options.onOpened();
      this.#hasFailed = false;
      return key;
    } catch (error) {
      this.#hasFailed = error instanceof AppError;
      throw error;
    }
  }

  async #openWith(keeper: KeyKeeper, stored: StoredKey): Promise<Buffer> {
    const key = await keeper.open(stored.keyId, stored.header);
    if (idOf(key) === stored.keyId) return key;
    throw new AppError('secret.key_changed', "The key in this place is not the one of this project's secrets.", {
      hint: 'Somebody replaced it. Nothing was changed: put the old key back, or remove the secrets and set them anew.',
    });
  }

  /** A new key with its keeper; nothing is stored here. */
  async #make(passphrase: string | null): Promise<{ readonly key: OpenKey; readonly stored: StoredKey }> {
    const bytes = makeKey();
    const id = idOf(bytes);
    const preferred = await this.#preferred();
    const keeper = preferred.kind === 'vault' ? this.#keeper('vault', () => passphrase) : preferred;
    if (keeper.kind === 'vault' && passphrase === null) throw noPassphrase();
    const header = await keeper.keep(id, bytes);
    return { key: { id, bytes }, stored: { keyId: id, keeper: keeper.kind, header } };
  }

  /** What keeps a new key: as the settings say; where the system has no keychain, the desktop app if it is one that seals, else a vault. */
  async #preferred(): Promise<KeyKeeper> {
    const { setting } = this.#options;
    if (setting === 'file') return this.#keeper('file');
    if (setting === 'env') return this.#keeper('vault');
    try {
      await this.#keychain().get(`${this.#options.account}/probe`);
      return this.#keeper('keychain');
    } catch (error) {
      if (error instanceof AppError && error.code === 'secret.no_keychain')
        return this.#keeper((await this.#sealer().isThere()) ? 'desktop' : 'vault');
      if (error instanceof AppError && error.code === 'secret.keychain_locked') return this.#keeper('keychain');
      throw error;
    }
  }

  #keeper(kind: KeyKeeperKind, passphrase: () => string | null = () => this.#passphrase): KeyKeeper {
    const { account, keyFile } = this.#options;
    if (kind === 'keychain') return keychainKeeper(this.#keychain(), account);
    if (kind === 'desktop') return desktopKeeper(this.#sealer(), account);
    return kind === 'file' ? fileKeeper(keyFile) : vaultKeeper(passphrase);
  }

  #keychain(): Keychain {
    return this.#options.keychain ?? systemKeychain;
  }

  #sealer(): KeySealer {
    return this.#options.sealer ?? noSealer;
  }

  #hold(id: string, bytes: Buffer): OpenKey {
    this.#key = { id, bytes };
    return this.#key;
  }
}

/** A key is known by what it comes to: another one is never taken for it. */
const idOf = (key: Buffer): string =>
  Buffer.from(hmacSha256(key, [Buffer.from('aiworkflow key id')]))
    .toString('hex')
    .slice(0, 16);
