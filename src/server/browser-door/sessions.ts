import { randomBytes } from 'node:crypto';
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from '../../shared/model/access.ts';
import { hashSecret, isSameSecret, makeSecret, signSecret } from '../secrets.ts';

/** Beyond it the session that was used longest ago ends. */
const MAX_SESSIONS = 100;

/** What of the sessions outlives the process: no secret of a session, only hashes, and the key that their tokens are made with. */
export interface KeptSessions {
  readonly key: string;
  readonly sessions: readonly (readonly [
    hash: string,
    session: { readonly openedAt: number; readonly usedAt: number; readonly isUser?: boolean | undefined },
  ])[];
}

/** Where sessions are kept between two processes of one host: they survive a restart, and the pages that are open go on. */
export interface SessionKeeper {
  read(): KeptSessions | null;
  write(kept: KeptSessions): void;
}

/** The use of a session is written down at most this often. */
const WRITE_USE_MS = 10 * 60_000;

/** The sessions of one browser door. */
export interface Sessions {
  /** Opens a session and returns the secret for its cookie; only a hash of it is kept. */
  open(): string;
  /** The same for a user who has signed in: the secret is that of the session which the control center has opened. */
  openFor(secret: string): void;
  /** Whether a user signed in for it: the control center says who that is, and whether it still holds. */
  isOfUser(secret: string): boolean;
  /** Ends it here. */
  end(secret: string): void;
  /** True while the session lives; counts as use. */
  use(secret: string): boolean;
  /** True while the session lives; does not count as use. */
  isLive(secret: string): boolean;
  /** The token that the session's own page sends in a header. It is derived, so every tab of the session gets the same. */
  tokenOf(secret: string): string;
  isToken(secret: string, token: string): boolean;
}

interface Session {
  readonly openedAt: number;
  usedAt: number;
  readonly isUser?: boolean | undefined;
}

/** Sessions that `keeper` has from an earlier process live on, as long as their hours let them. */
export function createSessions(now: () => number, keeper: SessionKeeper | null = null): Sessions {
  const kept = keeper?.read() ?? null;
  const sessions = new Map<string, Session>(kept?.sessions.map(([hash, session]) => [hash, { ...session }]));
  const key = kept === null ? randomBytes(32) : Buffer.from(kept.key, 'base64url');
  let writtenAt = Number.NEGATIVE_INFINITY;
  const keep = (): void => {
    writtenAt = now();
    keeper?.write({ key: key.toString('base64url'), sessions: [...sessions] });
  };
  const find = (secret: string): Session | undefined => {
    const hash = hashSecret(secret);
    const session = sessions.get(hash);
    if (session === undefined) return undefined;
    const isOver = now() - session.openedAt >= SESSION_ABSOLUTE_MS || now() - session.usedAt >= SESSION_IDLE_MS;
    if (!isOver) return session;
    sessions.delete(hash);
    return undefined;
  };
  const add = (secret: string, isUser: boolean): void => {
    if (sessions.size >= MAX_SESSIONS) dropLeastUsed(sessions);
    sessions.set(hashSecret(secret), { openedAt: now(), usedAt: now(), ...(isUser ? { isUser } : {}) });
    keep();
  };
  const tokenOf = (secret: string): string => signSecret(key, secret);
  return {
    open: () => {
      const secret = makeSecret();
      add(secret, false);
      return secret;
    },
    openFor: (secret) => add(secret, true),
    isOfUser: (secret) => find(secret)?.isUser === true,
    end: (secret) => {
      sessions.delete(hashSecret(secret));
      keep();
    },
    use: (secret) => {
      const session = find(secret);
      if (session === undefined) return false;
      session.usedAt = now();
      if (now() - writtenAt >= WRITE_USE_MS) keep();
      return true;
    },
    isLive: (secret) => find(secret) !== undefined,
    tokenOf,
    isToken: (secret, token) => isSameSecret(tokenOf(secret), token),
  };
}

function dropLeastUsed(sessions: Map<string, Session>): void {
  const [oldest] = [...sessions].sort(([, a], [, b]) => a.usedAt - b.usedAt);
  if (oldest !== undefined) sessions.delete(oldest[0]);
}
