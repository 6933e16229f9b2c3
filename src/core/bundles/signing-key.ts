import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, toFileError } from '../files/index.ts';

/**
 * The key by which this user signs what he exports, PEM: made at the first export, in his own folder, for him alone. Errors: `file.*`.
 */
export async function openSigningKey(userDataDir: string): Promise<string> {
  const file = join(userDataDir, 'signing-key.pem');
  try {
    await mkdir(userDataDir, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
  } catch (thrown) {
    if (errnoOf(thrown) !== 'EEXIST') throw toFileError(thrown, file);
  }
  return readFile(file, 'utf8').catch((thrown: unknown) => Promise.reject(toFileError(thrown, file)));
}
