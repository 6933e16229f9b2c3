import { lookup as systemLookup } from 'node:dns/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { checkUrl } from './check-url.ts';
import { parseAddress } from './ip-address.ts';
import { LOCAL_NAME, type Lookup, resolveTarget, type Target } from './resolve-target.ts';

/** The way out of a sandbox without a network: a socket at which programs ask for the hosts that they may reach. */
export interface HostProxy {
  /** A socket of the file system, in a folder of its own that only this user may enter. */
  readonly socketPath: string;
  /** Ends what goes through it. */
  close(): Promise<void>;
}

interface HostProxyOptions {
  /** `host` with every port of it, or `host:port`. */
  readonly hosts: readonly string[];
  /** Hears once of each host that was asked for and refused: `trust.not_declared`, `tool.address_refused`. */
  readonly onRefused: (error: AppError) => void;
  /** Default: the system's resolver. */
  readonly lookup?: Lookup;
}

/** Headers that are between a program and its proxy. */
const OWN_HEADERS = ['proxy-authorization', 'proxy-connection', 'connection', 'keep-alive', 'te', 'trailer', 'upgrade'];

/**
 * Opens a proxy that lets through what goes to the hosts, each resolved and checked as any other (SPEC §5.4): addresses of this machine and its
 * network only where they are written as such. Everything else is answered with 403 and the reason. Error: `file.io`.
 */
export async function openHostProxy({ hosts, onRefused, lookup = lookUpAll }: HostProxyOptions): Promise<HostProxy> {
  // A whole HTTP client, which no start of the app waits for.
  const { createServer, request: send } = await import('node:http');
  const folder = await mkdtemp(join(tmpdir(), 'aiw-way-'));
  const socketPath = join(folder, 's');
  const open = new Set<Duplex>();
  const told = new Set<string>();
  const written = hosts.filter((host) => LOCAL_NAME.test(nameOf(host)) || parseAddress(nameOf(host)) !== null);
  const check = async (address: string): Promise<Target> => {
    const place = placeIn(address);
    try {
      return await resolveTarget(checkUrl(address), { allowedHosts: written, declaredHosts: hosts }, lookup);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      if (!told.has(place)) onRefused(thrown);
      told.add(place);
      throw thrown;
    }
  };
  const server = createServer((request, response) => {
    void pass({ request, response }, check, send);
  });
  server.on('connect', (request, near: Duplex, head: Buffer) => {
    void tunnel(`https://${request.url ?? ''}`, { near, head }, { check, open });
  });
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
  return {
    socketPath,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const one of open) one.destroy();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Host and port, whichever way they are asked for. */
function placeIn(address: string): string {
  const url = URL.parse(address);
  return url === null ? address : `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}

const nameOf = (host: string): string => host.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1');

async function lookUpAll(host: string): Promise<readonly string[]> {
  return (await systemLookup(host, { all: true, order: 'verbatim' })).map((one) => one.address);
}

type Check = (address: string) => Promise<Target>;

const refusal = (error: unknown): string =>
  error instanceof AppError ? `${error.code}: ${error.message}` : 'tool.connection_lost: The host did not answer.';

/** A request that the program left to us: `GET http://host/path`. */
async function pass(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  check: Check,
  send: typeof import('node:http').request,
): Promise<void> {
  try {
    const { url, port, addresses } = await check(request.url ?? '');
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.includes(name)));
    const place = { host: addresses[0], port, path: `${url.pathname}${url.search}` };
    const onward = send({ ...place, method: request.method, headers: { ...headers, host: url.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', (error) => refuse(response, 502, error));
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  } catch (error) {
    refuse(response, 403, error);
  }
}

function refuse(response: ServerResponse, status: number, error: unknown): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-type': 'text/plain' }).end(`${refusal(error)}\n`);
}

/** What the program speaks with the host itself, most often TLS: bytes, which we do not read. */
async function tunnel(
  address: string,
  { near, head }: { readonly near: Duplex; readonly head: Buffer },
  { check, open }: { readonly check: Check; readonly open: Set<Duplex> },
): Promise<void> {
  try {
    const { port, addresses } = await check(address);
    const far = connect(Number(port), addresses[0]);
    open.add(far);
    far.on('close', () => {
      open.delete(far);
      near.destroy();
    });
    near.on('close', () => far.destroy());
    far.on('error', () => near.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    far.on('connect', () => {
      near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.write(head);
      near.pipe(far).pipe(near);
    });
  } catch (error) {
    const text = `${refusal(error)}\n`;
    near.end(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }
}
