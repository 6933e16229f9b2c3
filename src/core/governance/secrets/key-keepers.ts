import { scrypt } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { type KeyKeeperKind, LEAST_PASSPHRASE_CHARS } from '../../../shared/model/secret.ts';
import { randomHex } from '../../crypto/index.ts';
import { errnoOf, toFileError, writeFileAtomic } from '../../files/index.ts';
import type { KeySealer } from './key-sealer.ts';
import type { Keychain } from './keychain.ts';
import { KEY_BYTES, seal, unseal } from './sealing.ts';

/** Keeps the one key of all secrets. What `keep` gives is stored beside the secrets and handed to `open` again. */
export interface KeyKeeper {
  readonly kind: KeyKeeperKind;
  keep(keyId: string, key: Buffer): Promise<string>;
  /** Errors: `secret.locked`, `secret.wrong_passphrase`, `secret.no_keychain`, `secret.keychain_locked`, `secret.key_missing`, `secret.damaged`. */
  open(keyId: string, header: string): Promise<Buffer>;
  /** Forgets a key that nothing is sealed with any more. */
  forget(keyId: string): Promise<void>;
}

const gone = (where: string): AppError =>
  new AppError('secret.key_missing', `The key of this project's secrets is not in ${where}.`, {
    hint: 'It was removed, or the folder was moved or copied from another computer. Nothing was changed: put the key back, or remove the secrets and set them anew.',
  });

/** The key lies in the keychain, under an account of the project's own. */
export function keychainKeeper(keychain: Keychain, account: string): KeyKeeper {
  const named = (keyId: string): string => `${account}/${keyId}`;
  return {
    kind: 'keychain',
    keep: async (keyId, key) => {
      const text = key.toString('base64');
      await keychain.set(named(keyId), text);
      // A keychain that takes and does not keep must not be noticed by the loss of all secrets.
      if ((await keychain.get(named(keyId))) !== text) throw gone('the keychain of this system');
      return '';
    },
    open: async (keyId) => {
      const text = await keychain.get(named(keyId));
      if (text === null) throw gone('the keychain of this system');
      return asKey(text);
    },
    forget: (keyId) => keychain.remove(named(keyId)),
  };
}

/** The key is sealed by the desktop app, bound to the project: a copy of the folder elsewhere opens nothing. */
export function desktopKeeper(sealer: KeySealer, account: string): KeyKeeper {
  const bound = (keyId: string): string => `${account}/${keyId} `;
  const opened = async (keyId: string, header: string): Promise<Buffer> => {
    const text = await sealer.open(header);
    if (!text.startsWith(bound(keyId))) throw gone('what the desktop app has sealed');
    return asKey(text.slice(bound(keyId).length));
  };
  return {
    kind: 'desktop',
    keep: async (keyId, key) => {
      const header = await sealer.seal(`${bound(keyId)}${key.toString('base64')}`);
      // What seals and does not open again must not be noticed by the loss of all secrets.
      if (!(await opened(keyId, header)).equals(key)) throw gone('what the desktop app has sealed');
      return header;
    },
    open: async (keyId, header) => {
      if (!(await sealer.isThere())) throw desktopAlone();
      return opened(keyId, header);
    },
    forget: async () => undefined,
  };
}

const desktopAlone = (): AppError =>
  new AppError('secret.no_keychain', "The key of this project's secrets is sealed by the desktop app.", {
    hint: 'Nothing was changed. Open the project in the desktop app, in the session of the desktop: while it is open there, commands use its secrets too.',
  });

/** Whatever the text is: a key that is another one is known by its id. */
const asKey = (text: string): Buffer => Buffer.from(text.trim(), 'base64');

