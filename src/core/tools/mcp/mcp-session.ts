import { AppError } from '../../../shared/errors.ts';
import { createRedactor, type Redactor } from '../../redaction/index.ts';
import type { SetTimer } from '../../time/index.ts';
import type { ToolDefinitions } from '../registry-port.ts';
import { limitSignal } from './limited-signal.ts';
import { type ListedTools, leftOutText, toListedTools } from './listed-tools.ts';
import { McpConnection } from './mcp-connection.ts';
import { Oddities } from './oddities.ts';
import { openTransport, type ServerParts } from './open-transport.ts';

/** A server that says all the time that its list has changed is asked no more often. */
const RELIST_MS = 1000;

export type LineLevel = 'debug' | 'info' | 'warning' | 'error';

export interface SessionPorts {
  readonly setTimer: SetTimer;
  /** A listing of its own accord may take this long. */
  readonly listLimitMs: number;
  /** The server has answered `initialize`: what it does not do from here on is to list its tools. */
  readonly onGreeted: () => void;
  /** stderr and notes of the server, without the values that it was given. */
  readonly say: (text: string, level: LineLevel) => void;
  /** Told at once: what the server writes may be why it does not answer. */
  readonly onOddities: (oddities: Oddities) => void;
  /** The connection of an opened session is over. */
  readonly onEnd: (session: McpSession) => void;
  /** The server had other tools to tell of. */
  readonly onListed: (definitions: ToolDefinitions) => void;
}

/** A connection together with what the server lists now: it says when that has changed, and is asked again. */
export class McpSession {
  readonly connection: McpConnection;
  readonly #parts: ServerParts;
  readonly #ports: SessionPorts;
  #tools: ListedTools | null = null;
  #isStale = true;
  #isRelisting = false;
  readonly #keys: Redactor;

  private constructor(
    parts: ServerParts,
    ports: SessionPorts,
    opened: { readonly connection: McpConnection; readonly keys: Redactor },
  ) {
    this.#parts = parts;
    this.#ports = ports;
    this.connection = opened.connection;
    this.#keys = opened.keys;
  }

  /** The value without the keys that the server was given: it may repeat them in whatever it says (SPEC §12.4). */
  redact<T>(value: T): T {
    return this.#keys.redact(value);
  }

  /** Starts or reaches the server and lists its tools. What it opened is closed when that fails. */
  static async open(parts: ServerParts, ports: SessionPorts, signal: AbortSignal): Promise<McpSession> {
    const values = createRedactor();
    const keys = createRedactor();
    const clean = (text: string): string => values.redact(text);
    const oddities = new Oddities({ log: ports.say, clean });
    ports.onOddities(oddities);
    const transport = await openTransport(parts, {
      clean,
      oddities,
      onSecrets: (secrets) => {
        values.add([...secrets.values, ...secrets.keys]);
        keys.add(secrets.keys);
      },
      onStderr: (line) => ports.say(line, 'info'),
    });
    let session: McpSession | null = null;
    const connection = await McpConnection.open(parts.commons.name, transport, {
      signal,
      ports: {
        onNote: (level, text) => ports.say(clean(text), level),
        onListChanged: () => session?.listChanged(),
        onEnd: () => {
          if (session !== null) ports.onEnd(session);
        },
      },
    });
    session = new McpSession(parts, ports, { connection, keys });
    ports.onGreeted();
    try {
      await session.list(signal);
      return session;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Asks the server for its tools, whatever is known. */
  async list(signal: AbortSignal): Promise<ListedTools> {
    const { commons, settings } = this.#parts;
    // Before the question: a change while it is answered makes the answer stale again.
    this.#isStale = false;
    try {
      const found = await this.connection.list(signal);
      this.#tools = await toListedTools(commons.name, { found, settings, redact: (value) => this.redact(value) });
      for (const one of this.#tools.definitions.leftOut ?? []) this.#ports.say(leftOutText(one), 'warning');
      return this.#tools;
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  /** What the server lists now; it is asked only when it has said that its list has changed. */
  async tools(signal: AbortSignal): Promise<ListedTools> {
    return this.#tools === null || this.#isStale ? this.list(signal) : this.#tools;
  }

  listChanged(): void {
    this.#isStale = true;
    if (this.#isRelisting) return;
    this.#isRelisting = true;
    this.#ports.setTimer(RELIST_MS, () => void this.#relist());
  }

  async #relist(): Promise<void> {
    const { setTimer, listLimitMs: ms, onListed } = this.#ports;
    const reason = (): AppError => new AppError('tool.timed_out', 'The MCP server did not list its tools in time.');
    const limit = limitSignal([], { ms, reason, setTimer });
    this.#isRelisting = false;
    try {
      if (this.connection.transport.endedBecause === null) onListed((await this.tools(limit.signal)).definitions);
    } catch {
      // Still stale: the next call asks again and says what is wrong.
    } finally {
      limit.stop();
    }
  }
}
