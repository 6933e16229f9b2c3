import { hmacSha256 } from '../../crypto/index.ts';
import type { RawHeaders } from './raw-headers.ts';
import { SCHEMES, type SignatureScheme } from './signature-schemes.ts';

/**
 * The headers with which a sender of this scheme would deliver the body: signature, id and timestamp. Null when the secret is none that
 * the scheme can use (`standard` wants base64 behind `whsec_`).
 */
export function signDelivery(
  scheme: SignatureScheme,
  secret: string,
  { body, id, atMs }: { readonly body: Uint8Array; readonly id: string; readonly atMs: number },
): RawHeaders | null {
  const rules = SCHEMES[scheme];
  const key = rules.key(secret);
  if (key === null) return null;
  const timestamp = String(Math.floor(atMs / 1000));
  const signature = rules.write(hmacSha256(key, rules.covered(body, { id, timestamp })));
  return [
    [rules.signatureHeader, signature],
    ...(rules.idHeader === null ? [] : [[rules.idHeader, id] as const]),
    ...(rules.timestampHeader === null ? [] : [[rules.timestampHeader, timestamp] as const]),
  ];
}
