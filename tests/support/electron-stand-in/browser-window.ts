import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  BrowserWindow as ElectronWindow,
  Rectangle,
  WebContents,
} from 'electron';
import { hasPages } from './chromium-link.ts';
import { toPageUrl } from './custom-schemes.ts';
import { onSystemEvent, record, tellTest } from './test-link.ts';
import { asWebContents, StandInContents } from './web-contents.ts';

type WindowPart = Pick<
  ElectronWindow,
  | 'show'
  | 'showInactive'
  | 'hide'
  | 'isVisible'
  | 'focus'
  | 'isFocused'
  | 'minimize'
  | 'isMinimized'
  | 'restore'
  | 'maximize'
  | 'isMaximized'
  | 'getNormalBounds'
  | 'getBounds'
  | 'setTitle'
  | 'isDestroyed'
  | 'close'
  | 'destroy'
>;

const openWindows = new Set<BrowserWindow>();
const lastClosedListeners: (() => void)[] = [];

/** The windows that are open now, the oldest first. */
export const listWindows = (): readonly BrowserWindow[] => [...openWindows];

/** Calls `act` when the last window has been closed. */
export const onLastWindowClosed = (act: () => void): void => void lastClosedListeners.push(act);

/** A window is a page of the test's Chromium. The part of `BrowserWindow` that the app uses. */
export class BrowserWindow extends EventEmitter implements WindowPart {
  readonly webContents: WebContents;
  private readonly contents: StandInContents;
  private bounds: Rectangle;
  private state: 'normal' | 'minimized' | 'maximized' = 'normal';
  private isShown = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    const { width = 800, height = 600, x = 0, y = 0, webPreferences, show: _show, ...rest } = options;
    this.bounds = { x, y, width, height };
    record('window.new', { ...this.bounds, ...rest });
    this.contents = new StandInContents(webPreferences ?? {}, { width, height });
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
    tellTest({ kind: 'window', pageUrl: hasPages() ? toPageUrl(url) : url });
  }

  show(): void {
    this.isShown = true;
    record('window.show');
    this.emit('show');
  }

  showInactive(): void {
    this.isShown = true;
    record('window.showInactive');
  }

  hide(): void {
    this.isShown = false;
    record('window.hide');
    this.emit('hide');
  }

  isVisible(): boolean {
    return this.isShown && this.state !== 'minimized';
  }

  focus(): void {
    record('window.focus');
  }

  isFocused(): boolean {
    return this.isVisible();
  }

  minimize(): void {
    this.state = 'minimized';
    record('window.minimize');
  }

  isMinimized(): boolean {
    return this.state === 'minimized';
  }

  restore(): void {
    this.state = 'normal';
    record('window.restore');
  }

  maximize(): void {
    this.state = 'maximized';
    record('window.maximize');
    this.emit('maximize');
  }

  isMaximized(): boolean {
    return this.state === 'maximized';
  }

  getBounds(): Rectangle {
    return this.bounds;
  }

  getNormalBounds(): Rectangle {
    return this.bounds;
  }

  setTitle(title: string): void {
    record('window.setTitle', title);
  }

  /** A person moves it. */
  place(bounds: Rectangle): void {
    this.bounds = bounds;
    this.emit('move');
    this.emit('resize');
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
    this.contents.close();
  }
}

onSystemEvent('place', (bounds) => listWindows()[0]?.place(bounds));
onSystemEvent('maximize', () => listWindows()[0]?.maximize());
onSystemEvent('page-gone', (reason) =>
  listWindows()[0]?.webContents.emit('render-process-gone', {}, { reason, exitCode: 5 }),
);
onSystemEvent('page-hangs', () => listWindows()[0]?.emit('unresponsive'));
