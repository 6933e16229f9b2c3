import { type ChildProcess, spawn } from 'node:child_process';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import type { ProcessLimits } from '../../../shared/model/needs.ts';
import { type BrokenLimit, endProcessTree, type LimitWatch, watchProcessTree } from '../../processes/index.ts';
import { createLineSplitter, readWhatIsThere } from '../../streams/index.ts';
import { LIMIT_WORDS, limitExceeded } from '../script/interpret-end.ts';
import { cancelledRequest, failureReply, type McpTransport, STOPPED, tooLarge } from './mcp-transport.ts';
import { MessageIntake } from './message-intake.ts';
import { createMessageReader } from './message-reader.ts';
import type { Oddities } from './oddities.ts';

/** Lines that are no JSON-RPC, banners and debug prints: a server that writes more than this is broken. */
const MAX_STRAY_LINES = 1000;
/** Messages that the server does not read wait here, bytes. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;
const LAST_WORDS_LINES = 20;
const LAST_WORDS_CHARS = 4000;
/** A server whose stdin is closed gets this long to end by itself. */
const FAREWELL_MS = 500;
/** After the exit, what still stands in the pipe is read for this long. */
const DRAIN_MS = 500;

export interface StdioSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Value of `AIWORKFLOW_STEP_KEY` in `env`. */
  readonly mark: string;
  /** Bounds over the server and all it starts; processor time counts from when it has been asked something after a rest. */
  readonly limits?: ProcessLimits | undefined;
}

export interface StdioPorts {
  /** Takes out what must not be shown. */
  readonly clean: (line: string) => string;
  readonly onStderr: (line: string) => void;
  readonly oddities: Oddities;
}

/**
 * An MCP server as a child process, JSON-RPC lines over its stdin and stdout. Not the SDK's own transport: that one has no
 * limit for a message, gives the server no process group and leaves what the server itself started running.
 */
