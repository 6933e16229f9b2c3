import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { MAX_TIMER_MS } from '../../time/index.ts';
import { leaveOutNulls, shapeProblem } from './answer-shape.ts';
import { type McpTransport, ownFailureOf, STOPPED } from './mcp-transport.ts';
import { NOTICES } from './message-intake.ts';
import { plainText } from './plain-text.ts';

/** A server that pages without an end is stopped here. */
const MAX_PAGES = 200;
/** The longest time that a timer of the SDK can keep; ours end the requests long before. */
const NO_LIMIT_MS = MAX_TIMER_MS;
const MAX_SHOWN_CHARS = 200;

/** What the other side hears and says beside answers. */
export interface ConnectionPorts {
  /** A line for people: notes of the server itself (`notifications/message`). */
  readonly onNote: (level: 'debug' | 'info' | 'warning' | 'error', text: string) => void;
  readonly onListChanged: () => void;
  /** The connection is over, whoever ended it. */
  readonly onEnd: () => void;
}

/** One initialized session with one server. Every failure is an `AppError`; what the caller's signal says is thrown as it is. */
export class McpConnection {
  readonly transport: McpTransport;
  readonly #tool: string;
  readonly #client: Client;

  private constructor(tool: string, client: Client, transport: McpTransport) {
    this.#tool = tool;
    this.#client = client;
    this.transport = transport;
  }

  /** Connects, `initialize`, `notifications/initialized`. Closes what it opened when that fails. */
  static async open(
    tool: string,
    transport: McpTransport,
    { signal, ports }: { readonly signal: AbortSignal; readonly ports: ConnectionPorts },
  ): Promise<McpConnection> {
    const [{ Client }, types] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
    // No capabilities: sampling, elicitation and roots are refused with "method not found", as the protocol has it.
    const client = new Client({ name: 'aiworkflow', version: '1.0.0' }, { capabilities: {} });
    client.onclose = ports.onEnd;
    client.onerror = () => undefined;
    client.setNotificationHandler(types.ToolListChangedNotificationSchema, () => ports.onListChanged());
    client.setNotificationHandler(types.LoggingMessageNotificationSchema, ({ params }) => {
      const text = typeof params.data === 'string' ? params.data : (JSON.stringify(params.data) ?? '');
      ports.onNote(LEVELS[params.level], plainText(text.slice(0, MAX_NOTE_CHARS), true));
    });
    const connection = new McpConnection(tool, client, transport);
    try {
      await client.connect(transport, { signal, timeout: NO_LIMIT_MS });
      return connection;
    } catch (error) {
      const failure = connection.#translate(error, 'start', signal);
      await transport.close();
      throw failure;
    }
  }

  /** What the server calls itself. */
  get server(): { readonly name: string; readonly version: string } {
    const info = this.#client.getServerVersion();
    const shown = (text: string | undefined): string => plainText(text ?? '', false).slice(0, MAX_SHOWN_CHARS);
    return { name: shown(info?.name), version: shown(info?.version) };
  }

