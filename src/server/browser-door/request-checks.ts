import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../shared/errors.ts';
import type { CallContext } from '../../shared/model/access.ts';
import type { Sessions } from './sessions.ts';

/** A refusal with the HTTP status it is sent under. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 500;
  readonly error: AppError;
}

/** What a request must match: the door's own port, cookie name and sessions. */
export interface DoorIdentity {
  readonly port: number;
  readonly sessions: Sessions;
}

/** From where a request comes, for the audit. */
export const contextOf = ({
  ip,
  headers,
}: {
  readonly ip: string;
  readonly headers: IncomingHttpHeaders;
}): CallContext => ({
  sourceIp: ip,
  userAgent: headers['user-agent'] ?? null,
});

/** A cookie belongs to a host, not to a port: two doors on one machine must not share a name. */
export const cookieName = (port: number): string => `aiw_${port}`;

const badOrigin = (message: string): Refusal => ({ status: 403, error: new AppError('access.bad_origin', message) });
const badToken = (message: string): Refusal => ({
  status: 401,
  error: new AppError('access.bad_token', message, { hint: "Open the app again with a fresh link ('npm start')." }),
});

/** A name that points here by DNS rebinding is not ours: only the loopback names with the own port are. */
export function checkHost(headers: IncomingHttpHeaders, door: DoorIdentity): Refusal | null {
  const isOwn = headers.host === `127.0.0.1:${door.port}` || headers.host === `localhost:${door.port}`;
  return isOwn ? null : badOrigin('This address is not served here.');
}

/** Every call and every WebSocket says where it comes from; only the page that this door served may talk to it. */
export function checkOrigin(headers: IncomingHttpHeaders): Refusal | null {
  return headers.origin === `http://${headers.host}` ? null : badOrigin('Calls are only taken from the own page.');
}

/** The secret of the session that the cookie names, or the refusal. Counts as use of the session. */
export function checkSession(headers: IncomingHttpHeaders, door: DoorIdentity): string | Refusal {
  const secret = readCookie(headers, cookieName(door.port));
  if (secret === null || !door.sessions.use(secret))
    return badToken('You are not signed in here, or the session has ended.');
  return secret;
}

/** The secret of the session of a caller from the own page, or the refusal. */
export function checkCaller(headers: IncomingHttpHeaders, door: DoorIdentity): string | Refusal {
  return checkHost(headers, door) ?? checkOrigin(headers) ?? checkSession(headers, door);
}

export function checkToken(secret: string, token: unknown, door: DoorIdentity): Refusal | null {
  const isOwn = typeof token === 'string' && door.sessions.isToken(secret, token);
  return isOwn ? null : badToken('The token of the session is missing or wrong.');
}

function readCookie(headers: IncomingHttpHeaders, name: string): string | null {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}
