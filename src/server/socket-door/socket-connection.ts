import type { Socket } from 'node:net';
import { type Lineage, readLineage } from '../../core/processes/index.ts';
import { MAX_CALL_BYTES, type WireAnswer } from '../../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { Caller } from '../../shared/model/access.ts';
import { answerCall, type CenterPort, checkPlainJson, requireFollow } from '../call-envelope.ts';
import { startLiveFeed } from '../live-feed.ts';
import { osUserName } from '../os-user.ts';
import { isSameSecret } from '../secrets.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import { readPeer } from './read-peer.ts';
import {
  type HolderInfo,
  helloSchema,
  requestSchema,
  type SocketReply,
  type SocketRequest,
} from './socket-messages.ts';

export interface HolderContext {
  readonly center: CenterPort;
  readonly token: string;
  /** `.aiworkflow/state` of the project that is held. */
  readonly projectStateDir: string;
  readonly info: HolderInfo;
  readonly newLink: (() => string) | undefined;
  /** From then on no call is begun. */
  readonly isLeaving: () => boolean;
}

/** What the door knows of a client. */
export interface ServedConnection {
  readonly isIdle: boolean;
  /** Resolves once every call in flight is answered. */
  drained(): Promise<void>;
  /** Says goodbye: whatever has no answer was never begun. */
  leave(): void;
}

const HELLO_WITHIN_MS = 5_000;
const MAX_HELLO_BYTES = 4_096;
/** Beyond it, live frames are held back, and no further call is read until the client reads its answers. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Serves one client of the socket door. */
export const serveConnection = (socket: Socket, context: HolderContext): ServedConnection =>
  new SocketConnection(socket, context);

/**
 * Invariants: 1. before a right hello nothing reaches the control center; 2. a refused line ends the connection after one
 * `error` frame; 3. each request with an id is answered exactly once while the connection lives; 4. a request that is still
 * without an answer when `holder.leaving` is said was never begun.
 */
class SocketConnection implements ServedConnection {
  private readonly socket: Socket;
  private readonly context: HolderContext;
  private readonly inFlight = new Set<Promise<void>>();
  private readonly reader: {
    maxBytes: number;
    onValue: (value: unknown) => void;
    onRefused: (error: AppError) => void;
  };
  private readonly helloTimer: NodeJS.Timeout;
  private credential: string | undefined;
  /** What the client says of itself. */
  private claimedStep: string | null = null;
  /** What the kernel says of it; null = it does not tell. */
  private lineage: Lineage | null = null;
  private isKnown = false;
  private stopFeed: (() => void) | null = null;
  /** A call begins after what it depends on: who the client is, and a `subscribe` that came before it. */
  private following: Promise<void> | null = null;

  constructor(socket: Socket, context: HolderContext) {
    this.socket = socket;
    this.context = context;
    this.helloTimer = setTimeout(() => socket.destroy(), HELLO_WITHIN_MS);
    this.reader = {
      maxBytes: MAX_HELLO_BYTES,
      onValue: (value) => (this.isKnown ? this.take(value) : this.greet(value)),
      onRefused: (error) => this.end(error),
    };
    readJsonLines(socket, this.reader);
    socket.on('error', () => socket.destroy());
    socket.on('drain', () => socket.resume());
    // Whoever says no more still hears the answers to what he asked.
    socket.on('end', () => void this.drained().then(() => socket.end()));
    socket.on('close', () => {
      clearTimeout(this.helloTimer);
      this.stopFeed?.();
    });
  }

  get isIdle(): boolean {
    return this.inFlight.size === 0;
  }

