import { connect, type Socket } from 'node:net';
import {
  type ControlCenterClient,
  type LiveBatch,
  OPERATIONS,
  type OperationName,
  type WireAnswer,
} from '../../shared/contract/index.ts';
import { AppError, type ErrorRecord } from '../../shared/errors.ts';
import { type Holder, readHolder } from './holder-file.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import { isOwnSocket } from './socket-folder.ts';
import type { HolderInfo, SocketReply } from './socket-messages.ts';

/** A connection to the process that holds the project; it speaks the whole contract. */
export interface HolderClient extends ControlCenterClient {
  readonly info: HolderInfo;
  /** Asks the host itself: `newLink` gives a one-time link of its browser door, `info` says what it is. */
  host(name: 'newLink' | 'info'): Promise<unknown>;
  close(): void;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
}

const HELLO_WITHIN_MS = 5_000;
/** Answers carry files and logs; what is larger is a fault of the holder, not an answer. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Connects to whoever holds the project. Null when nobody listens (no record, a stale one, or the holder is letting go): then take the lease yourself.
 * With a `credential` the holder takes every call as one of the user it belongs to. Rejects with `access.bad_token`, `holder.version` when the holder is another version, `holder.unreachable` when it does not answer.
 */
export async function connectToHolder(
  projectStateDir: string,
  version: string,
  credential?: string,
): Promise<HolderClient | null> {
  const holder = readHolder(projectStateDir);
  if (holder === null || !isOwnSocket(holder.path)) return null;
  const socket = await openSocket(holder);
  if (socket === null) return null;
  return greet(socket, holder, { version, credential }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'holder.leaving') return null;
    throw error;
  });
}

function openSocket(holder: Holder): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(holder.path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(unreachable(error));
    });
  });
}

function greet(
  socket: Socket,
  holder: Holder,
  hello: { readonly version: string; readonly credential: string | undefined },
): Promise<HolderClient> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(), HELLO_WITHIN_MS);
    const connection = new HolderConnection(socket, {
      opened: (info) => {
        clearTimeout(timer);
        resolve({
          info,
          // What comes back is what the holder's own handler of that operation returned.
          call: async (name, input) => unwrap(await connection.ask({ name, input })) as never,
          subscribe: (listener) => connection.subscribe(listener),
          host: async (name) => unwrap(await connection.ask({ host: name })),
          close: () => connection.close(),
          ended: connection.ended.promise,
        });
      },
      failed: (error) => {
        clearTimeout(timer);
        reject(error);
      },
    });
    const stepKey = process.env.AIWORKFLOW_STEP_KEY;
    writeJsonLine(socket, { token: holder.token, ...hello, ...(stepKey === undefined ? {} : { stepKey }) });
  });
}

/**
 * Invariant: every `ask` is answered once: by the holder, with `holder.leaving` when it said goodbye before it began, or with
 * `holder.unreachable` when the connection ends without a word.
 */
class HolderConnection {
  private readonly socket: Socket;
  private readonly waiting = new Map<number, (answer: WireAnswer) => void>();
  private readonly listeners = new Set<(batch: LiveBatch) => void>();
  private readonly hello: { readonly opened: (info: HolderInfo) => void; readonly failed: (error: AppError) => void };
  readonly ended = Promise.withResolvers<void>();
  private end: ErrorRecord | null = null;
  private lastId = 0;

  constructor(socket: Socket, hello: HolderConnection['hello']) {
    this.socket = socket;
    this.hello = hello;
    readJsonLines(socket, {
      maxBytes: MAX_ANSWER_BYTES,
      onValue: (reply) => this.receive(reply as SocketReply),
      onRefused: (error) => this.finish(unreachable(error).toRecord()),
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.finish(unreachable(null).toRecord()));
  }

  ask(question: Readonly<Record<string, unknown>>): Promise<WireAnswer> {
    if (this.end !== null) return Promise.resolve({ ok: false, error: this.end });
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      writeJsonLine(this.socket, { id, ...question });
    });
  }

  subscribe(listener: (batch: LiveBatch) => void): () => void {
    if (this.listeners.size === 0) writeJsonLine(this.socket, { subscribe: true });
    const own = (batch: LiveBatch): void => listener(batch);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  close(): void {
    this.finish(unreachable(null).toRecord());
  }

  private receive(reply: SocketReply): void {
    if ('id' in reply) {
      this.waiting.get(reply.id)?.(reply.answer);
      this.waiting.delete(reply.id);
    } else if ('batch' in reply) {
      for (const listener of [...this.listeners]) listener(reply.batch);
    } else if ('error' in reply) {
      this.finish(reply.error);
    } else {
      this.hello.opened(reply.info);
    }
  }

  private finish(error: ErrorRecord): void {
    if (this.end !== null) return;
    this.end = error;
    this.hello.failed(AppError.fromRecord(error));
    for (const resolve of this.waiting.values()) resolve({ ok: false, error });
    this.waiting.clear();
    this.listeners.clear();
    this.socket.destroy();
    this.ended.resolve();
  }
}

function unwrap(answer: WireAnswer): unknown {
  if (answer.ok) return answer.value;
  throw AppError.fromRecord(answer.error);
}

const unreachable = (cause: unknown): AppError =>
  new AppError('holder.unreachable', 'The app that holds the project does not answer.', {
    cause,
    hint: 'Try again; if it stays so, close that app.',
  });

const READING: ReadonlySet<string | null> = new Set(['workflow:read', 'tool:read', 'agent:read', 'user:read']);

/** Whether an operation only looks: it may be asked again when nobody answered it. */
export const isReading = (name: string): boolean =>
  Object.hasOwn(OPERATIONS, name) && READING.has(OPERATIONS[name as OperationName].permission);

/** What whoever asked hears when the holder went away before it answered: an operation that changes something is never repeated. */
export const unknownEnd = (name: string, cause: AppError): AppError =>
  new AppError(
    cause.code,
    `The app that held the project went away before it answered: whether '${name}' was carried out is not known.`,
    { cause, hint: 'Look whether it happened before you repeat it.', retryable: false, details: { operation: name } },
  );
