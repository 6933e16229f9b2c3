import { AppError } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { KeyKeeperKind, SecretStoreInfo } from '../../../shared/model/secret.ts';
import { hmacSha256 } from '../../crypto/index.ts';
import type { SecretRepository, StoredKey, StoredSecret } from '../../storage/index.ts';
import { fileKeeper, type KeyKeeper, keychainKeeper, vaultKeeper } from './key-keepers.ts';
import { type Keychain, systemKeychain } from './keychain.ts';
import { fillMarkers, fillWritten, markerOf, namesMarkedIn, namesWrittenIn } from './markers.ts';
import { makeKey, seal, unseal } from './sealing.ts';
import { damagedSecret, noPassphrase, notAllowed, notFound } from './secret-errors.ts';
import type { SecretUser } from './secret-user.ts';

export interface SecretStoreOptions {
  readonly repository: SecretRepository;
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
  readonly now: () => number;
  /** Hears each value as soon as it is known here: from then on it is said nowhere. */
  readonly onValue: (name: string, value: string) => void;
  /** Hears who was given a secret. */
  readonly onUsed: (name: string, user: SecretUser) => void;
  /** Hears that what waited for the key may go on. */
  readonly onOpened: () => void;
}

/** What is said about a secret; what is left out stays as it was. */
export interface SecretDraft {
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly allowed?: readonly string[] | undefined;
  readonly expiresAt?: number | null | undefined;
}

/** What changes about a secret that is there. */
export interface SecretChange extends Omit<SecretDraft, 'allowed'> {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** A call as it is really made, and which of its inputs hold secrets. */
export interface FilledCall {
  readonly inputs: JsonMap;
  readonly env: Readonly<Record<string, string>>;
  readonly secretInputs: readonly string[];
}

interface OpenKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * The secrets of a project (SPEC §12.4). Values go in and come out only where something is called; the key that opens them is in this
 * process from its first use until `lock`. Whatever cannot be opened is left as it is.
 */
export class SecretStore {
  readonly #options: SecretStoreOptions;
  #passphrase: string | null;
  #key: OpenKey | null = null;
  #opening: Promise<OpenKey> | null = null;
  #problem: AppError | null = null;
  /** One change of the key after the other. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: SecretStoreOptions) {
    this.#options = options;
    this.#passphrase = options.passphrase;
  }

  /** By name. */
  list(): readonly StoredSecret[] {
    return this.#options.repository.all();
  }

  /** Learns all values where the key is at hand, so that none of them is said by what comes back from an earlier process. */
  async warm(): Promise<void> {
    if (this.list().length === 0 || (await this.problem()) !== null) return;
    for (const { name } of this.list()) await this.#value(name).catch(() => undefined);
  }

