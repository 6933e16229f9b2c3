import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, WebContents } from 'electron';
import { toPageUrl } from './custom-schemes.ts';
import { record, tellTest } from './test-link.ts';
import { asWebContents, StandInContents } from './web-contents.ts';

const openWindows = new Set<BrowserWindow>();
const lastClosedListeners: (() => void)[] = [];

/** The windows that are open now, the oldest first. */
export const listWindows = (): readonly BrowserWindow[] => [...openWindows];

/** Calls `act` when the last window has been closed. */
export const onLastWindowClosed = (act: () => void): void => void lastClosedListeners.push(act);

/** A window is a page of the test's Chromium. The part of `BrowserWindow` that the app uses. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  private readonly contents: StandInContents;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    this.contents = new StandInContents(options.webPreferences ?? {}, {
      width: options.width ?? 800,
      height: options.height ?? 600,
    });
    this.webContents = asWebContents(this.contents);
    openWindows.add(this);
    this.contents.once('destroyed', () => {
      openWindows.delete(this);
      this.emit('closed');
      if (openWindows.size === 0) for (const act of lastClosedListeners) act();
    });
  }

  static getAllWindows(): BrowserWindow[] {
    return [...openWindows];
  }

  async loadURL(url: string): Promise<void> {
    await this.contents.load(url);
    this.emit('ready-to-show');
    tellTest({ kind: 'window', pageUrl: toPageUrl(url) });
  }

  show(): void {
    record('window.show');
  }

  focus(): void {
    record('window.focus');
  }

  isMinimized(): boolean {
    return false;
  }

  restore(): void {
    record('window.restore');
  }

  isDestroyed(): boolean {
    return this.contents.isDestroyed();
  }

  /** Closes unless somebody prevents it. */
  close(): void {
    let isPrevented = false;
    this.emit('close', {
      preventDefault: () => {
        isPrevented = true;
      },
    });
    if (!isPrevented) this.destroy();
  }

  /** Closes without asking the page. */
  destroy(): void {
    void this.contents.page.then((page) => page.close());
  }
}
