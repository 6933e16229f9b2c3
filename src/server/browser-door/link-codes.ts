import { hashSecret, makeSecret } from '../secrets.ts';

/** How long a one-time link is good for (DESIGN decision 9). */
export const LINK_VALID_MS = 60_000;
const MAX_OPEN_CODES = 50;

/** The codes of one-time links: each opens one session, once, within a minute. */
export interface LinkCodes {
  make(): string;
  /** True exactly once for a code that is still good. */
  take(code: string): boolean;
}

export function createLinkCodes(now: () => number): LinkCodes {
  const expiries = new Map<string, number>();
  return {
    make: () => {
      for (const [hash, expiresAt] of expiries) if (expiresAt <= now()) expiries.delete(hash);
      for (const hash of expiries.keys()) {
        if (expiries.size < MAX_OPEN_CODES) break;
        expiries.delete(hash);
      }
      const code = makeSecret();
      expiries.set(hashSecret(code), now() + LINK_VALID_MS);
      return code;
    },
    take: (code) => {
      const hash = hashSecret(code);
      const expiresAt = expiries.get(hash);
      expiries.delete(hash);
      return expiresAt !== undefined && now() < expiresAt;
    },
  };
}
