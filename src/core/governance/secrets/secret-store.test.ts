import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { Store } from '../../storage/index.ts';
import { type Keychain, noKeychain } from './keychain.ts';
import { SecretStore, type SecretStoreOptions } from './secret-store.ts';

const PASSPHRASE = 'correct horse battery';
const VALUE = 'sk-planted/ed+value"1';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

/** A keychain that can be locked, lose what it has, and be replaced: what a desktop does to it. */
function keychainOf(entries: Map<string, string>, state: { problem: AppError | null } = { problem: null }): Keychain {
  const open = (): Map<string, string> => {
    if (state.problem !== null) throw state.problem;
    return entries;
  };
  return {
    get: async (account) => open().get(account) ?? null,
    set: async (account, text) => void open().set(account, text),
    remove: async (account) => void open().delete(account),
  };
}

const NONE: Keychain = keychainOf(new Map(), { problem: noKeychain() });

function world(): {
  readonly folder: string;
  open(more?: Partial<SecretStoreOptions>): SecretStore;
  readonly store: Store;
} {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const store = new Store({
    storeFile: join(folder, 'state.db'),
    logsFile: join(folder, 'logs.db'),
    blobsDir: join(folder, 'blobs'),
    onLog: () => undefined,
    onConversation: () => undefined,
  });
  closing.push(() => store.close());
  return {
    folder,
    store,
    open: (more = {}) =>
      new SecretStore({
        repository: store.secrets,
        setting: 'keychain',
        account: 'project',
        keyFile: join(folder, 'own', 'key'),
        passphrase: null,
        keychain: NONE,
        now: () => 1000,
        onValue: () => undefined,
        onInput: () => undefined,
        onUsed: () => undefined,
        onOpened: () => undefined,
        ...more,
      }),
  };
}

const workflow = (name: string) => ({ kind: 'workflow', name }) as const;

