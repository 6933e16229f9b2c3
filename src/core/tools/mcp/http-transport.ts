import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import type { HttpClient } from '../../http/index.ts';
import { failureReply, type McpTransport, STOPPED, tooLarge } from './mcp-transport.ts';
import { MESSAGE_LIMIT_BYTES } from './message-reader.ts';

export interface HttpTransportSpec {
  readonly url: string;
  /** Secret: what logs in is among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowedHosts: readonly string[];
}

const FAREWELL_MS = 1000;
const MARKER = 'aiworkflow/marker';
/** The SDK says this when a stream is lost for good; it tells nobody else. */
const GIVEN_UP = /^Maximum reconnection attempts/;
const EVENT_ID = /(?:^|\n)id:/;

type Fetch = typeof globalThis.fetch;
type RequestId = number | string;

/** A request without an answer. */
interface Pending {
  readonly abort: AbortController;
  /** Lets go of the connection on which the answer would come. */
  release: () => void;
  /** Why the answer cannot come; null = nobody waits for it any more. */
  verdict: AppError | null;
}

/**
 * Streamable HTTP by the SDK, over our own way out. Added to it: an answer stream that ends without its answer, or is larger
 * than a message may be, fails its request at once, and a cancelled request keeps no connection.
 */
export class HttpTransport implements McpTransport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;
  readonly pid = null;
  readonly #inner: StreamableHTTPClientTransport;
  readonly #gone = Promise.withResolvers<void>();
  /** Requests without an answer, with the way to let go of their answer stream. */
  readonly #pending = new Map<RequestId, Pending>();
  /** Tells our own marker from anything that a server could write. */
  readonly #nonce = randomUUID();
  #because: string | null = null;

  private constructor(make: (fetch: Fetch) => StreamableHTTPClientTransport, fetch: Fetch) {
    this.#inner = make(this.#watched(fetch));
  }

  static async create(spec: HttpTransportSpec, http: HttpClient): Promise<HttpTransport> {
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    const url = new URL(spec.url);
    // The address stands in the project's own file, as a command could: it may be private.
    const fetch = http.fetchWith({ allowedHosts: [...spec.allowedHosts, url.host], maxBytes: MESSAGE_LIMIT_BYTES });
    return new HttpTransport(
      (watched) =>
        new StreamableHTTPClientTransport(url, { fetch: watched, requestInit: { headers: { ...spec.headers } } }),
      fetch,
    );
  }

  get endedBecause(): string | null {
    return this.#because;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  lastWords(): string {
    return '';
  }

