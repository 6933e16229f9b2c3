import { safeStorage } from 'electron';
import type { KeySealer } from '../core/governance/index.ts';
import { AppError } from '../shared/errors.ts';

/** Without a keyring Chromium seals with a word that stands in its source: that protects nothing. */
const isRealOnLinux = (): boolean => !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend());

/** Electron's own store: the keychain on macOS, DPAPI on Windows, the keyring or wallet of a Linux desktop. */
export const desktopSealer: KeySealer = {
  isThere: async () =>
    (process.platform !== 'linux' || isRealOnLinux()) && (await safeStorage.isAsyncEncryptionAvailable()),
  seal: async (text) => (await safeStorage.encryptStringAsync(text)).toString('base64'),
  open: async (sealed) => {
    try {
      return (await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result;
    } catch (cause) {
      throw new AppError('secret.key_missing', "What sealed the key of this project's secrets is not here any more.", {
        cause,
        hint: 'The keychain of this system was emptied or exchanged, or another user or computer has sealed it. Nothing was changed: bring the keychain back, or remove the secrets and set them anew.',
      });
    }
  },
};
