import { AppError } from '../../../../shared/errors.ts';
import { type Json, type JsonMap, type ReadJson, readShallowJson } from '../../../../shared/json.ts';
import type { HttpResponse } from '../../../http/index.ts';
import { createSseReader } from '../../../streams/index.ts';
import { type CliAdapterOptions, mapOf, settingText, textOf } from '../adapter-options.ts';
import { cancelled, lastWords, timedOut } from '../end-errors.ts';
import { parseEvent } from '../json-lines.ts';
import { OPENCODE } from './open-code-reply.ts';

const DEFAULT_URL = 'http://localhost:4096';
const HEALTH_TIMEOUT_MS = 2000;
const REPLY_LIMIT_BYTES = 10 * 1024 * 1024;
/** A whole session's events, each with all that a message holds so far. */
const EVENTS_LIMIT_BYTES = 256 * 1024 * 1024;

export interface ServerCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Json;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** A running `opencode serve`. */
export interface ServerClient {
  /** The version of a healthy server, or null: asked for two seconds at most. Rejects with `run.cancelled` alone. */
  health(signal: AbortSignal): Promise<string | null>;
  /** JSON of an answer with status 200. Errors: `agent.connection_lost`, `agent.timed_out`, `agent.not_logged_in`, `agent.http_error`. */
  call(call: ServerCall): Promise<ReadJson>;
  /** The server's events until the signal aborts or the connection ends. Errors as `call`. */
  events(path: string, signal: AbortSignal, timeoutMs: number): AsyncIterable<JsonMap>;
}

/** A client of the server at `server_url`, else at its usual place. */
export function createServerClient(options: CliAdapterOptions): ServerClient {
  const base = new URL(settingText(options.config, 'server_url') ?? DEFAULT_URL);
  const send = (call: ServerCall, maxBytes: number): Promise<HttpResponse> =>
    options.http
      .request({
        method: call.method,
        url: new URL(call.path, base).href,
        headers: { ...authorization(options.hostEnv), 'content-type': 'application/json' },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...{ signal: call.signal, timeoutMs: call.timeoutMs, maxBytes, maxRedirects: 0, allowedHosts: [base.host] },
      })
      .catch((thrown: unknown) => Promise.reject(translated(thrown, base, call.timeoutMs)));
  return {
    health: async (signal) => {
      const call = { method: 'GET', path: '/global/health', signal, timeoutMs: HEALTH_TIMEOUT_MS } as const;
      const found = await send(call, REPLY_LIMIT_BYTES)
        .then(readJson)
        .catch(() => null);
      if (signal.aborted) throw cancelled(OPENCODE);
      const health = mapOf(found?.value);
      return health.healthy === true ? (textOf(health.version) ?? '') : null;
    },
    call: async (call) => {
      const response = await send(call, REPLY_LIMIT_BYTES);
      return await readJson(response).catch((thrown: unknown) =>
        Promise.reject(translated(thrown, base, call.timeoutMs)),
      );
    },
    events: (path, signal, timeoutMs) =>
      readEvents(() => send({ method: 'GET', path, signal, timeoutMs }, EVENTS_LIMIT_BYTES)),
  };
}

function authorization(hostEnv: CliAdapterOptions['hostEnv']): Record<string, string> {
  const password = hostEnv.OPENCODE_SERVER_PASSWORD;
  if (password === undefined || password === '') return {};
  const user = hostEnv.OPENCODE_SERVER_USERNAME ?? OPENCODE;
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

async function readJson(response: HttpResponse): Promise<ReadJson> {
  const text = await response.text();
  if (response.status === 401) {
    throw new AppError('agent.not_logged_in', 'The OpenCode server wants a password.', {
      hint: 'Set OPENCODE_SERVER_PASSWORD to the one it was started with.',
      details: { agent: OPENCODE, status: response.status },
    });
  }
  if (response.status !== 200) {
    throw new AppError(
      'agent.http_error',
      `The OpenCode server answered with status ${response.status}: ${lastWords(text)}`,
      {
        details: { agent: OPENCODE, status: response.status },
        // 500 is its word for whatever it did not expect, such as a model that it does not know.
        retryable: response.status > 500,
      },
    );
  }
  const read = readShallowJson(text.trim());
  if (read !== null) return read;
  throw new AppError('agent.invalid_reply', 'The OpenCode server answered with something that is not JSON.', {
    hint: 'Something else may be listening at its address.',
    details: { agent: OPENCODE },
  });
}

async function* readEvents(open: () => Promise<HttpResponse>): AsyncGenerator<JsonMap, void> {
  const { body } = await open();
  const tooLong = (): AppError =>
    new AppError('agent.output_too_large', 'An event of the OpenCode server is too large.');
  const reader = createSseReader({ maxBytes: EVENTS_LIMIT_BYTES, tooLong });
  for await (const piece of body) {
    for (const data of reader.push(piece)) {
      const event = parseEvent(data);
      if (event !== null) yield event;
    }
  }
}

/** What the way to the server says, in the words of agents. */
function translated(thrown: unknown, base: URL, timeoutMs: number): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  if (thrown.code === 'tool.timed_out') return timedOut(OPENCODE, timeoutMs);
  if (thrown.code === 'tool.output_too_large') {
    return new AppError('agent.output_too_large', 'The OpenCode server answered with more than 10 MiB.', {
      cause: thrown,
    });
  }
  if (thrown.code !== 'tool.connection_lost' && thrown.code !== 'tool.address_refused') return thrown;
  return new AppError('agent.connection_lost', `The OpenCode server at ${base.origin} cannot be reached.`, {
    hint: `Start it with: opencode serve, or write 'opencode_mode: cli' under 'agent.configs.opencode'.`,
    details: { agent: OPENCODE, ...(thrown.details?.phase === undefined ? {} : { phase: thrown.details.phase }) },
    cause: thrown,
  });
}
