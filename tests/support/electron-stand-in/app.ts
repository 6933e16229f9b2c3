import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { listWindows, onLastWindowClosed } from './browser-window.ts';
import { chromiumContext, hasPages } from './chromium-link.ts';
import { onSystemEvent, record } from './test-link.ts';

type AppPart = Pick<
  App,
  | 'whenReady'
  | 'isReady'
  | 'isPackaged'
  | 'requestSingleInstanceLock'
  | 'enableSandbox'
  | 'disableHardwareAcceleration'
  | 'setPath'
  | 'getPath'
  | 'getVersion'
  | 'getLocale'
  | 'setAppUserModelId'
  | 'setAsDefaultProtocolClient'
  | 'getLoginItemSettings'
  | 'setLoginItemSettings'
  | 'setBadgeCount'
  | 'relaunch'
  | 'quit'
  | 'exit'
>;

const paths = new Map<string, string>([['userData', join(tmpdir(), 'electron-stand-in')]]);

/** Where an installed product has its resources; a test says so where it is one. */
const RESOURCES = process.env.STAND_IN_RESOURCES;
if (RESOURCES !== undefined) Object.defineProperty(process, 'resourcesPath', { value: RESOURCES });

/** The part of `app` that the app uses, with Electron's order of events at the end. */
class StandInApp extends EventEmitter implements AppPart {
  readonly isPackaged = RESOURCES !== undefined;
  #isReady = false;
  #opensAtLogin = false;

  async whenReady(): Promise<void> {
    if (hasPages()) await chromiumContext();
    this.#isReady = true;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  getVersion(): string {
    return '0.0.0';
  }

  /** The language of the system. */
  getLocale(): string {
    return 'en-US';
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

  disableHardwareAcceleration(): void {
    if (this.#isReady) throw new Error('app.disableHardwareAcceleration() can only be called before app is ready');
    record('app.disableHardwareAcceleration');
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

  setAppUserModelId(id: string): void {
    record('app.setAppUserModelId', id);
  }

  setAsDefaultProtocolClient(protocol: string): boolean {
    record('app.setAsDefaultProtocolClient', protocol);
    return true;
  }

  getLoginItemSettings(): ReturnType<App['getLoginItemSettings']> {
    const openAtLogin = this.#opensAtLogin;
    return {
      ...{ openAtLogin, wasOpenedAtLogin: false, status: openAtLogin ? 'enabled' : 'not-registered' },
      ...{ executableWillLaunchAtLogin: openAtLogin, launchItems: [] },
    };
  }

  setLoginItemSettings(settings: Parameters<App['setLoginItemSettings']>[0]): void {
    this.#opensAtLogin = settings.openAtLogin ?? false;
    record('app.setLoginItemSettings', settings);
  }

  setBadgeCount(count?: number): boolean {
    record('app.setBadgeCount', count);
    return true;
  }

  relaunch(options?: Parameters<App['relaunch']>[0]): void {
    record('app.relaunch', options);
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
const event = { preventDefault: () => undefined };
onLastWindowClosed(() => app.emit('window-all-closed'));
onSystemEvent('second-instance', (argv = []) => app.emit('second-instance', event, ['electron', ...argv], '', null));
onSystemEvent('quit', () => app.quit());
onSystemEvent('close', () => listWindows()[0]?.close());
onSystemEvent('activate', () => app.emit('activate', event, false));
onSystemEvent('open-url', (url) => app.emit('open-url', event, url));
onSystemEvent('open-file', (path) => app.emit('open-file', event, path));
// Electron takes these as a wish to quit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
