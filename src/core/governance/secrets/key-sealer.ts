/**
 * What a desktop app has of its system beside the keychain: it seals a text so that only this app of this user of this computer opens it.
 * The core asks whoever hosts it (Electron's safeStorage); other hosts have none.
 */
export interface KeySealer {
  /** Whether the system really protects what is sealed here, now. */
  isThere(): Promise<boolean>;
  seal(text: string): Promise<string>;
  /** Errors: `secret.keychain_locked` where it cannot be asked now, `secret.key_missing` where it was sealed by another. */
  open(sealed: string): Promise<string>;
}

/** A host that seals nothing. */
export const noSealer: KeySealer = {
  isThere: async () => false,
  seal: () => Promise.reject(new Error('nothing is sealed here')),
  open: () => Promise.reject(new Error('nothing is sealed here')),
};
