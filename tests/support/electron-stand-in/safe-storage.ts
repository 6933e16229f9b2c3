import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { SafeStorage } from 'electron';

/** Names the file that stands for the keyring of the desktop; unset = the desktop has none, as on the machines that run tests: Chromium then seals with a key that protects nothing. */
export const KEYRING_VARIABLE = 'STAND_IN_KEYRING';

const IV_BYTES = 12;
const TAG_BYTES = 16;

function keyNow(): Buffer {
  const file = process.env[KEYRING_VARIABLE];
  if (file === undefined) return Buffer.alloc(32, 'peanuts');
  if (!existsSync(file)) throw new Error('Error while decrypting the ciphertext provided.');
  return createHash('sha256').update(readFileSync(file)).digest();
}

/** Seals with what the keyring holds now: another keyring opens nothing. The part of `safeStorage` that the app uses. */
export const safeStorage: Pick<
  SafeStorage,
  'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
> = {
  getSelectedStorageBackend: () => (process.env[KEYRING_VARIABLE] === undefined ? 'basic_text' : 'gnome_libsecret'),
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text) => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', keyNow(), iv);
    const body = Buffer.concat([cipher.update(text), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  },
  decryptStringAsync: async (sealed) => {
    const decipher = createDecipheriv('aes-256-gcm', keyNow(), sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const body = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return { result: body.toString(), shouldReEncrypt: false };
  },
};
