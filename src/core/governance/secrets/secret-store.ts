import type { Json, JsonMap } from '../../../shared/json.ts';
import { notDeclared } from '../../../shared/not-declared.ts';
import type { SecretRepository, StoredSecret } from '../../storage/index.ts';
import { fillMarkers, fillWritten, inputsMarkedIn, markerOf, namesMarkedIn, namesWrittenIn } from './markers.ts';
import { type OpenKey, ProjectKey, type ProjectKeyOptions } from './project-key.ts';
import { SealedInputs } from './sealed-inputs.ts';
import { makeKey, seal, unseal } from './sealing.ts';
import { damagedSecret, notAllowed, notFound } from './secret-errors.ts';
import type { SecretUser } from './secret-user.ts';

export interface SecretStoreOptions extends ProjectKeyOptions {
  readonly repository: SecretRepository;
  readonly now: () => number;
  /** Hears each value as soon as it is known here: from then on it is said nowhere. */
  readonly onValue: (name: string, value: string) => void;
  /** Hears the value of a secret input that a run is given: until that run has ended it is said nowhere. */
  readonly onInput: (runId: string, name: string, value: Json) => void;
  /** Hears who was given a secret. */
  readonly onUsed: (name: string, user: SecretUser) => void;
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

/** Whose markers stand for secrets. */
export interface MarkedRun {
  /** The first run of the work: a retry goes on with what it has taken over. */
  readonly markedBy: string;
  readonly workflowId: string;
  /** Ids of the sealed inputs that it was started with. */
  readonly sealed: readonly string[];
  /** The run for which something is called; null = nothing is. */
  readonly runId: string | null;
  /** The secrets that its workflow says it uses; null = it was made here and may use all that it is allowed. */
  readonly declared: readonly string[] | null;
}

/** A call as it is really made, and which of its inputs hold secrets. */
export interface FilledCall {
  readonly inputs: JsonMap;
  readonly env: Readonly<Record<string, string>>;
  readonly secretInputs: readonly string[];
}

/**
 * The secrets of a project (SPEC §12.4). Values go in and come out only where something is called.
 */
export class SecretStore {
  readonly #options: SecretStoreOptions;
  /** What they are sealed with. */
  readonly key: ProjectKey;
  /** The secret inputs of runs. */
  readonly inputs: SealedInputs;

  constructor(options: SecretStoreOptions) {
    this.#options = options;
    this.key = new ProjectKey(options);
    this.inputs = new SealedInputs(options.repository, this.key);
  }

  /** By name. */
  list(): readonly StoredSecret[] {
    return this.#options.repository.all();
  }

  /** Learns all values where the key is at hand, so that none of them is said by what comes back from an earlier process. False = it is away. */
  async warm(): Promise<boolean> {
    if ((await this.key.problem()) !== null) return false;
    for (const { name } of this.list()) await this.#value(name).catch(() => undefined);
    return true;
  }

  /** Whether there is one of this name. */
  has(name: string): boolean {
    return this.#options.repository.find(name) !== null;
  }

  /** Adds a secret, or replaces its value. Errors: those of the key. */
  set(name: string, value: string, draft: SecretDraft = {}): Promise<StoredSecret> {
    return this.key.inTurn(async () => {
      const key = await this.key.openOrMake();
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
  markers(markedBy: string): JsonMap {
    const { repository } = this.#options;
    const key = repository.key();
    if (key === null) return {};
    return Object.fromEntries(repository.all().map(({ name }) => [name, markerOf(name, markedBy, key.keyId)]));
  }

  /** Whether a secret stands in the inputs of a step of a run. */
  isMarked(inputs: JsonMap, run: MarkedRun): boolean {
    return this.#secretsIn(inputs, run).size + inputsMarkedIn(inputs, run.sealed).size > 0;
  }

  /** What a call of a run is really made with. Null = nothing of it is a secret. Errors: those of `read`, `trust.not_declared`. */
  async fill(
    call: { readonly inputs: JsonMap; readonly env: Readonly<Record<string, string>> },
    run: MarkedRun,
  ): Promise<FilledCall | null> {
    const marked = this.#secretsIn(call.inputs, run);
    const sealed = inputsMarkedIn(call.inputs, run.sealed);
    const written = namesWrittenIn(call.env);
    if (marked.size + sealed.size + written.size === 0) return null;
    const values = new Map<string, string>();
    const names = new Set([...marked.values(), ...written]);
    const unsaid = [...names].find((name) => run.declared?.includes(name) === false);
    if (unsaid !== undefined) throw notDeclared({ kind: 'secrets', name: unsaid });
    for (const name of names) values.set(name, await this.read(name, { kind: 'workflow', name: run.workflowId }));
    const byMarker = new Map<string, Json>([...marked].map(([marker, name]) => [marker, values.get(name) ?? '']));
    for (const [marker, id] of sealed) byMarker.set(marker, await this.#input(id, run.runId));
    const secretInputs = Object.keys(call.inputs).filter((name) =>
      this.isMarked({ [name]: call.inputs[name] ?? null }, run),
    );
    return { inputs: fillMarkers(call.inputs, byMarker), env: fillWritten(call.env, values), secretInputs };
  }

  /** A new key as the settings say now (`ProjectKey.change`), and all secrets sealed with it. Errors: those of the key, `secret.damaged`. */
  changeKey(passphrase: string | null): Promise<void> {
    const { repository } = this.#options;
    return this.key.change(passphrase, (old, next) => {
      for (const secret of repository.all()) {
        const own = this.#ownKey(old, secret);
        repository.save({ ...secret, sealedKey: seal(next.bytes, aboutKey(next.id, secret.name), own) });
      }
      this.inputs.reseal(old, next);
    });
  }

  /** Marker -> name of the secrets that stand in inputs of a run. */
  #secretsIn(inputs: JsonMap, { markedBy }: MarkedRun): ReadonlyMap<string, string> {
    const key = this.#options.repository.key()?.keyId;
    if (key === undefined) return new Map();
    return new Map([...namesMarkedIn(inputs, markedBy, key)].map((name) => [markerOf(name, markedBy, key), name]));
  }

  async #input(id: string, runId: string | null): Promise<Json> {
    const { name, value } = await this.inputs.open(id);
    if (runId !== null) this.#options.onInput(runId, name, value);
    return value;
  }

  async #value(name: string): Promise<string> {
    const key = await this.key.open();
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
}

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
