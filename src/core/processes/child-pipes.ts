import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** One output stream of a child: the end that the child gets and the end that is read. */
export interface ChildPipe {
  readonly childFd: number;
  readonly source: Socket;
  /** Closes our copy of the child's end; call it once the child has been started or failed to. */
  closeChildEnd(): void;
  /** Gives the pipe back. `isDrained`: its end was seen, so nobody holds it any more. */
  release(isDrained: boolean): void;
}

export interface PipePool {
  /** null = no real pipes here (Windows, file systems without FIFOs); the caller lets Node make its sockets. */
  take(): ChildPipe | null;
  close(): void;
}

const FIRST_BATCH = 8;

/**
 * Real pipes for children. Node gives children sockets, and `echo x > /dev/stderr`, common in scripts, fails on a socket.
 * FIFOs in a private folder are real pipes; a FIFO whose end was seen is empty and unheld, so it is used again.
 */
export function createPipePool(dir: string): PipePool {
  const free: string[] = [];
  let made = 0;
  let isAble = process.platform !== 'win32';

  const make = (): void => {
    if (made === 0) mkdirSync(dir, { recursive: true, mode: 0o700 });
    const count = Math.max(FIRST_BATCH, made);
    const paths = Array.from({ length: count }, (_, index) => join(dir, String(made + index)));
    const result = spawnSync('mkfifo', ['-m', '600', '--', ...paths], {
      stdio: 'ignore',
      env: { PATH: '/usr/bin:/bin:/usr/local/bin' },
    });
    isAble = result.status === 0;
    if (isAble) free.push(...paths);
    made += count;
  };
  const open = (path: string): ChildPipe => {
    const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const childFd = openSync(path, constants.O_WRONLY);
    let isOpen = true;
    return {
      childFd,
      source: new Socket({ fd: readFd, readable: true, writable: false }),
      closeChildEnd: () => {
        if (isOpen) closeSync(childFd);
        isOpen = false;
      },
      release: (isDrained) => {
        if (isDrained) free.push(path);
        else rmSync(path, { force: true });
      },
    };
  };
  return {
    take: () => {
      if (isAble && free.length === 0) make();
      const path = isAble ? free.pop() : undefined;
      if (path === undefined) return null;
      try {
        return open(path);
      } catch {
        isAble = false;
        return null;
      }
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}