describe('the secret store', () => {
  it('makes no key of its own where there is neither a keychain nor a passphrase', async () => {
    const { open, store } = world();
    const secrets = open();
    await expect(secrets.set('TOKEN', VALUE)).rejects.toMatchObject({ code: 'secret.locked' });
    expect(store.secrets.all()).toEqual([]);
    expect(store.secrets.key()).toBeNull();
    expect(await secrets.key.info()).toMatchObject({
      keeper: 'vault',
      state: 'none',
      needsPassphrase: true,
      isUnprotected: false,
    });
  });

  it('keeps a value in a vault: only the passphrase opens it, in another process too', async () => {
    const { open } = world();
    await open({ passphrase: PASSPHRASE }).set('TOKEN', VALUE, { allowed: ['deploy'] });
    const later = open();
    expect(await later.key.info()).toMatchObject({ keeper: 'vault', state: 'locked' });
    await expect(later.read('TOKEN', workflow('deploy'))).rejects.toMatchObject({ code: 'secret.locked' });
    await expect(later.key.unlock('another passphrase')).rejects.toMatchObject({ code: 'secret.wrong_passphrase' });
    expect(await later.key.info()).toMatchObject({ state: 'locked' });
    await later.key.unlock(PASSPHRASE);
    expect(await later.read('TOKEN', workflow('deploy'))).toBe(VALUE);
    later.key.lock();
    await expect(later.read('TOKEN', workflow('deploy'))).rejects.toMatchObject({ code: 'secret.locked' });
  });

  it('makes no vault with a short passphrase, whichever way it is said', async () => {
    const { open, store } = world();
    await expect(open({ passphrase: 'eleven char' }).set('TOKEN', VALUE)).rejects.toMatchObject({
      code: 'secret.short_passphrase',
    });
    const secrets = open();
    await expect(secrets.key.unlock('eleven char')).rejects.toMatchObject({ code: 'secret.short_passphrase' });
    await expect(secrets.set('TOKEN', VALUE)).rejects.toMatchObject({ code: 'secret.locked' });
    expect([store.secrets.key(), store.secrets.all()]).toEqual([null, []]);
  });

  it('a wrong passphrase of the environment rewrites nothing', async () => {
    const { open, store } = world();
    await open({ passphrase: PASSPHRASE }).set('TOKEN', VALUE);
    const before = [store.secrets.key(), store.secrets.all()];
    const wrong = open({ passphrase: 'not the right one' });
    await expect(wrong.set('OTHER', 'value-of-other')).rejects.toMatchObject({ code: 'secret.wrong_passphrase' });
    await expect(wrong.changeKey('a whole new passphrase')).rejects.toMatchObject({ code: 'secret.wrong_passphrase' });
    expect([store.secrets.key(), store.secrets.all()]).toEqual(before);
  });

  it('is allowed and taken back by two at once, and neither undoes what the other did', async () => {
    const { open } = world();
    const [one, other] = [open({ passphrase: PASSPHRASE }), open({ passphrase: PASSPHRASE })];
    await one.set('TOKEN', VALUE, { allowed: ['deploy', 'tool:github'] });
    one.edit('TOKEN', { allow: ['agent:team', 'deploy'] });
    other.edit('TOKEN', { deny: ['tool:github'], description: 'Reads' });
    expect(one.edit('TOKEN', {})).toMatchObject({ allowed: ['deploy', 'agent:team'], description: 'Reads' });
  });

  it('gives a value only to whom it is allowed', async () => {
    const { open } = world();
    const secrets = open({ passphrase: PASSPHRASE });
    await secrets.set('TOKEN', VALUE, { allowed: ['deploy', 'tool:github'] });
    await expect(secrets.read('TOKEN', workflow('other'))).rejects.toMatchObject({ code: 'secret.not_allowed' });
    await expect(secrets.read('TOKEN', { kind: 'agent', name: 'github' })).rejects.toMatchObject({
      code: 'secret.not_allowed',
    });
    // A workflow whose id looks like a tool is no tool.
    expect(await secrets.read('TOKEN', { kind: 'tool', name: 'github' })).toBe(VALUE);
    await expect(secrets.read('NONE', workflow('deploy'))).rejects.toMatchObject({ code: 'secret.not_found' });
    expect(secrets.list()[0]).toMatchObject({ lastUsedAt: 1000 });
  });

  it('a row that was put in the place of another, or changed, opens nothing', async () => {
    const { open, store, folder } = world();
    const secrets = open({ passphrase: PASSPHRASE });
    await secrets.set('ONE', VALUE, { allowed: ['*'] });
    await secrets.set('TWO', 'another value', { allowed: ['*'] });
    const [one, two] = store.secrets.all();
    if (one === undefined || two === undefined) throw new Error('two were stored');
    store.secrets.save({ ...two, sealedKey: one.sealedKey, sealedValue: one.sealedValue });
    await expect(secrets.read('TWO', workflow('w'))).rejects.toMatchObject({ code: 'secret.damaged' });
    store.secrets.save({ ...one, version: one.version + 1 });
    await expect(secrets.read('ONE', workflow('w'))).rejects.toMatchObject({ code: 'secret.damaged' });
    const raw = new Database(join(folder, 'state.db'));
    raw.prepare(`UPDATE secret_key SET header = replace(header, '"N":131072', '"N":1073741824')`).run();
    raw.close();
    await expect(open().key.unlock(PASSPHRASE)).rejects.toMatchObject({ code: 'secret.damaged' });
  });

  it('changes the key of all secrets at once, and the old passphrase opens nothing any more', async () => {
    const { open, store } = world();
    const secrets = open({ passphrase: PASSPHRASE });
    await secrets.set('ONE', VALUE, { allowed: ['*'] });
    const before = store.secrets.key();
    await secrets.changeKey('a whole new passphrase');
    expect(store.secrets.key()?.keyId).not.toBe(before?.keyId);
    expect(await secrets.read('ONE', workflow('w'))).toBe(VALUE);
    await expect(open().key.unlock(PASSPHRASE)).rejects.toMatchObject({ code: 'secret.wrong_passphrase' });
    const later = open();
    await later.key.unlock('a whole new passphrase');
    expect(await later.read('ONE', workflow('w'))).toBe(VALUE);
  });

  it('tells a keychain that is locked, lost the key, or holds another one, and leaves all as it is', async () => {
    const { open, store } = world();
    const entries = new Map<string, string>();
    const state: { problem: AppError | null } = { problem: null };
    const keychain = keychainOf(entries, state);
    await open({ keychain }).set('TOKEN', VALUE, { allowed: ['*'] });
    const before = [store.secrets.key(), store.secrets.all()];
    const [account = '', key = ''] = [...entries][0] ?? [];

    state.problem = new AppError('secret.keychain_locked', 'locked');
    let later = open({ keychain });
    expect(await later.key.info()).toMatchObject({ keeper: 'keychain', state: 'locked' });
    await expect(later.set('OTHER', VALUE)).rejects.toMatchObject({ code: 'secret.keychain_locked' });
    state.problem = null;
    expect(await later.read('TOKEN', workflow('w'))).toBe(VALUE);

    entries.set(account, Buffer.alloc(32, 7).toString('base64'));
    later = open({ keychain });
    await expect(later.set('OTHER', VALUE)).rejects.toMatchObject({ code: 'secret.key_changed' });
    entries.delete(account);
    expect(await later.key.info()).toMatchObject({ state: 'unreachable' });
    await expect(later.set('OTHER', VALUE)).rejects.toMatchObject({ code: 'secret.key_missing' });
    await expect(later.changeKey(null)).rejects.toMatchObject({ code: 'secret.key_missing' });
    expect(store.secrets.key()).toEqual(before[0]);
    entries.set(account, key);
    expect(await later.read('TOKEN', workflow('w'))).toBe(VALUE);
  });

  it('seals the inputs of runs with the same key, each as what it is', async () => {
    const { open, store } = world();
    const heard: unknown[] = [];
    const secrets = open({ passphrase: PASSPHRASE, onInput: (...input) => heard.push(input) });
    const text = await secrets.inputs.seal('password', VALUE);
    const list = await secrets.inputs.seal('pins', [1234, 'two']);
    const run = { markedBy: 'r', workflowId: 'w', sealed: [text.id, list.id], runId: 'r-1', declared: null };
    const inputs = { a: text.marker, b: `x ${list.marker}`, c: [list.marker], d: 'plain' };
    expect(JSON.stringify(store.secrets.inputs())).not.toContain(VALUE);
    expect(secrets.isMarked({ d: 'plain' }, run)).toBe(false);
    await secrets.changeKey(null);
    expect(await secrets.fill({ inputs, env: {} }, run)).toEqual({
      inputs: { a: VALUE, b: 'x [1234,"two"]', c: [[1234, 'two']], d: 'plain' },
      env: {},
      secretInputs: ['a', 'b', 'c'],
    });
    expect(heard).toEqual([
      ['r-1', 'password', VALUE],
      ['r-1', 'pins', [1234, 'two']],
    ]);
    // A marker is of use to the runs alone that were started with it.
    expect(await secrets.fill({ inputs, env: {} }, { ...run, sealed: [] })).toBeNull();

    const [stored] = store.secrets.inputs().filter(({ id }) => id === text.id);
    if (stored !== undefined) store.secrets.saveInput({ ...stored, id: list.id });
    await expect(secrets.inputs.open(list.id)).rejects.toMatchObject({ code: 'secret.damaged' });
    store.secrets.forgetUnusedInputs();
    await expect(secrets.inputs.open(text.id)).rejects.toMatchObject({ code: 'secret.not_found' });
  });

  it('moves from a vault to a keychain by a change of the key, and forgets what is not needed any more', async () => {
    const { open } = world();
    const entries = new Map<string, string>();
    const secrets = open({ passphrase: PASSPHRASE });
    await secrets.set('TOKEN', VALUE, { allowed: ['*'] });
    const moved = open({ passphrase: PASSPHRASE, keychain: keychainOf(entries) });
    await moved.changeKey(null);
    expect(await moved.key.info()).toMatchObject({ keeper: 'keychain', state: 'open' });
    await moved.changeKey(null);
    expect(entries.size).toBe(1);
    expect(await open({ keychain: keychainOf(entries) }).read('TOKEN', workflow('w'))).toBe(VALUE);
  });

  it('is sealed by the desktop app where there is no keychain, for this project alone, and looked for nowhere else', async () => {
    const { open, store } = world();
    const sealer = {
      isThere: async () => true,
      seal: async (text: string) => Buffer.from(text).toString('base64'),
      open: async (sealed: string) => Buffer.from(sealed, 'base64').toString(),
    };
    const keychain = keychainOf(new Map());
    await open({ sealer }).set('TOKEN', VALUE, { allowed: ['*'] });
    expect(store.secrets.key()).toMatchObject({ keeper: 'desktop' });
    // A keychain that is there later is not asked for it.
    expect(await open({ sealer, keychain }).read('TOKEN', workflow('w'))).toBe(VALUE);
    await expect(open({ keychain }).read('TOKEN', workflow('w'))).rejects.toMatchObject({ code: 'secret.no_keychain' });
    await expect(open({ sealer, account: 'a copy' }).read('TOKEN', workflow('w'))).rejects.toMatchObject({
      code: 'secret.key_missing',
    });
    const moved = open({ sealer, keychain });
    await moved.changeKey(null);
    expect(await moved.key.info()).toMatchObject({ keeper: 'keychain', state: 'open' });
    expect(await open({ sealer, keychain: keychainOf(new Map()), setting: 'env' }).key.info()).toMatchObject({
      keeper: 'keychain',
      state: 'unreachable',
    });
  });

  it('leaves the key open in a file only where the settings say so, and says that it does', async () => {
    const { open, folder, store } = world();
    const secrets = open({ setting: 'file' });
    await secrets.set('TOKEN', VALUE, { allowed: ['*'] });
    expect(await secrets.key.info()).toEqual({
      keeper: 'file',
      state: 'open',
      problem: null,
      needsPassphrase: false,
      isUnprotected: true,
    });
    const file = join(folder, 'own', `key.${store.secrets.key()?.keyId}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'state.db'), 'latin1')).not.toContain(VALUE);
  });
});
