import { basename, isAbsolute, join } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { errnoOf } from '../../files/index.ts';
import type { HintListener, HintSource } from './hint-source.ts';

/** Somebody who turned a development server to polling does not mean our watches. */
function clearEnvironment(): void {
  for (const name of Object.keys(process.env)) if (/^CHOKIDAR_/i.test(name)) delete process.env[name];
}

/** The system's limits of watches and of open handles. */
const LOST_CODES = new Set(['ENOSPC', 'EMFILE', 'ENFILE', 'EACCES', 'EPERM', 'ENOSYS', 'ENOTSUP', 'EIO']);

/**
 * chokidar as a hint: it holds one watch a folder and never hears of a file by name, for what it makes of events (atomic saves lost,
 * additions repeated) is not used, only that something moved, and where.
 */
export const chokidarHints: HintSource = {
  start: async (root, enters, listener) => {
    clearEnvironment();
    const { watch } = await import('chokidar');
    let isReady = false;
    const watcher = watch(root, {
      ignoreInitial: true,
      atomic: false,
      followSymlinks: false,
      // It asks with what it found at each path, so its own walk is the first look at the files.
      ignored: (path, stats) => {
        if (path === root || stats === undefined) return false;
        if (stats.isDirectory()) return !enters(path);
        if (!isReady && (stats.isFile() || stats.isSymbolicLink())) listener.onFile(path, stats);
        return true;
      },
    });
    listen(watcher, root, listener);
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    isReady = true;
    return { close: () => watcher.close(), hasShownFiles: true };
  },
};

function listen(watcher: FSWatcher, root: string, listener: HintListener): void {
  watcher.on('raw', (_event, name, details) => {
    const folder = watchedPath(details) ?? root;
    if (name === null || name === '') return listener.onHint(folder);
    listener.onHint(isAbsolute(name) ? name : join(folder, name));
    // A folder that is gone itself tells so by its own name, as if it were a child.
    if (name === basename(folder)) listener.onHint(folder);
  });
  watcher.on('addDir', (path) => listener.onHint(path));
  watcher.on('error', (error) => {
    const code = errnoOf(error);
    if (LOST_CODES.has(code)) listener.onLost(pathOf(error) ?? root, code);
  });
}

function watchedPath(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return null;
  return typeof details.watchedPath === 'string' ? details.watchedPath : null;
}

function pathOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const told = 'filename' in error ? error.filename : 'path' in error ? error.path : null;
  return typeof told === 'string' && isAbsolute(told) ? told : null;
}
