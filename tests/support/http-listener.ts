import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server on loopback that remembers who came. */
export interface HttpListener {
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** TCP connections since the start, whether or not they asked anything. */
  connections(): number;
  /** Connections that are open now. */
  open(): number;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Answering = (request: SeenRequest, response: ServerResponse, raw: IncomingMessage) => void;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

export async function listen(answer: Answering, host = '127.0.0.1'): Promise<HttpListener> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<object>();
  let count = 0;
  const server: Server = createServer((request, response) => {
    bodyOf(request).then(
      (body) => {
        const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
        requests.push(seen);
        answer(seen, response, request);
      },
      () => response.destroy(),
    );
  });
  server.on('connection', (socket) => {
    count += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    connections: () => count,
    open: () => sockets.size,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