  /** Whether there is one of this name. */
  has(name: string): boolean {
    return this.#options.repository.find(name) !== null;
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
      await this.#open();
      return null;
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('secret.')) return error;
      throw error;
    }
  }

  /** What was wrong when the key was looked for last; null = nothing, or nobody has looked. */
  get lastProblem(): AppError | null {
    return this.#problem;
  }

  /** Adds a secret, or replaces its value. Errors: those of the key. */
  set(name: string, value: string, draft: SecretDraft = {}): Promise<StoredSecret> {
    return this.#inTurn(async () => {
      const key = await this.#openOrMake();
      const { repository, now, onValue } = this.#options;
      const before = repository.find(name);
      const version = (before?.version ?? 0) + 1;
      const own = makeKey();
      const saved: StoredSecret = {
        ...(before ?? fresh(name, now())),
        ...written(draft),
        version,
        sealedKey: seal(key.bytes, aboutKey(key.id, name), own),
        sealedValue: seal(own, aboutValue(name, version), Buffer.from(value)),
        updatedAt: now(),
        rotatedAt: before === null ? null : now(),
      };
      onValue(name, value);
      repository.save(saved);
      return saved;
    });
  }

  /** Replaces the value of one that is there. `secret.not_found`. */
  async rotate(name: string, value: string, draft: Pick<SecretDraft, 'expiresAt'>): Promise<StoredSecret> {
    this.#find(name);
    return this.set(name, value, draft);
  }

  /** Changes what is said about one, and who may use it: `allow` is added, then `deny` taken away. `secret.not_found`. */
  edit(name: string, { allow = [], deny = [], ...draft }: SecretChange): StoredSecret {
    const before = this.#find(name);
    const allowed = [...new Set([...before.allowed, ...allow])].filter((user) => !deny.includes(user));
    const saved = { ...before, ...written(draft), allowed, updatedAt: this.#options.now() };
    this.#options.repository.save(saved);
    return saved;
  }

  /** `secret.not_found`. */
  remove(name: string): void {
    this.#find(name);
    this.#options.repository.remove(name);
  }

  /** Opens one without using it. Errors: those of `read`, but who may use it is not asked. */
  async test(name: string): Promise<StoredSecret> {
    await this.#value(name);
    return this.#find(name);
  }

  /** The value, for a call that is about to be made. Errors: `secret.not_found`, `secret.not_allowed`, `secret.damaged`, those of the key. */
  async read(name: string, user: SecretUser): Promise<string> {
    const { allowed } = this.#find(name);
    const { kind, name: asks } = user;
    const own = kind === 'workflow' ? asks : `${kind}:${asks}`;
    if (!allowed.includes('*') && !allowed.includes(own)) throw notAllowed(name, user, own);
    const value = await this.#value(name);
    this.#options.repository.noteUse(name, this.#options.now());
    this.#options.onUsed(name, user);
    return value;
  }

  /** Name -> what stands for the secret in a run until it is called: no value is needed for it. */
  markers(runId: string): JsonMap {
    const { repository } = this.#options;
    const key = repository.key();
    if (key === null) return {};
    return Object.fromEntries(repository.all().map(({ name }) => [name, markerOf(name, runId, key.keyId)]));
  }

  /** Whether a secret stands in the inputs of a step of a run. */
  isMarked(inputs: JsonMap, runId: string): boolean {
    const key = this.#options.repository.key();
    return key !== null && namesMarkedIn(inputs, runId, key.keyId).size > 0;
  }

  /** What a call of a run is really made with. Null = nothing of it is a secret. Errors: those of `read`. */
  async fill(
    call: { readonly inputs: JsonMap; readonly env: Readonly<Record<string, string>> },
    { runId, workflowId }: { readonly runId: string; readonly workflowId: string },
  ): Promise<FilledCall | null> {
    const key = this.#options.repository.key()?.keyId ?? '';
    const marked = key === '' ? new Set<string>() : namesMarkedIn(call.inputs, runId, key);
    const written = namesWrittenIn(call.env);
    if (marked.size + written.size === 0) return null;
    const values = new Map<string, string>();
    for (const name of new Set([...marked, ...written]))
      values.set(name, await this.read(name, { kind: 'workflow', name: workflowId }));
    const byMarker = new Map([...marked].map((name) => [markerOf(name, runId, key), values.get(name) ?? '']));
    const secretInputs = Object.entries(call.inputs).flatMap(([input, value]) =>
      key !== '' && namesMarkedIn(value, runId, key).size > 0 ? [input] : [],
    );
    return { inputs: fillMarkers(call.inputs, byMarker), env: fillWritten(call.env, values), secretInputs };
  }

  /**
   * Says the passphrase of the vault; where there is no key yet, this is the passphrase from now on. A wrong one changes nothing, also not
   * whether the vault is open. Errors: `secret.wrong_passphrase`, `secret.short_passphrase`, `secret.damaged`.
   */
  unlock(passphrase: string): Promise<void> {
    return this.#inTurn(async () => {
      const stored = this.#options.repository.key();
      const keeper = this.#keeper('vault', () => passphrase);
      const key = stored?.keeper === 'vault' ? await this.#openWith(keeper, stored) : null;
      const before = this.#passphrase;
      this.#passphrase = passphrase;
      try {
        if (key !== null) this.#hold(stored?.keyId ?? '', key);
        else await this.#openOrMake();
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
   * A new key, kept as the settings say now, and all that is sealed with the old one sealed with it: in one transaction. The old one is
   * forgotten after it. Errors: those of the key; then nothing has changed.
   */
  changeKey(passphrase: string | null): Promise<void> {
    return this.#inTurn(async () => {
      const { repository } = this.#options;
      const old = await this.#openOrMake();
      const before = repository.key();
      const next = await this.#make(passphrase ?? this.#passphrase);
      repository.inOne(() => {
        for (const secret of repository.all()) {
          const own = this.#ownKey(old, secret);
          repository.save({ ...secret, sealedKey: seal(next.key.bytes, aboutKey(next.key.id, secret.name), own) });
        }
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

  async #value(name: string): Promise<string> {
    const key = await this.#open();
    if (key === null) throw notFound(name);
    const secret = this.#find(name);
    const bytes = unseal(this.#ownKey(key, secret), aboutValue(name, secret.version), secret.sealedValue);
    if (bytes === null) throw damagedSecret(name);
    const value = bytes.toString();
    this.#options.onValue(name, value);
    return value;
  }

  #ownKey(key: OpenKey, secret: StoredSecret): Buffer {
    const own = unseal(key.bytes, aboutKey(key.id, secret.name), secret.sealedKey);
    if (own === null) throw damagedSecret(secret.name);
    return own;
  }

  #find(name: string): StoredSecret {
    const secret = this.#options.repository.find(name);
    if (secret === null) throw notFound(name);
    return secret;
  }

  /** The key; null = there is none yet. */
  async #open(): Promise<OpenKey | null> {
    const stored = this.#options.repository.key();
    if (stored === null) return null;
    if (this.#key?.id === stored.keyId) return this.#key;
    // Many steps may ask at once, and a vault takes its time and memory for each.
    this.#opening ??= this.#openStored(stored).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #openStored(stored: StoredKey): Promise<OpenKey> {
    try {
      const key = this.#hold(stored.keyId, await this.#openWith(this.#keeper(stored.keeper), stored));
      if (this.#problem !== null) this.#options.onOpened();
      this.#problem = null;
      return key;
    } catch (error) {
      this.#problem = error instanceof AppError ? error : null;
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

  async #openOrMake(): Promise<OpenKey> {
    const key = await this.#open();
    if (key !== null) return key;
    const made = await this.#make(this.#passphrase);
    this.#options.repository.saveKey(made.stored);
    this.#key = made.key;
    return made.key;
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

  /** What keeps a new key: as the settings say, a vault where the system has no keychain. */
  async #preferred(): Promise<KeyKeeper> {
    const { setting } = this.#options;
    if (setting === 'file') return this.#keeper('file');
    if (setting === 'env') return this.#keeper('vault');
    try {
      await this.#keychain().get(`${this.#options.account}/probe`);
      return this.#keeper('keychain');
    } catch (error) {
      if (error instanceof AppError && error.code === 'secret.no_keychain') return this.#keeper('vault');
      if (error instanceof AppError && error.code === 'secret.keychain_locked') return this.#keeper('keychain');
      throw error;
    }
  }

  #keeper(kind: KeyKeeperKind, passphrase: () => string | null = () => this.#passphrase): KeyKeeper {
    const { account, keyFile } = this.#options;
    if (kind === 'keychain') return keychainKeeper(this.#keychain(), account);
    return kind === 'file' ? fileKeeper(keyFile) : vaultKeeper(passphrase);
  }

  #keychain(): Keychain {
    return this.#options.keychain ?? systemKeychain;
  }

  #hold(id: string, bytes: Buffer): OpenKey {
    this.#key = { id, bytes };
    return this.#key;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }
}

/** A key is known by what it comes to: another one is never taken for it. */
const idOf = (key: Buffer): string =>
  Buffer.from(hmacSha256(key, [Buffer.from('aiworkflow key id')]))
    .toString('hex')
    .slice(0, 16);

const aboutKey = (keyId: string, name: string): string => JSON.stringify(['aiworkflow secret key', keyId, name]);
const aboutValue = (name: string, version: number): string => JSON.stringify(['aiworkflow secret', name, version]);

const fresh = (name: string, now: number): Omit<StoredSecret, 'version' | 'sealedKey' | 'sealedValue'> => ({
  name,
  description: '',
  tags: [],
  allowed: [],
  createdAt: now,
  updatedAt: now,
  rotatedAt: null,
  lastUsedAt: null,
  expiresAt: null,
});

/** What was really said. */
const written = (draft: SecretDraft): Partial<StoredSecret> =>
  Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