/** The key lies open in a file of the user's own folder: for machines where nobody can type and no keychain is. */
export function fileKeeper(file: string): KeyKeeper {
  const named = (keyId: string): string => `${file}.${keyId}`;
  return {
    kind: 'file',
    keep: async (keyId, key) => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      await writeFileAtomic(named(keyId), `${key.toString('base64')}\n`, 0o600);
      return '';
    },
    open: async (keyId) => {
      try {
        chmodSync(named(keyId), 0o600);
        return asKey(readFileSync(named(keyId), 'utf8'));
      } catch (error) {
        throw errnoOf(error) === 'ENOENT' ? gone("the user's own folder") : toFileError(error, named(keyId));
      }
    },
    forget: async (keyId) => rmSync(named(keyId), { force: true }),
  };
}

type Derive = (
  passphrase: string,
  salt: Buffer,
  length: number,
  cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
) => Promise<Buffer>;
const derive = promisify(scrypt) as Derive;

/** What OWASP advises for scrypt: 128 MiB and a good part of a second, whoever tries. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const SALT_BYTES = 16;

/** What is stored of a vault. Costs are read within bounds, or a changed file could ask for all of the memory. */
const vaultSchema = z.strictObject({
  v: z.literal(1),
  kdf: z.literal('scrypt'),
  N: z.union([z.literal(2 ** 17), z.literal(2 ** 18), z.literal(2 ** 19)]),
  r: z.literal(8),
  p: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  sealed: z.string().max(200),
});
type VaultHeader = z.output<typeof vaultSchema>;

const wrapping = async (passphrase: string, { N, r, p, salt }: Omit<VaultHeader, 'sealed'>): Promise<Buffer> =>
  derive(passphrase.normalize('NFKC'), Buffer.from(salt, 'hex'), KEY_BYTES, { N, r, p, maxmem: 256 * N * r });

/** All that is not hidden is sealed with the key: who changes it opens nothing. */
const aboutVault = (keyId: string, { v, kdf, N, r, p, salt }: Omit<VaultHeader, 'sealed'>): string =>
  JSON.stringify(['aiworkflow vault', v, keyId, kdf, N, r, p, salt]);

/** The key is sealed with what a passphrase comes to; `passphrase` gives it, or null where nobody has said it yet. */
export function vaultKeeper(passphrase: () => string | null): KeyKeeper {
  const said = (): string => {
    const text = passphrase();
    if (text !== null) return text;
    throw locked();
  };
  return {
    kind: 'vault',
    keep: async (keyId, key) => {
      const text = said();
      if (text.length < LEAST_PASSPHRASE_CHARS) throw tooShort();
      const open = { v: 1, kdf: 'scrypt', ...COST, salt: randomHex(SALT_BYTES) } as const;
      const sealed = seal(await wrapping(text, open), aboutVault(keyId, open), key);
      return JSON.stringify({ ...open, sealed });
    },
    open: async (keyId, header) => {
      const text = said();
      const { sealed, ...open } = readHeader(header);
      const key = unseal(await wrapping(text, open), aboutVault(keyId, open), sealed);
      if (key !== null) return key;
      throw new AppError('secret.wrong_passphrase', 'This is not the passphrase of the vault.', {
        hint: 'Nothing was changed. Type it again; a lost passphrase cannot be found again.',
      });
    },
    forget: async () => undefined,
  };
}

function readHeader(header: string): VaultHeader {
  try {
    return vaultSchema.parse(JSON.parse(header));
  } catch (cause) {
    throw new AppError('secret.damaged', 'The head of the vault is damaged.', {
      cause,
      hint: 'Nothing was changed. Take state.db from a backup, or remove the secrets and set them anew.',
    });
  }
}

const tooShort = (): AppError =>
  new AppError('secret.short_passphrase', `The passphrase has fewer than ${LEAST_PASSPHRASE_CHARS} characters.`, {
    hint: 'No vault was made. Choose a longer one: a sentence is easy to keep in mind.',
  });

/** Nobody has said the passphrase yet. */
export const locked = (): AppError =>
  new AppError('secret.locked', 'The vault of this project is locked.', {
    hint: "Unlock it: 'aiworkflow secrets unlock', Admin → Secrets, or AIWORKFLOW_MASTER_KEY in the environment of the app.",
  });
