import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../shared/errors.ts';
import type { CenterPort } from '../call-envelope.ts';
import { makeSecret } from '../secrets.ts';
import { removeHolder, writeHolder } from './holder-file.ts';
import { type HolderContext, type ServedConnection, serveConnection } from './socket-connection.ts';
import { newSocketPath } from './socket-folder.ts';

export interface SocketDoorOptions {
  readonly center: CenterPort;
  /** `.aiworkflow/state` of the project that this process holds. */
  readonly projectStateDir: string;
  readonly version: string;
  readonly door: 'cli' | 'browser' | 'desktop';
  /** A fresh one-time link, where this process has a browser door. */
  readonly newLink?: () => string;
}

export interface SocketDoor {
  /** True when no call is in flight. */
  readonly isIdle: boolean;
  /** Resolves when the calls in flight are answered; others may have come meanwhile. */
  drained(): Promise<void>;
  /**
   * Takes the record away and begins no call from now on, lets those in flight be answered (at most `CLOSE_WITHIN_MS`), then ends
   * every connection.
   */
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 1_000;

/**
 * Opens the local socket of the holder of a project (DESIGN decision 7) and records it in `holder.json`, so that a second
 * process hands its operations over instead of opening the store. Call it only while holding the lease.
 */
export async function startSocketDoor(options: SocketDoorOptions): Promise<SocketDoor> {
  const token = makeSecret();
  const path = newSocketPath();
  let isLeaving = false;
  const context: HolderContext = {
    center: options.center,
    token,
    projectStateDir: options.projectStateDir,
    info: { pid: process.pid, door: options.door, version: options.version },
    newLink: options.newLink,
    isLeaving: () => isLeaving,
  };
  const open = new Map<Socket, ServedConnection>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.set(socket, serveConnection(socket, context));
    socket.on('close', () => open.delete(socket));
  });
  await listen(server, path);
  const { pid, door, version } = context.info;
  writeHolder(options.projectStateDir, { path, token, pid, version, door });
  return {
    get isIdle() {
      return [...open.values()].every((connection) => connection.isIdle);
    },
    drained: async () => {
      await Promise.all([...open.values()].map((connection) => connection.drained()));
    },
    close: async () => {
      isLeaving = true;
      removeHolder(options.projectStateDir, token);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...open].map(([socket, connection]) => endConnection(socket, connection)));
      await closed;
      if (process.platform !== 'win32') rmSync(path, { force: true });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new AppError('file.io', 'The local socket of the project cannot be opened.', { cause }));
    });
    server.listen(path, resolve);
  });
}

async function endConnection(socket: Socket, connection: ServedConnection): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), CLOSE_WITHIN_MS);
  const closed = new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));
  await Promise.race([connection.drained().then(() => connection.leave()), closed]);
  await closed;
  clearTimeout(timer);
}
