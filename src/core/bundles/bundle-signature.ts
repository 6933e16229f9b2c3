import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';

/** `signature` of an archive's manifest (SPEC §6.6): Ed25519 over the content hash. Both texts are base64. */
export const signatureSchema = z.object({
  algorithm: z.literal('ed25519'),
  /** SubjectPublicKeyInfo, DER. */
  public_key: z.base64().max(200),
  value: z.base64().max(200),
});
export type BundleSignature = Readonly<z.infer<typeof signatureSchema>>;

/** What is signed: nothing else that a key may ever sign reads like this. */
const signedBytes = (contentHash: string): Buffer => Buffer.from(`aiworkflow bundle ${contentHash}\n`);

/** Signs a content; `privateKey` is PEM. The same key gives the same signature. */
export function signContent(contentHash: string, privateKey: string): BundleSignature {
  const key = createPrivateKey(privateKey);
  return {
    algorithm: 'ed25519',
    public_key: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
    value: sign(null, signedBytes(contentHash), key).toString('base64'),
  };
}

/** The public key of whoever signed exactly this content, base64. Throws `bundle.archive_refused` where the signature does not hold. */
export function verifySigner(contentHash: string, { public_key: publicKey, value }: BundleSignature): string {
  const key = readKey(publicKey);
  if (key !== null && verify(null, signedBytes(contentHash), key, Buffer.from(value, 'base64')))
    return key.export({ type: 'spki', format: 'der' }).toString('base64');
  throw new AppError(
    'bundle.archive_refused',
    'The archive was refused: its signature does not belong to its content.',
    {
      hint: 'Get it again from whoever made it: it was changed, or signed for something else.',
    },
  );
}

function readKey(text: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}
