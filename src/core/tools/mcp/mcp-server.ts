import { AppError, type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { ToolServer } from '../../../shared/model/tool.ts';
import { type Clock, orAborted, wait } from '../../time/index.ts';
import type { ToolDefinitions } from '../registry-port.ts';
import { type LimitedSignal, limitSignal } from './limited-signal.ts';
import { type LineLevel, McpSession, type SessionPorts } from './mcp-session.ts';
import { describeServer } from './mcp-settings.ts';
import type { Oddities } from './oddities.ts';
import type { ServerParts } from './open-transport.ts';

/** SPEC §5.3: closed when nobody has used it for this long. */
const IDLE_MS = 5 * 60_000;
const FIRST_RESTART_MS = 1000;
const LAST_RESTART_MS = 60_000;
/** A server that did not answer in time has this long to answer a ping. */
const PING_MS = 5000;
/** A package may have to be downloaded before it starts. */
const PACKAGE_START_MS = 5 * 60_000;

export type McpPorts = Clock;

export interface McpServerEvents {
  /** The state for screens has changed. */
  readonly onChange: () => void;
  /** The server says by itself that it has other tools now. */
  readonly onListed: (definitions: ToolDefinitions) => void;
}

/** Where lines of the server go while a call waits for it. */
export type LineSink = (text: string, level: LineLevel) => void;

export interface UseRequest {
  readonly signal: AbortSignal;
  /** A restart that is further away than this is not waited for. */
  readonly patienceMs: number;
  readonly sink?: LineSink;
}

/**
 * The one server of a tool and project, shared by all its calls. Invariants: (1) a server starts only when nothing of the last
 * one is left. (2) Only the crash of a process that ran is followed by a start of its own accord, after 1, 2, 4 … 60 s, and
 * only until nobody has used it for five minutes. (3) `#session` is null as soon as its connection has ended. (4) What was
 * begun under a signal of `#stop` changes nothing any more once that is aborted.
 */
export class McpServer {
  readonly #parts: ServerParts;
  readonly #ports: Clock;
  readonly #events: McpServerEvents;
  readonly #isProcess: boolean;
  /** Starting may take this long, ms. */
  readonly startLimitMs: number;
  readonly #sinks = new Set<LineSink>();
  #session: McpSession | null = null;
  #starting: Promise<void> | null = null;
  /** Resolves when nothing is left of what ran before. */
  #ended: Promise<unknown> = Promise.resolve();
  #stop = new AbortController();
  #state: ToolServer['state'] = 'stopped';
  #error: ErrorRecord | null = null;
  #called: { readonly name: string; readonly version: string };
  #startedAt: number | null = null;
  /** How far the start is that goes on now. */
  #hasGreeted = false;
  #restarts = 0;
  /** Failures in a row, up to a call that succeeds. */
  #failures = 0;
  #notBefore = 0;
  #users = 0;
  #cancelIdle: () => void = () => undefined;
  #isClosed = false;
  #oddities: Oddities | null = null;

  constructor(parts: ServerParts, ports: Clock, events: McpServerEvents) {
    this.#parts = parts;
    this.#ports = ports;
    this.#events = events;
    const { server, timeoutMs } = parts.settings;
    this.#isProcess = server.kind !== 'url';
    const leastMs = timeoutMs ?? parts.commons.timeoutMs;
    this.startLimitMs = server.kind === 'package' ? Math.max(leastMs, PACKAGE_START_MS) : leastMs;
    this.#called = { name: parts.commons.name, version: '' };
  }

  status(): ToolServer {
    return {
      ...this.#called,
      reachedBy: describeServer(this.#parts.settings.server),
      state: this.#state,
      pid: this.#session?.connection.transport.pid ?? null,
      startedAt: this.#startedAt,
      restarts: this.#restarts,
      error: this.#error,
    };
  }

  /**
   * Works with the running server, started first if need be; it then stays for five minutes. What the signal says is thrown as
   * it is.
   */
  async use<T>(request: UseRequest, work: (session: McpSession) => Promise<T>): Promise<T> {
    const { sink } = request;
    this.#users += 1;
    this.#cancelIdle();
    if (sink !== undefined) this.#sinks.add(sink);
    try {
      const result = await work(await this.#ready(request));
      this.#failures = 0;
      return result;
    } finally {
      if (sink !== undefined) this.#sinks.delete(sink);
      this.#users -= 1;
      this.#cancelIdle();
      if (this.#users === 0 && !this.#isClosed)
        this.#cancelIdle = this.#ports.setTimer(IDLE_MS, () => void this.#halt('nobody used it'));
    }
  }

  /** What a caller has waited for in vain, `ms` long, while the server was not ready: nothing was sent for him yet. */
  notReadyWithin(ms: number): AppError {
    const what =
      this.#state === 'waiting_to_restart'
        ? 'was not started again'
        : this.#hasGreeted
          ? 'did not list its tools'
          : 'did not finish its greeting (initialize)';
    return this.#late(`${what} within ${ms / 1000} seconds`, this.oddities());
  }

  /** What was odd in what the server wrote, for the end of a message; empty = nothing. */
  oddities(): string {
    return this.#oddities?.summary() ?? '';
  }

  /**
   * After a call that was not answered in time: a server that does not even answer a ping is ended, unless others still wait
   * for it.
   */
  async probe({ connection }: McpSession): Promise<void> {
    if (this.#users > 1) return;
    const limit = this.#limit(PING_MS, () => this.#late('did not answer a ping'));
    const isAnswering = await connection.isAnswering(limit.signal);
    limit.stop();
    if (!isAnswering) connection.transport.kill('it did not answer any more');
  }

  /** Ends the server; the next call starts it anew without waiting. */
  async stop(): Promise<void> {
    this.#failures = 0;
    this.#notBefore = 0;
    this.#error = null;
    this.#cancelIdle();
    await this.#halt('it was stopped');
  }

  /** The next call opens a new connection, which logs in anew. One that others are using is left alone: their calls would be lost. */
  async renew(): Promise<void> {
    if (this.#users === 0) await this.stop();
  }

  /** Ends the server for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stop();
  }

  async #ready(request: UseRequest): Promise<McpSession> {
    if (this.#session !== null) return this.#session;
    await orAborted(this.#started(request.patienceMs), request.signal);
    if (this.#session !== null) return this.#session;
    throw this.#notRunning(0);
  }

  #started(patienceMs: number): Promise<void> {
    if (this.#isClosed) throw new AppError('engine.stopped', 'The project is being closed.');
    const waitMs = Math.max(0, this.#notBefore - this.#ports.now());
    if (waitMs > patienceMs) throw this.#notRunning(waitMs);
    this.#starting ??= this.#begin(waitMs);
    return this.#starting;
  }

  /** Its failure is also kept as the server's error, so nobody has to wait for it. */
  #begin(waitMs: number): Promise<void> {
    const { signal } = this.#stop;
    const starting = this.#start(waitMs, signal).catch((error: unknown) => {
      if (!signal.aborted) this.#failed(error);
      throw error;
    });
    const begun = starting.finally(() => {
      if (this.#starting === begun) this.#starting = null;
    });
    begun.catch(() => undefined);
    return begun;
  }

  async #start(waitMs: number, stop: AbortSignal): Promise<void> {
    if (waitMs > 0) {
      this.#set('waiting_to_restart');
      await wait(waitMs, this.#ports, stop);
    }
    await this.#ended;
    stop.throwIfAborted();
    this.#hasGreeted = false;
    this.#set('starting');
    const limit = this.#limit(this.startLimitMs, () => this.notReadyWithin(this.startLimitMs));
    try {
      const session = await McpSession.open(this.#parts, this.#sessionPorts(), limit.signal);
      if (stop.aborted || session.connection.transport.endedBecause !== null) {
        await session.connection.close();
        throw stop.aborted ? stop.reason : this.#notRunning(0);
      }
      this.#session = session;
      this.#called = session.connection.server;
      this.#startedAt = this.#ports.now();
      this.#error = null;
      this.#set('running');
    } finally {
      limit.stop();
    }
  }

  /** The session ended although nobody here wanted it. */
  #lost(session: McpSession): void {
    if (this.#session !== session) return;
    const { transport } = session.connection;
    this.#session = null;
    this.#ended = transport.gone;
    const words = transport.lastWords();
    const message = `The MCP server was lost: ${transport.endedBecause ?? 'the connection ended'}.`;
    this.#failed(new AppError('tool.connection_lost', words === '' ? message : `${message}\n${words}`));
    if (this.#isProcess) this.#restart();
  }

  #restart(): void {
    const { signal } = this.#stop;
    this.#starting = this.#begin(Math.max(1, this.#notBefore - this.#ports.now()));
    this.#starting.then(
      () => {
        this.#restarts += 1;
        this.#events.onChange();
      },
      () => {
        if (!signal.aborted) this.#restart();
      },
    );
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const waitMs = this.#isProcess ? Math.min(LAST_RESTART_MS, FIRST_RESTART_MS * 2 ** (this.#failures - 1)) : 0;
    this.#notBefore = this.#ports.now() + waitMs;
    this.#error = toErrorRecord(error);
    this.#startedAt = null;
    this.#set('failed');
  }

  /** Ends what runs or starts; resolves when it is gone. */
  async #halt(because: string): Promise<void> {
    const session = this.#session;
    const starting = this.#starting;
    this.#session = null;
    this.#starting = null;
    this.#startedAt = null;
    this.#stop.abort(new AppError('tool.connection_lost', `The MCP server was ended: ${because}.`, SENT_NOTHING));
    this.#stop = new AbortController();
    this.#ended = Promise.allSettled([this.#ended, starting, session?.connection.close()]);
    this.#set(this.#error === null ? 'stopped' : 'failed');
    await this.#ended;
  }

  #sessionPorts(): SessionPorts {
    return {
      setTimer: this.#ports.setTimer,
      listLimitMs: this.startLimitMs,
      onGreeted: () => {
        this.#hasGreeted = true;
      },
      say: (text, level) => {
        for (const sink of this.#sinks) sink(text, level);
      },
      onOddities: (oddities) => {
        this.#oddities = oddities;
      },
      onEnd: (session) => this.#lost(session),
      onListed: this.#events.onListed,
    };
  }

  #limit(ms: number, reason: () => AppError): LimitedSignal {
    return limitSignal([this.#stop.signal], { ms, reason, setTimer: this.#ports.setTimer });
  }

  #late(what: string, oddities = ''): AppError {
    return new AppError('tool.timed_out', `The MCP server of '${this.#parts.commons.name}' ${what}.${oddities}`, {
      hint: "Give it a longer 'timeout', or start it by hand in the same way to see what it waits for.",
      ...SENT_NOTHING,
    });
  }

  #notRunning(waitMs: number): AppError {
    const last = this.#error === null ? '' : ` ${this.#error.message}`;
    return new AppError('tool.server_failed', `The MCP server of '${this.#parts.commons.name}' does not run.${last}`, {
      hint: 'It is started again after a pause that grows with every failure; stopping it by hand ends the pause.',
      details: { phase: 'connect', retry_after_ms: waitMs },
    });
  }

  #set(state: ToolServer['state']): void {
    this.#state = state;
    this.#events.onChange();
  }
}

const SENT_NOTHING = { details: { phase: 'connect' } } as const;
