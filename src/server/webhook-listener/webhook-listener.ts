import type { Server } from 'node:http';
import { isIPv4 } from 'node:net';
import Fastify, { type FastifyHttpOptions, type FastifyReply, type FastifyRequest } from 'fastify';
import { appLog } from '../../core/app-log/index.ts';
import { MAX_BODY_BYTES, type WebhookReply, type WebhookRequest } from '../../core/triggers/index.ts';
import { toErrorRecord } from '../../shared/errors.ts';
import { listen } from '../listen.ts';

/** Where deliveries are listened for, and who takes them. */
export interface WebhookListenerOptions {
  /** A name or address of this computer; `127.0.0.1` is reached by nobody else. */
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Checks and stores a delivery, then says what the sender is told. */
  readonly receive: (request: WebhookRequest) => Promise<WebhookReply>;
}

/** An open listener. */
export interface WebhookListener {
  readonly host: string;
  readonly port: number;
  /** `http://HOST:PORT`, without a path. */
  readonly url: string;
  /** What is on its way is answered, then the port is free. */
  close(): Promise<void>;
}

/** SPEC §7.3: headers 16 KiB, 10 s for the whole request. */
const MAX_HEADER_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const LOOK_FOR_SLOW_ONES_MS = 1_000;

/**
 * Listens for webhooks (SPEC §7.3). It reads requests and nothing of what they hold: the bytes of every body, whatever its type, go to
 * `receive` as they came. Rejects with `trigger.port_in_use`, `usage.invalid` for an address that is not of this computer.
 */
export async function startWebhookListener(options: WebhookListenerOptions): Promise<WebhookListener> {
  const { host, receive } = options;
  const isLoopback = isLoopbackHost(host);
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // One route takes all: what a path means is decided where the endpoints are known, and nothing decodes it before.
    rewriteUrl: () => '/',
    clientErrorHandler: answerBadClient,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: LOOK_FOR_SLOW_ONES_MS,
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', (request, _reply, done) => {
    // A type that is none must not keep a body from being read; it stays with the raw headers.
    delete request.raw.headers['content-type'];
    done();
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply, isTooLarge = false): Promise<FastifyReply> =>
    send(reply, await takeIn(receive, toRequest(request, { isTooLarge, isLoopback })));
  app.all('/', (request, reply) => answer(request, reply));
  app.setNotFoundHandler((request, reply) => answer(request, reply));
  app.setErrorHandler((thrown, request, reply) => {
    const status = (thrown as { readonly statusCode?: number }).statusCode ?? 500;
    if (status === 413) return answer(request, reply, true);
    return send(reply, status < 500 ? BAD_REQUEST : INTERNAL);
  });
  const port = await listen(app, options, {
    failure: 'Webhooks cannot be received',
    setting: 'webhooks: {port: N}',
  });
  return { host, port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, close: () => app.close() };
}

/** Whether an address can be reached from this computer only. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

const BAD_REQUEST: WebhookReply = { status: 400, body: { error: 'Bad request' } };
const INTERNAL: WebhookReply = { status: 500, body: { error: 'Internal error' } };
const NO_BODY = new Uint8Array(0);

function toRequest(
  request: FastifyRequest,
  { isTooLarge, isLoopback }: { readonly isTooLarge: boolean; readonly isLoopback: boolean },
): WebhookRequest {
  const { rawHeaders } = request.raw;
  const headers: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  const body = request.body instanceof Uint8Array ? request.body : NO_BODY;
  return {
    method: request.method,
    target: request.originalUrl,
    headers,
    body: isTooLarge ? null : body,
    sourceIp: request.ip,
    isLoopback,
  };
}

/** The sender hears of every failure; what it was stands in the log of the host. */
async function takeIn(receive: WebhookListenerOptions['receive'], request: WebhookRequest): Promise<WebhookReply> {
  try {
    return await receive(request);
  } catch (thrown) {
    if (toErrorRecord(thrown).code === 'internal.bug') appLog.error('a webhook could not be taken in', thrown);
    return INTERNAL;
  }
}

function send(reply: FastifyReply, { status, body, retryAfterSeconds }: WebhookReply): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(status).header('content-type', 'application/json').send(JSON.stringify(body));
}

/** What is no request of HTTP, too long in its headers or too slow: answered on the bare socket. */
const answerBadClient: NonNullable<FastifyHttpOptions<Server>['clientErrorHandler']> = (error, socket) => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, text] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'Headers too large']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'Request timed out']
        : ['400 Bad Request', 'Bad request'];
  const body = JSON.stringify({ error: text });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
};
