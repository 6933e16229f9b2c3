import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';

/** The shortest limit of the systems we run on (macOS); a longer path cannot be bound. */
const MAX_SOCKET_PATH_BYTES = 103;
const PIPE_PREFIX = '\\\\.\\pipe\\aiworkflow-';
const SWEEP_AFTER_MS = 24 * 3_600_000;

/**
 * A fresh address for a local socket that only this user can reach: a file in a 0700 folder, or a named pipe on Windows.
 * Throws `file.io` when no such folder can be had.
 */
export function newSocketPath(): string {
  const name = `${process.pid}-${randomBytes(8).toString('hex')}`;
  if (process.platform === 'win32') return `${PIPE_PREFIX}${name}`;
  for (const folder of candidateFolders()) {
    const path = join(folder, `${name}.sock`);
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES || !makePrivateFolder(folder)) continue;
    sweepOldSockets(folder);
    return path;
  }
  throw new AppError('file.io', 'There is no private folder for the local socket.', {
    hint: 'Set XDG_RUNTIME_DIR to a folder that belongs to you and to nobody else.',
  });
}

function candidateFolders(): readonly string[] {
  const own = `aiworkflow-${process.getuid?.() ?? 0}`;
  const runtimeDir = process.env.XDG_RUNTIME_DIR;
  return [...(runtimeDir ? [join(runtimeDir, 'aiworkflow')] : []), join(tmpdir(), own), join('/tmp', own)];
}

/**
 * True when a socket that a record names can only have been made by this user. A project folder may come from anybody, and
 * its record must not lead us to somebody else's socket.
 */
export function isOwnSocket(path: string): boolean {
  if (process.platform === 'win32') return path.startsWith(PIPE_PREFIX);
  try {
    return lstatSync(path).uid === process.getuid?.() && isPrivate(dirname(path));
  } catch {
    return false;
  }
}

function makePrivateFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === process.getuid?.()) chmodSync(folder, 0o700);
  return isPrivate(folder);
}

/** False when it is a link, belongs to somebody else or is open to others. */
function isPrivate(folder: string): boolean {
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

/** A process that was killed leaves its socket behind. Best effort: a file that stays harms nobody. */
function sweepOldSockets(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^(\d+)-[0-9a-f]+\.sock$/.exec(name)?.[1]);
    const path = join(folder, name);
    try {
      if (pid > 0 && Date.now() - lstatSync(path).mtimeMs > SWEEP_AFTER_MS && !isAlive(pid))
        rmSync(path, { force: true });
    } catch {
      // Taken away by somebody else in between.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
