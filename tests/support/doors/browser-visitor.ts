import { type Agent, request as httpRequest } from 'node:http';
import WebSocket from 'ws';
import type { BrowserDoor } from '../../../src/server/browser-door/browser-door.ts';
import type { WireAnswer } from '../../../src/shared/contract/index.ts';

/** One HTTP answer, with the body as text. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Connections that are used again; else the request has one of its own. */
  readonly agent?: Agent;
}

/** A request with exactly these headers: `fetch` would refuse to lie about Host and Origin. */
export function ask(port: number, what: Ask): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: what.method ?? 'GET',
        path: what.path,
        headers: { host: `127.0.0.1:${port}`, ...what.headers },
        agent: what.agent ?? false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(what.body);
  });
}

/** Somebody who came in by a one-time link: the headers a right call carries. */
export interface Visitor {
  readonly cookie: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Comes in by a new link of a door. */
export const signIn = async (door: BrowserDoor): Promise<Visitor> =>
  openWindow(door.url, await signInBy(door.newLink()));

/** Comes in by a one-time link; the cookie of the browser that did. */
export async function signInBy(link: string): Promise<string> {
  const { port, pathname, search } = new URL(link);
  const opened = await ask(Number(port), { path: `${pathname}${search}` });
  return String(opened.headers['set-cookie']).split(';')[0] ?? '';
}

/** A window of a browser that is in, with a token of its own. `url` is that of the door. */
export async function openWindow(url: string, cookie: string): Promise<Visitor> {
  const path = '/api/session';
  const session = await ask(Number(new URL(url).port), { method: 'POST', path, headers: { cookie, origin: url } });
  const { token } = JSON.parse(session.body) as { token: string };
  return {
    cookie,
    token,
    headers: { cookie, origin: url, 'x-aiworkflow-token': token, 'content-type': 'application/json' },
  };
}

/** A call of a window, as its page makes it. */
export async function callAs(url: string, { headers }: Visitor, name: string, input: unknown): Promise<WireAnswer> {
  const body = JSON.stringify({ name, input });
  const reply = await ask(Number(new URL(url).port), { method: 'POST', path: '/api/call', headers, body });
  return JSON.parse(reply.body) as WireAnswer;
}

/** Opens a WebSocket; resolves with the open socket or the status of the refusal. */
export function openEvents(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
    });
    socket.on('error', () => resolve(0));
  });
}