  /** All pages of `tools/list`, each tool as the server wrote it. The last page has no `nextCursor`, or null, or an empty one. */
  async list(signal: AbortSignal): Promise<readonly Json[]> {
    if (this.#client.getServerCapabilities()?.tools === undefined) return [];
    const { ResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const tools: Json[] = [];
    const cursors = new Set<Json>();
    let cursor: Json = null;
    try {
      do {
        const request = { method: 'tools/list', params: cursor === null ? {} : { cursor } };
        const page = (await this.#client.request(request, ResultSchema, { signal, timeout: NO_LIMIT_MS })) as JsonMap;
        if (!Array.isArray(page.tools))
          throw this.#invalidReply('list', `tools: expected array, received ${typeof page.tools}`);
        tools.push(...(page.tools as readonly Json[]));
        cursor = page.nextCursor ?? null;
        if (cursor === '') cursor = null;
        if (cursor !== null && (cursors.has(cursor) || cursors.size >= MAX_PAGES)) throw this.#endless();
        if (cursor !== null) cursors.add(cursor);
      } while (cursor !== null);
      return tools;
    } catch (error) {
      throw this.#translate(error, 'list', signal);
    }
  }

  /**
   * `tools/call` by the server's own name; the arguments may hold numbers that `JSON.stringify` alone can read. An abort sends
   * `notifications/cancelled`.
   */
  async call(name: string, args: Json, signal: AbortSignal): Promise<CalledTool> {
    const { CallToolResultSchema, ResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
    try {
      const request = { method: 'tools/call', params: { name, arguments: args } };
      const answer = (await this.#client.request(request, ResultSchema, { signal, timeout: NO_LIMIT_MS })) as JsonMap;
      const { _meta: meta, ...result } = answer;
      const notices = isJsonMap(meta) ? meta[NOTICES] : undefined;
      return {
        result: CallToolResultSchema.parse(withoutNulls(result)),
        notices: Array.isArray(notices) ? (notices as readonly string[]) : [],
      };
    } catch (error) {
      throw this.#translate(error, 'call', signal);
    }
  }

  /** Whether the server still answers; an error is an answer too. */
  async isAnswering(signal: AbortSignal): Promise<boolean> {
    return this.#client.ping({ signal, timeout: NO_LIMIT_MS }).then(
      () => true,
      (thrown: unknown) => !signal.aborted && this.transport.endedBecause === null && isRpcError(thrown),
    );
  }

  /** Resolves when nothing of the server runs any more. */
  async close(): Promise<void> {
    await this.transport.close();
    await this.transport.gone;
  }

  #translate(thrown: unknown, phase: 'start' | 'list' | 'call', signal: AbortSignal): AppError {
    const { transport } = this;
    if (signal.aborted && signal.reason instanceof AppError) return signal.reason;
    const own = thrown instanceof AppError ? thrown : ownFailureOf(thrown);
    if (own !== null) return phase === 'call' ? own : nothingCalled(own);
    // The SDK closes a way over which nonsense came.
    if (transport.endedBecause !== null && (phase !== 'start' || transport.endedBecause !== STOPPED))
      return phase === 'start' ? this.#startFailed(thrown) : this.#lost(thrown, phase);
    const text = thrown instanceof Error ? plainText(thrown.message, true).slice(0, MAX_NOTE_CHARS) : 'unknown';
    if (isRpcError(thrown) && phase === 'call')
      return new AppError('tool.failed', `MCP tool call failed: ${text}`, {
        details: { rpc_code: thrown.code },
        cause: thrown,
      });
    const shape = shapeProblem(thrown);
    return this.#invalidReply(phase, shape ?? text, thrown);
  }

  #invalidReply(phase: keyof typeof METHODS, problem: string, cause?: unknown): AppError {
    const message = `The MCP server of '${this.#tool}' gave no valid answer to ${METHODS[phase]}: ${problem}.`;
    return new AppError('tool.invalid_reply', message, {
      hint: 'This is an error of the server. Look for another version of it.',
      retryable: false,
      details: { phase },
      cause,
    });
  }

  #startFailed(cause: unknown): AppError {
    const words = this.transport.lastWords();
    const said = words === '' ? '' : `\n${words}`;
    return new AppError(
      'tool.server_failed',
      `The MCP server of '${this.#tool}' did not start: ${this.transport.endedBecause}.${said}`,
      { hint: 'Start it by hand in the same way to see what it needs.', details: { phase: 'connect' }, cause },
    );
  }

  #lost(cause: unknown, phase: 'list' | 'call'): AppError {
    return new AppError(
      'tool.connection_lost',
      `The MCP server of '${this.#tool}' was lost: ${this.transport.endedBecause}.`,
      {
        hint: 'It is started anew. Whether the tool did its work is not known: look before you call it again.',
        // A listing has no effect: nothing was called yet.
        details: { phase: phase === 'list' ? 'connect' : 'call' },
        cause,
      },
    );
  }

  #endless(): AppError {
    return new AppError(
      'tool.definition_invalid',
      `The MCP server of '${this.#tool}' lists its tools without an end.`,
      {
        hint: 'This is an error of the server. Look for another version of it.',
      },
    );
  }
}

/** A greeting and a listing have no effect, however far they came. */
function nothingCalled(failure: AppError): AppError {
  const { code, message, hint, retryable, cause } = failure;
  return new AppError(code, message, { hint, retryable, cause, details: { ...failure.details, phase: 'connect' } });
}

/** What a call gave, and what of it was read otherwise than it was written, with places in the result. */
export interface CalledTool {
  readonly result: CallToolResult;
  readonly notices: readonly string[];
}

const isRpcError = (thrown: unknown): thrown is Error & { readonly code: number } =>
  thrown instanceof Error && thrown.name === 'McpError' && 'code' in thrown;

/** Optional places that a serialiser filled with null count as left out, in the result and in its parts; data is left as it is. */
function withoutNulls(result: JsonMap): JsonMap {
  const filled = leaveOutNulls(result);
  const { content } = filled;
  if (!Array.isArray(content)) return filled;
  return {
    ...filled,
    content: (content as readonly Json[]).map((part) => (isJsonMap(part) ? leaveOutNulls(part) : part)),
  };
}

const MAX_NOTE_CHARS = 16 * 1024;
const METHODS = { start: 'initialize', list: 'tools/list', call: 'tools/call' } as const;
const LEVELS = {
  debug: 'debug',
  info: 'info',
  notice: 'info',
  warning: 'warning',
  error: 'error',
  critical: 'error',
  alert: 'error',
  emergency: 'error',
} as const;
