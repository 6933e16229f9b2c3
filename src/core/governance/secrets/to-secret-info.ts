import type { SecretInfo } from '../../../shared/model/secret.ts';
import type { StoredSecret } from '../../storage/index.ts';

/** From here on an end is near. */
const SOON_MS = 14 * 24 * 3600 * 1000;

/** A secret as operators see it; `usedBy` is known elsewhere. */
export function toSecretInfo(secret: StoredSecret, usedBy: readonly string[], now: number): SecretInfo {
  const { version: _version, sealedKey: _key, sealedValue: _value, ...shown } = secret;
  const { expiresAt } = shown;
  const left = expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - now;
  const expiry = expiresAt === null ? 'none' : left <= 0 ? 'over' : left <= SOON_MS ? 'soon' : 'far';
  return { ...shown, expiry, usedBy };
}