export class StdioTransport implements McpTransport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;
  readonly #spec: StdioSpec;
  readonly #ports: StdioPorts;
  readonly #gone = Promise.withResolvers<void>();
  readonly #intake: MessageIntake;
  readonly #lastWords: string[] = [];
  #child: ChildProcess | null = null;
  #because: string | null = null;
  #watch: LimitWatch | null = null;
  #broken: BrokenLimit | null = null;
  #isSwept = false;
  #isSilent = false;

  constructor(spec: StdioSpec, ports: StdioPorts) {
    this.#spec = spec;
    this.#ports = ports;
    this.#intake = new MessageIntake(ports.oddities);
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get endedBecause(): string | null {
    return this.#because;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  lastWords(): string {
    return this.#lastWords.join('\n').slice(-LAST_WORDS_CHARS);
  }

  /** `tool.spawn_failed`. */
  async start(): Promise<void> {
    const { command, args, cwd, env } = this.#spec;
    try {
      const child = spawn(command, args, { cwd, env, detached: process.platform !== 'win32', windowsHide: true });
      this.#child = child;
      const started = Promise.withResolvers<void>();
      child.once('spawn', () => started.resolve());
      child.once('error', started.reject);
      this.#listen(child);
      await started.promise;
      const tree = { pid: child.pid ?? 0, mark: this.#spec.mark };
      this.#watch = watchProcessTree(tree, this.#spec.limits, (limit) => this.#stopAt(limit));
    } catch (error) {
      this.#because = 'it could not be started';
      this.#gone.resolve();
      throw spawnFailed(error as NodeJS.ErrnoException, this.#spec);
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (stdin == null || this.#because !== null || !stdin.writable) throw notSent('is gone');
    if (stdin.writableLength > MAX_UNSENT_BYTES) {
      this.kill('it does not read what is sent to it');
      throw notSent('does not read what is sent to it');
    }
    if ('id' in message && 'method' in message) {
      if (this.#intake.waiting.length === 0) this.#watch?.countAnew();
      this.#intake.sent(message.id);
    }
    const cancelled = cancelledRequest(message);
    if (cancelled !== null) this.#intake.settled(cancelled);
    stdin.write(toLine(message));
  }

  /** Closes stdin, then ends the tree; resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#child?.pid === undefined) return;
    this.#child.stdin?.end();
    this.#because ??= STOPPED;
    await this.#sweep(FAREWELL_MS);
  }

  kill(because: string): void {
    this.#because ??= because;
    void this.#sweep(0);
  }

  /** Nothing of the tree survives, whoever ended first. */
  async #sweep(patienceMs: number): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    if (!this.#isSwept) {
      this.#isSwept = true;
      this.#watch?.stop();
      await endProcessTree({ pid: child.pid, mark: this.#spec.mark }, patienceMs);
      this.#fallSilent();
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      this.#gone.resolve();
    }
    await this.#gone.promise;
  }

  #listen(child: ChildProcess): void {
    const reader = createMessageReader({
      onLine: (line) => this.#receive(line),
      onTooLarge: (id) => this.#failTooLarge(id),
      onEndless: () => {
        this.#failTooLarge(null);
        this.kill('it wrote a message without an end');
      },
    });
    const stderr = createLineSplitter();
    let readBytes = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      readBytes += chunk.length;
      if (!this.#isSilent) reader.push(chunk);
    });
    child.stdout?.once('end', () => this.#outputEnded(child));
    child.stderr?.on('data', (chunk: Buffer) => {
      for (const line of stderr.push(chunk)) this.#hear(line);
    });
    child.stderr?.once('end', () => {
      for (const line of stderr.end()) this.#hear(line);
    });
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      this.#because ??= signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
      const leave = (): void => void readWhatIsThere(() => readBytes).then(() => this.#left());
      const timer = setTimeout(leave, child.stdout?.readableEnded === false ? DRAIN_MS : 0);
      child.stdout?.once('end', () => clearTimeout(timer));
    });
  }

  #receive(line: Buffer): void {
    for (const message of this.#intake.take(line)) this.#give(message);
    if (this.#ports.oddities.strays > MAX_STRAY_LINES) this.kill('it writes lines that are no messages');
  }

  /** What a message does to its reader must not end the reading. */
  #give(message: JSONRPCMessage): void {
    try {
      this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Where the request cannot be told, every one that waits fails: none of them may wait for an answer that was thrown away. */
  #failTooLarge(id: number | null): void {
    const { waiting } = this.#intake;
    this.#fail(id !== null && waiting.includes(id) ? [id] : waiting, tooLarge);
  }

  #stopAt(limit: BrokenLimit): void {
    this.#broken = limit;
    this.kill(LIMIT_WORDS[limit]);
  }

  #fail(requests: MessageIntake['waiting'], error: () => AppError): void {
    for (const one of requests) {
      this.#intake.settled(one);
      this.#give(failureReply(one, error()));
    }
  }

  #hear(written: string): void {
    const line = this.#ports.clean(written);
    this.#lastWords.push(line.slice(0, LAST_WORDS_CHARS));
    if (this.#lastWords.length > LAST_WORDS_LINES) this.#lastWords.shift();
    this.#ports.onStderr(line);
  }

  /** stdout is at its end: nothing more can be heard, so a server that still runs is of no use. */
  #outputEnded(child: ChildProcess): void {
    if (child.exitCode !== null || child.signalCode !== null) this.#left();
    else setTimeout(() => this.kill('it closed its output'), DRAIN_MS);
  }

  /** The server itself is gone; what it started goes now. */
  #left(): void {
    this.#fallSilent();
    void this.#sweep(0);
  }

  #fallSilent(): void {
    if (this.#isSilent) return;
    this.#isSilent = true;
    const broken = this.#broken;
    // With the end of the way, so that the next call waits for another server.
    if (broken !== null) this.#fail(this.#intake.waiting, () => limitExceeded('The MCP server', broken));
    this.onclose?.();
  }
}

/** One line for every reader: some count more characters as line ends than JSON does. */
function toLine(message: JSONRPCMessage): string {
  const text = JSON.stringify(message).replace(
    /[\u0085\u2028\u2029]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}

function notSent(what: string): AppError {
  return new AppError('tool.connection_lost', `The MCP server ${what}; nothing was sent.`, {
    details: { phase: 'connect' },
  });
}

function spawnFailed(error: NodeJS.ErrnoException, spec: StdioSpec): AppError {
  const code = error.code ?? 'UNKNOWN';
  return new AppError('tool.spawn_failed', `The MCP server could not be started: ${code}`, {
    hint: HINTS[code] ?? `Look at 'server.command' (${spec.command}) and 'server.cwd' (${spec.cwd}).`,
    details: { system_code: code },
    cause: error,
  });
}

const HINTS: Readonly<Record<string, string>> = {
  EACCES: "The program of 'server.command' may not be executed. Check its permissions.",
  E2BIG: 'Arguments or variables of the server are too large for the system.',
  EINVAL: 'On Windows name the program itself, such as node and the path of a script: a .cmd file cannot be started.',
};