  async start(): Promise<void> {
    this.#inner.onmessage = (message) => {
      if (this.#readMarker(message)) return;
      if ('id' in message && !('method' in message) && message.id !== undefined) this.#pending.delete(message.id);
      this.onmessage?.(message);
    };
    this.#inner.onerror = (error) => {
      if (GIVEN_UP.test(error.message)) this.kill('the connection is lost');
      this.onerror?.(error);
    };
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const id = 'id' in message && 'method' in message ? message.id : null;
    if (id !== null) this.#pending.set(id, newPending());
    try {
      await this.#inner.send(message);
    } catch (error) {
      if (id !== null) this.#pending.delete(id);
      throw await this.#translate(error, id);
    } finally {
      const cancelled = cancelledRequest(message);
      if (cancelled !== null) this.#pending.get(cancelled)?.release();
    }
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion(version);
  }

  async close(): Promise<void> {
    if (this.#because !== null) return this.gone;
    this.#because = STOPPED;
    // The server may forget the session now; one that does not answer is not waited for.
    await Promise.race([this.#inner.terminateSession().catch(() => undefined), pause(FAREWELL_MS)]);
    await this.#end();
  }

  kill(because: string): void {
    if (this.#because !== null) return;
    this.#because = because;
    void this.#end();
  }

  async #end(): Promise<void> {
    await this.#inner.close();
    this.onclose?.();
    this.#gone.resolve();
  }

  /** A status that is an error; everything else is an `AppError` of the HTTP client already. */
  async #translate(error: unknown, id: RequestId | null): Promise<unknown> {
    const { StreamableHTTPError } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    if (!(error instanceof StreamableHTTPError)) return error;
    const status = error.code ?? 0;
    const isForgotten = status === 404 || (status === 400 && /session/i.test(error.message));
    if (!isForgotten || this.sessionId === undefined) return this.#refused(status, { error, id });
    const forgotten = new AppError('tool.connection_lost', 'The MCP server has forgotten the session.', {
      hint: 'Trying again opens a new one.',
      details: { phase: 'connect', status, session: 'forgotten' },
      cause: error,
    });
    return this.#leave(id, forgotten, 'the server has forgotten the session');
  }

  #refused(status: number, { error, id }: { readonly error: Error; readonly id: RequestId | null }): AppError {
    const refusal = refused(status, error);
    // The next session reads the login anew: it may be another one by then.
    return status === 401 ? this.#leave(id, refusal, 'the login was refused') : refusal;
  }

  /** Ends the connection; the request learns its own reason before the end, which is the same to every request. */
  #leave(id: RequestId | null, error: AppError, because: string): AppError {
    if (id !== null) this.onmessage?.(failureReply(id, error));
    this.kill(because);
    return error;
  }

  #watched(fetch: Fetch): Fetch {
    return async (input, init) => {
      const id = init?.method === 'POST' ? requestIdOf(init.body) : null;
      const pending = id === null ? undefined : this.#pending.get(id);
      if (id === null || pending === undefined) return fetch(input, init);
      const signals = [pending.abort.signal, ...(init?.signal == null ? [] : [init.signal])];
      const response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
      const isStream = response.headers.get('content-type')?.includes('text/event-stream') === true;
      if (!isStream || response.body === null) return response;
      const body = this.#watchedBody(response.body, id, pending);
      return new Response(body, { status: response.status, headers: response.headers });
    };
  }

  /**
   * The answer stream of one request. When it cannot give the answer any more, it ends with a marker that looks like one: the
   * SDK counts the request as answered and does not ask for the stream again, and the marker comes after all that came before
   * it.
   */
  #watchedBody(body: ReadableStream<Uint8Array>, id: RequestId, pending: Pending): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    let canResume = false;
    let isOver = false;
    const settle = (controller: ReadableStreamDefaultController<Uint8Array>, verdict: AppError | null): void => {
      if (isOver) return;
      isOver = true;
      pending.verdict = verdict;
      const marker = { jsonrpc: '2.0', id, result: { [MARKER]: this.#nonce } };
      controller.enqueue(Buffer.from(`\n\ndata: ${JSON.stringify(marker)}\n\n`));
      controller.close();
      void reader.cancel().catch(() => undefined);
    };
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        pending.release = () => settle(controller, null);
      },
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (isOver) return;
          if (!done) {
            canResume ||= EVENT_ID.test(Buffer.from(value).toString('latin1'));
            controller.enqueue(value);
          } else if (canResume) controller.close();
          else settle(controller, lostAnswer(null));
        } catch (error) {
          if (isOver) return;
          if (error instanceof AppError && error.code === 'tool.output_too_large') settle(controller, tooLarge());
          else if (canResume) controller.error(error);
          else settle(controller, lostAnswer(error));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }

  /** What becomes of the marker: the verdict, if the request still waits. */
  #readMarker(message: JSONRPCMessage): boolean {
    if (!('result' in message) || message.result[MARKER] !== this.#nonce) return false;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (pending?.verdict != null) this.onmessage?.(failureReply(message.id, pending.verdict));
    return true;
  }
}

function newPending(): Pending {
  const abort = new AbortController();
  return { abort, release: () => abort.abort(), verdict: null };
}

function refused(status: number, cause: Error): AppError {
  return new AppError('tool.http_error', `The MCP server answered with HTTP status ${status}.`, {
    hint: STATUS_HINTS[status] ?? 'Look at `server.url`: it must be the address of a streamable HTTP endpoint.',
    details: { status, body: cause.message.slice(0, 500) },
    retryable: status === 408 || status === 425 || status === 429 || status >= 500,
    cause,
  });
}

function lostAnswer(cause: unknown): AppError {
  return new AppError('tool.connection_lost', 'The connection to the MCP server ended before its answer came.', {
    hint: 'Whether the tool did its work is not known. Look before you call it again.',
    details: { phase: 'call' },
    cause,
  });
}

/** The request of a POST of the SDK; null for notifications and answers. */
function requestIdOf(body: unknown): RequestId | null {
  if (typeof body !== 'string') return null;
  const message = JSON.parse(body) as { readonly id?: RequestId; readonly method?: string };
  return message.method === undefined ? null : (message.id ?? null);
}

/** The request that a message calls off. */
function cancelledRequest(message: JSONRPCMessage): RequestId | null {
  if (!('method' in message) || message.method !== 'notifications/cancelled') return null;
  const id = message.params?.requestId;
  return typeof id === 'number' || typeof id === 'string' ? id : null;
}

const STATUS_HINTS: Readonly<Record<number, string>> = {
  401: 'It wants a login: write `headers` in its file, or `authentication` in the registry.',
  403: 'The login is not allowed to do this.',
  404: 'There is no MCP server at `server.url`.',
};
