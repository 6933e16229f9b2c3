import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { MAX_CALL_BYTES } from '../../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { Caller } from '../../shared/model/access.ts';
import { answerCall, type CenterPort, checkCallEnvelope, parseJson } from '../call-envelope.ts';
import { openClientFiles } from '../client-files/client-files.ts';
import { SECURITY_HEADERS } from '../client-files/security-headers.ts';
import { osUserName } from '../os-user.ts';
import { hashSecret } from '../secrets.ts';
import { serveEvents } from './events-socket.ts';
import { createLinkCodes, type LinkCodes } from './link-codes.ts';
import { REFUSED_LINK_PAGE } from './refusal-page.ts';
import {
  checkCaller,
  checkHost,
  checkSession,
  checkToken,
  contextOf,
  cookieName,
  type DoorIdentity,
  type Refusal,
} from './request-checks.ts';
import { createSessions, type SessionKeeper, type Sessions } from './sessions.ts';
import { addSignIn } from './sign-in.ts';

export interface BrowserDoorOptions {
  /** A loopback name. Anything else needs users with passwords and is refused. */
  readonly host: string;
  /** 0 = any free port. A port that is taken rejects with `usage.invalid`. */
  readonly port: number;
  /** Folder of the built client. */
  readonly clientDir: string;
  readonly center: CenterPort;
  /** Where the sessions of a port outlive this process; without it they end with it. */
  readonly keepSessions?: (port: number) => SessionKeeper;
  /** UTC ms; only tests give another clock. */
  readonly now?: () => number;
}

export interface BrowserDoor {
  /** `http://127.0.0.1:PORT`, without a code: opens nothing by itself. */
  readonly url: string;
  readonly port: number;
  /** A fresh one-time link, good for 60 s. */
  newLink(): string;
  close(): Promise<void>;
}

/** What the routes share; `port` is known once the door listens. */
interface Door extends DoorIdentity {
  port: number;
  sessions: Sessions;
  readonly codes: LinkCodes;
  readonly center: CenterPort;
}

const HOST = '127.0.0.1';

/** Whoever came by a link got it from the user of the system. */
const visitor = (): Caller => ({ kind: 'user', id: osUserName(), door: 'browser' });

/** Who a session belongs to, as far as this door knows. */
const callerOf = ({ sessions }: DoorIdentity, secret: string): Caller => ({
  ...visitor(),
  ...(sessions.isOfUser(secret) ? { credential: secret } : { link: hashSecret(secret) }),
});

/** Opens the browser door (DESIGN decision 9): the built client and the contract, on loopback only. */
export async function startBrowserDoor(options: BrowserDoorOptions): Promise<BrowserDoor> {
  if (options.host !== HOST && options.host !== 'localhost') {
    throw new AppError('usage.invalid', `The browser door opens on ${HOST} only.`);
  }
  const now = options.now ?? Date.now;
  const door: Door = { port: 0, sessions: createSessions(now), codes: createLinkCodes(now), center: options.center };
  const app = Fastify({ bodyLimit: MAX_CALL_BYTES, forceCloseConnections: true, exposeHeadRoutes: false });
  addChecks(app, door);
  addSessionRoutes(app, door);
  addSignIn(app, { door, center: options.center, refuse });
  addCallRoute(app, door);
  addClientRoute(app, options.clientDir);
  const closeEvents = serveEvents({
    server: app.server,
    center: options.center,
    door: () => door,
    caller: (secret) => callerOf(door, secret),
  });
  door.port = await listen(app, options.port);
  // Which file it is depends on the port that was got; a request that is faster than this line finds nobody signed in and asks again.
  if (options.keepSessions !== undefined) door.sessions = createSessions(now, options.keepSessions(door.port));
  return {
    url: `http://${HOST}:${door.port}`,
    port: door.port,
    newLink: () => `http://${HOST}:${door.port}/open?code=${door.codes.make()}`,
    close: async () => {
      closeEvents();
      await app.close();
    },
  };
}

