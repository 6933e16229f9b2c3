import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, toFileError, writeFileAtomic } from '../../files/index.ts';

/** Whether a text was signed by the owner of a public key. Both as base64; false also where one of them is none. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/**
 * The Ed25519 key that this computer signs the audit of a project with. It lies outside the project: whoever can change the project's
 * folder, or shares it, cannot sign for it (DESIGN decision 2).
 */
export class SigningKey {
  /** DER as base64: what a signature is checked with. */
  readonly publicKey: string;
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
    this.publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  }

  /** Reads the key, or makes it. Errors: `file.io` when the file cannot be read, written, or holds no key. */
  static async open(file: string): Promise<SigningKey> {
    try {
      return new SigningKey(createPrivateKey(readFileSync(file, 'utf8')));
    } catch (thrown) {
      if (errnoOf(thrown) !== 'ENOENT') throw toFileError(thrown, file);
    }
    const { privateKey } = generateKeyPairSync('ed25519');
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomic(file, String(privateKey.export({ format: 'pem', type: 'pkcs8' })), 0o600);
    return new SigningKey(privateKey);
  }

  /** The signature as base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#key).toString('base64');
  }

  /** Whether this key has signed a text. */
  hasSigned(text: string, signature: string): boolean {
    return isSignedBy(this.publicKey, text, signature);
  }
}
