import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A random 256-bit secret as it goes into a link or a cookie. */
export const makeSecret = (): string => randomBytes(32).toString('base64url');

/** What is kept of a secret. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

export const signSecret = (key: Buffer, secret: string): string =>
  createHmac('sha256', key).update(secret).digest('base64url');

/** Compares without telling by its time where two texts differ. */
export function isSameSecret(left: string, right: string): boolean {
  return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}