async function listen(app: FastifyInstance, port: number): Promise<number> {
  try {
    await app.listen({ host: HOST, port });
  } catch (cause) {
    await app.close();
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new AppError(
      'usage.invalid',
      isTaken ? `Port ${port} is already in use.` : `Port ${port} cannot be opened.`,
      {
        cause,
        hint: "Give another one with '--port'; 0 takes any that is free.",
        details: { port, taken: isTaken },
      },
    );
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Headers, the host check and the form of every refusal, for all routes and before any body is read. */
function addChecks(app: FastifyInstance, door: Door): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const refusal = checkHost(request.headers, door);
    if (refusal !== null) return refuse(reply, refusal);
  });
  app.setErrorHandler((thrown, _request, reply) => refuse(reply, refusalOf(thrown)));
  app.setNotFoundHandler((_request, reply) => refuse(reply, notFound()));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, text: string) =>
    text === '' ? {} : parseJson(text),
  );
}

function addSessionRoutes(app: FastifyInstance, door: Door): void {
  app.get<{ Querystring: { code?: unknown } }>('/open', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const { code } = request.query;
    if (typeof code === 'string' && door.codes.take(code)) {
      const cookie = `${cookieName(door.port)}=${door.sessions.open()}; HttpOnly; SameSite=Strict; Path=/`;
      return reply.header('set-cookie', cookie).redirect('/', 303);
    }
    // Back or reload in the browser that used the link: it is in already.
    if (typeof checkSession(request.headers, door) === 'string') return reply.redirect('/', 303);
    return reply.code(403).type('text/html; charset=utf-8').send(REFUSED_LINK_PAGE);
  });
  app.post('/api/session', { bodyLimit: 1024 }, (request, reply) => {
    const session = checkCaller(request.headers, door);
    if (typeof session !== 'string') return refuse(reply, session);
    return reply.header('cache-control', 'no-store').send({ token: door.sessions.tokenOf(session) });
  });
}

function addCallRoute(app: FastifyInstance, door: Door): void {
  // Before the body is read: a stranger cannot make the door parse anything.
  const check = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const session = checkCaller(request.headers, door);
    if (typeof session !== 'string') return refuse(reply, session);
    const refusal = checkToken(session, request.headers['x-aiworkflow-token'], door);
    return refusal === null ? undefined : refuse(reply, refusal);
  };
  app.post('/api/call', { onRequest: check }, async (request, reply) => {
    const envelope = checkCallEnvelope(request.body);
    reply.header('cache-control', 'no-store');
    const session = checkSession(request.headers, door);
    if (typeof session !== 'string') return refuse(reply, session);
    const caller = { ...callerOf(door, session), from: contextOf(request) };
    const answer = await answerCall(door.center, envelope, caller);
    if (answer.ok || answer.error.code !== 'access.bad_token') return answer;
    door.sessions.end(session);
    return refuse(reply, { status: 401, error: AppError.fromRecord(answer.error) });
  });
}

function addClientRoute(app: FastifyInstance, clientDir: string): void {
  const files = openClientFiles(clientDir);
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    handler: async (request, reply) => {
      const file = await files.read(request.raw.url ?? '/');
      if (file === null) return refuse(reply, notFound());
      reply.header('cache-control', file.cacheControl).type(file.contentType);
      return reply.send(Buffer.from(file.body.buffer));
    },
  });
}

function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(refusal.status).send({ error: refusal.error.toRecord() });
}

const notFound = (): Refusal => ({
  status: 404,
  error: new AppError('file.not_found', 'There is nothing at this address.'),
});

/** A thrown error as a refusal; what fastify says in its own words is said in ours. */
function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof AppError) return { status: thrown.code === 'contract.too_large' ? 413 : 400, error: thrown };
  const status = (thrown as { readonly statusCode?: number }).statusCode;
  if (status === 413) return { status, error: new AppError('contract.too_large', 'The call is too large.') };
  if (status === 415)
    return { status, error: new AppError('contract.invalid_input', 'A call is sent as application/json.') };
  if (status !== undefined && status < 500) {
    return { status: 400, error: new AppError('contract.invalid_input', 'The request cannot be read.') };
  }
  return { status: 500, error: AppError.fromRecord(toErrorRecord(thrown)) };
}
