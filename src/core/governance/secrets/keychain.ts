import { AppError } from '../../../shared/errors.ts';

/**
 * The keychain of the system, as far as it is needed: one text by the name of an account. Errors: `secret.no_keychain` where there is none,
 * `secret.keychain_locked` where it is there and lets nobody in.
 */
export interface Keychain {
  /** Null = it is there and knows nothing of this account. */
  get(account: string): Promise<string | null>;
  set(account: string, text: string): Promise<void>;
  remove(account: string): Promise<void>;
}

const SERVICE = 'aiworkflow';

/**
 * The keychain of macOS, the Windows Credential Manager, or the Secret Service of a Linux desktop. The kernel's own keyring, which the package
 * would fall back to, forgets at the next start of the machine and is not taken.
 */
export const systemKeychain: Keychain = {
  get: (account) => withEntry(account, (entry) => entry.getPassword()),
  set: (account, text) => withEntry(account, (entry) => entry.setPassword(text)),
  remove: (account) => withEntry(account, async (entry) => void (await entry.deletePassword())),
};

type Entry = import('@napi-rs/keyring').AsyncEntry;

async function withEntry<T>(account: string, work: (entry: Entry) => Promise<T>): Promise<T> {
  try {
    // Its library is loaded where it is used first: most commands need no secret.
    const { AsyncEntry } = await import('@napi-rs/keyring');
    return await work(new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } }));
  } catch (error) {
    throw toKeychainError(error);
  }
}

/** What a locked keychain says, in the words of the three systems. */
const LOCKED = /locked|dismissed|interaction is not allowed|denied|cancel/i;

function toKeychainError(error: unknown): AppError {
  const said = error instanceof Error ? error.message : '';
  if (LOCKED.test(said))
    return new AppError('secret.keychain_locked', 'The keychain of this system is locked.', {
      cause: error,
      hint: 'Unlock it (log in to the desktop, or open its own settings), then try again.',
    });
  return noKeychain(error);
}

/** There is no keychain here. */
export const noKeychain = (cause?: unknown): AppError =>
  new AppError('secret.no_keychain', 'This system has no keychain that can be reached.', {
    cause,
    hint: 'Where a key already lies in one, open the project in the session of the desktop. Otherwise secrets are kept in a vault with a passphrase.',
  });
