import { setTimeout as pause } from 'node:timers/promises';
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import { type HttpClient, serviceSentence } from '../../http/index.ts';
import { AnswerWatch } from './answer-watch.ts';
import { cancelledRequest, failureReply, type McpTransport, STOPPED } from './mcp-transport.ts';
import type { RequestId } from './message-intake.ts';
import { MESSAGE_LIMIT_BYTES } from './message-reader.ts';
import type { Oddities } from './oddities.ts';

export interface HttpTransportSpec {
  readonly url: string;
  /** Secret: what logs in is among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowedHosts: readonly string[];
}

/** What the transport works with; `clean` takes the login out of what the server says. */
export interface HttpTransportPorts {
  readonly http: HttpClient;
  readonly oddities: Oddities;
  readonly clean: (text: string) => string;
}

const FAREWELL_MS = 1000;
/** The SDK says this when a stream is lost for good; it tells nobody else. */
const GIVEN_UP = /^Maximum reconnection attempts/;

/**
 * Streamable HTTP by the SDK, over our own way out, with {@link AnswerWatch} between them.
 */
export class HttpTransport implements McpTransport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;
  readonly pid = null;
  readonly #inner: StreamableHTTPClientTransport;
  readonly #gone = Promise.withResolvers<void>();
  readonly #watch: AnswerWatch;
  readonly #clean: HttpTransportPorts['clean'];
  #because: string | null = null;

  private constructor(make: (watch: AnswerWatch) => StreamableHTTPClientTransport, ports: HttpTransportPorts) {
    this.#clean = ports.clean;
    this.#watch = new AnswerWatch(ports.oddities, (message) => this.onmessage?.(message));
    this.#inner = make(this.#watch);
  }

  static async create(spec: HttpTransportSpec, ports: HttpTransportPorts): Promise<HttpTransport> {
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    const url = new URL(spec.url);
    // The address stands in the project's own file, as a command could: it may be private.
    const fetch = ports.http.fetchWith({
      allowedHosts: [...spec.allowedHosts, url.host],
      maxBytes: MESSAGE_LIMIT_BYTES,
    });
    const requestInit = { headers: { ...spec.headers } };
    return new HttpTransport(
      (watch) => new StreamableHTTPClientTransport(url, { fetch: watch.watch(fetch), requestInit }),
      ports,
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
      if (this.#watch.isMarker(message)) return;
      if ('id' in message && !('method' in message) && message.id !== undefined) this.#watch.settled(message.id);
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
    if (id !== null) this.#watch.sent(id);
    try {
      await this.#inner.send(message);
    } catch (error) {
      if (id !== null) this.#watch.settled(id);
      throw await this.#translate(error, id);
    } finally {
      const cancelled = cancelledRequest(message);
      if (cancelled !== null) this.#watch.calledOff(cancelled);
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
    const refusal = refused(status, error, this.#clean);
    // The next session reads the login anew: it may be another one by then.
    return status === 401 ? this.#leave(id, refusal, 'the login was refused') : refusal;
  }

  /** Ends the connection; the request learns its own reason before the end, which is the same to every request. */
  #leave(id: RequestId | null, error: AppError, because: string): AppError {
    if (id !== null) this.onmessage?.(failureReply(id, error));
    this.kill(because);
    return error;
  }
}

/** What the SDK says before the body of the answer. */
const SDK_WORDS = /^Streamable HTTP error: (?:Error POSTing to endpoint: )?/;

function refused(status: number, cause: Error, clean: HttpTransportPorts['clean']): AppError {
  const body = clean(cause.message.replace(SDK_WORDS, ''));
  const said = serviceSentence(body);
  const message = `The MCP server answered with HTTP status ${status}`;
  return new AppError('tool.http_error', said === '' ? `${message}.` : `${message}: ${said}`, {
    hint: STATUS_HINTS[status] ?? "Look at 'server.url': it must be the address of a streamable HTTP endpoint.",
    details: { status, body: body.slice(0, 500) },
    retryable: status === 408 || status === 425 || status === 429 || status >= 500,
    cause,
  });
}

const STATUS_HINTS: Readonly<Record<number, string>> = {
  401: "It wants a login: write 'headers' in its file, or 'authentication' in the registry.",
  403: 'The login is not allowed to do this.',
  404: "There is no MCP server at 'server.url'.",
};
