import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AppError } from '../../shared/errors.ts';
import type { Caller } from '../../shared/model/access.ts';
import { type CenterPort, requireFollow } from '../call-envelope.ts';
import { startLiveFeed } from '../live-feed.ts';
import { checkCaller, checkToken, type DoorIdentity, type Refusal } from './request-checks.ts';

/** What may wait in a socket that does not read; beyond it the feed holds back and then skips. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const SESSION_CHECK_MS = 60_000;
const CLOSE_GOING_AWAY = 1001;
const CLOSE_SESSION_ENDED = 4401;

export interface EventsSocketOptions {
  readonly server: Server;
  readonly center: CenterPort;
  readonly door: () => DoorIdentity;
  /** Who looks in by the session of this secret. */
  readonly caller: (secret: string) => Caller;
}

/** Serves `GET ws /api/events?token=`: live batches as JSON frames. The page sends nothing. Returns the way to close. */
export function serveEvents(options: EventsSocketOptions): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });
  options.server.on('upgrade', (request, stream, head) => {
    const checked = checkUpgrade(request, options.door());
    if (typeof checked !== 'string') return refuseUpgrade(stream, checked);
    const leave = (): void => void stream.destroy();
    stream.on('error', leave);
    requireFollow(options.center, options.caller(checked)).then(
      () => {
        stream.off('error', leave);
        sockets.handleUpgrade(request, stream, head, (socket) => feed(socket, options, checked));
      },
      (error: AppError) => {
        endIfOver(options.door(), checked, error);
        refuseUpgrade(stream, { status: 403, error });
      },
    );
  });
  return () => {
    for (const socket of sockets.clients) {
      socket.close(CLOSE_GOING_AWAY);
      socket.terminate();
    }
    sockets.close();
  };
}

/** The secret of the session, or the refusal: the same checks as a call, the origin among them. */
function checkUpgrade(request: IncomingMessage, door: DoorIdentity): string | Refusal {
  const session = checkCaller(request.headers, door);
  if (typeof session !== 'string') return session;
  const url = URL.parse(request.url ?? '', 'http://localhost');
  return checkToken(session, url?.pathname === '/api/events' ? url.searchParams.get('token') : null, door) ?? session;
}

/** A session that the control center does not take any more has ended at this door too: its page is told that it is signed out. */
function endIfOver({ sessions }: DoorIdentity, secret: string, { code }: AppError): void {
  if (code === 'access.bad_token') sessions.end(secret);
}

function refuseUpgrade(stream: Duplex, refusal: Refusal): void {
  const body = JSON.stringify({ error: refusal.error.toRecord() });
  stream.on('error', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function feed(socket: WebSocket, options: EventsSocketOptions, secret: string): void {
  const check = (): void => {
    if (!options.door().sessions.isLive(secret)) socket.close(CLOSE_SESSION_ENDED);
    else
      requireFollow(options.center, options.caller(secret)).catch((error: AppError) => {
        endIfOver(options.door(), secret, error);
        socket.close(CLOSE_SESSION_ENDED);
      });
  };
  const stop = startLiveFeed({
    subscribe: (listener) =>
      options.center.subscribe((batch) => {
        listener(batch);
        // The session may be among what has ended: whoever looks is out at once.
        if (batch.events.some(({ kind }) => kind === 'access')) check();
      }),
    send: (batch) => socket.send(JSON.stringify(batch)),
    canSend: () => socket.bufferedAmount < MAX_BUFFERED_BYTES,
  });
  const checking = setInterval(check, SESSION_CHECK_MS);
  checking.unref();
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    stop();
    clearInterval(checking);
  });
}
