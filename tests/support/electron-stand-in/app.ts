import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { listWindows, onLastWindowClosed } from './browser-window.ts';
import { chromiumContext } from './chromium-link.ts';
import { onSystemEvent, record } from './test-link.ts';

type AppPart = Pick<
  App,
  'whenReady' | 'requestSingleInstanceLock' | 'enableSandbox' | 'setPath' | 'getPath' | 'quit' | 'exit'
>;

const paths = new Map<string, string>([['userData', join(tmpdir(), 'electron-stand-in')]]);

/** The part of `app` that the app uses, with Electron's order of events at the end. */
class StandInApp extends EventEmitter implements AppPart {
  async whenReady(): Promise<void> {
    await chromiumContext();
  }

  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    const lock = join(folder, 'SingletonLock');
    const held = takeLock(lock);
    if (held) process.once('exit', () => rmSync(lock, { force: true }));
    record('app.requestSingleInstanceLock', held);
    return held;
  }

  enableSandbox(): void {
    record('app.enableSandbox');
  }

  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`);
    paths.set(name, path);
  }

  getPath(name: string): string {
    const path = paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }

  quit(): void {
    let isPrevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        isPrevented = true;
      },
    });
    if (isPrevented) return;
    for (const window of listWindows()) window.destroy();
    for (const event of ['will-quit', 'quit']) this.emit(event, { preventDefault: () => undefined });
    this.exit(0);
  }

  exit(code = 0): void {
    record('app.exit', code);
    process.exit(code);
  }
}

function takeLock(lock: string): boolean {
  try {
    writeSync(openSync(lock, 'wx'), String(process.pid));
    return true;
  } catch {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) return false;
    rmSync(lock, { force: true });
    return takeLock(lock);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export const app = new StandInApp();
onLastWindowClosed(() => app.emit('window-all-closed'));
onSystemEvent('second-instance', () => app.emit('second-instance', {}, [], '', null));
onSystemEvent('quit', () => app.quit());
onSystemEvent('close', () => listWindows()[0]?.close());
onSystemEvent('activate', () => app.emit('activate', {}, false));
// Electron takes these as a wish to quit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