  async drained(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.inFlight);
  }

  leave(): void {
    this.end(new AppError('holder.leaving', 'The app that held the project has let it go.', { hint: 'Try again.' }));
  }

  private greet(value: unknown): void {
    const hello = helloSchema.safeParse(value);
    if (!hello.success || !isSameSecret(hello.data.token, this.context.token)) {
      throw new AppError('access.bad_token', 'The token of the local socket is missing or wrong.');
    }
    if (hello.data.version !== this.context.info.version) {
      throw new AppError(
        'holder.version',
        `The project is open in version ${this.context.info.version} of the app, this is ${hello.data.version}.`,
        { hint: 'Close the other one, or use the same version.', details: { holder: this.context.info } },
      );
    }
    clearTimeout(this.helloTimer);
    this.credential = hello.data.credential;
    this.claimedStep = hello.data.stepKey ?? null;
    this.isKnown = true;
    this.reader.maxBytes = MAX_CALL_BYTES;
    this.send({ ok: true, info: this.context.info });
  }

  private async lookAtPeer(): Promise<void> {
    const peer = await readPeer(this.socket);
    if (peer.kind === 'untold') return;
    const view = { stateDir: this.context.projectStateDir, holder: process.pid };
    this.lineage = peer.kind === 'process' ? readLineage(peer.pid, view) : { pids: [], isOfStep: true };
  }

  /**
   * The kernel's word goes before the client's: a process of a step never passes for the user of the system. Where the system does not tell,
   * what the client says of itself can lessen what it may do.
   */
  private caller(): Caller {
    const { credential, lineage, claimedStep: stepKey } = this;
    const isOfStep = lineage === null ? stepKey !== null : lineage.isOfStep;
    return {
      ...{ kind: 'user', id: osUserName(), door: 'socket' },
      ...(credential === undefined ? {} : { credential }),
      ...(isOfStep ? { step: { pids: lineage?.pids ?? null, stepKey } } : {}),
    };
  }

  private take(value: unknown): void {
    checkPlainJson(value);
    const request = requestSchema.safeParse(value);
    if (!request.success)
      throw new AppError('contract.invalid_input', 'The line is not a request of the local socket.');
    // Asked once there is something to answer: it takes a process.
    this.following ??= this.lookAtPeer();
    if ('subscribe' in request.data) {
      this.following = this.following
        .then(() => this.subscribe())
        .catch((error: unknown) => this.end(AppError.fromRecord(toErrorRecord(error))));
      return;
    }
    if (this.context.isLeaving()) return;
    const { id } = request.data;
    const asked = request.data;
    const work = this.following.then(() => this.answer(asked)).then((answer) => this.send({ id, answer }));
    this.inFlight.add(work);
    void work.finally(() => this.inFlight.delete(work));
  }

  private async answer(request: Exclude<SocketRequest, { subscribe: true }>): Promise<WireAnswer> {
    if ('name' in request) {
      return answerCall(
        this.context.center,
        { name: request.name, input: request.input === undefined ? {} : request.input },
        this.caller(),
      );
    }
    if (request.host === 'info') return { ok: true, value: this.context.info };
    // The link lets in the user of the system: whoever came as somebody else gets none.
    const { credential, step } = this.caller();
    if (credential !== undefined || step !== undefined) {
      const denied = new AppError('access.denied', 'Only the user of this computer gets a link.');
      return { ok: false, error: denied.toRecord() };
    }
    if (this.context.newLink !== undefined) return { ok: true, value: this.context.newLink() };
    const error = new AppError('contract.unknown_operation', 'The app that holds the project has no browser door.', {
      details: { holder: this.context.info },
    });
    return { ok: false, error: error.toRecord() };
  }

  private async subscribe(): Promise<void> {
    await requireFollow(this.context.center, this.caller());
    if (this.socket.destroyed) return;
    this.stopFeed ??= startLiveFeed({
      subscribe: (listener) => this.context.center.subscribe(listener),
      send: (batch) => this.send({ batch }),
      canSend: () => this.socket.writableLength < MAX_BUFFERED_BYTES,
    });
  }

  private send(reply: SocketReply): void {
    writeJsonLine(this.socket, reply);
    if (this.socket.writableLength >= MAX_BUFFERED_BYTES) this.socket.pause();
  }

  private end(error: AppError): void {
    this.stopFeed?.();
    this.send({ error: error.toRecord() });
    this.socket.end();
    this.socket.destroySoon();
  }
}
