import { EventEmitter } from 'node:events';
import type {
  IpcMainInvokeEvent,
  WebContents,
  WebFrameMain,
  WebPreferences,
  WindowOpenHandlerResponse,
} from 'electron';
import type { Page, Route } from 'playwright-core';
import { chromiumContext, hasPages } from './chromium-link.ts';
import { answerByScheme, toAppUrl, toPageUrl } from './custom-schemes.ts';
import { deliverInvoke } from './ipc-main.ts';
import { linkPreload, type PreloadLink } from './preload-link.ts';
import { record } from './test-link.ts';
import { createSession } from './window-session.ts';

type WindowOpenHandler = (details: { readonly url: string }) => WindowOpenHandlerResponse;

/** The page of a window. The part of `WebContents` that the app uses; anything else fails loudly. */
export class StandInContents extends EventEmitter {
  readonly session = createSession();
  readonly mainFrame: WebFrameMain;
  /** Null where the test looks at no page. */
  readonly page: Promise<Page> | null;
  private link: PreloadLink | null = null;
  private openHandler: WindowOpenHandler | null = null;
  private url = '';
  private isGone = false;
  private expectedUrl: string | null = null;

  constructor(preferences: WebPreferences, size: { readonly width: number; readonly height: number }) {
    super();
    const contents = this;
    this.mainFrame = {
      parent: null,
      get url() {
        return contents.url;
      },
    } as unknown as WebFrameMain;
    record('webPreferences', { ...preferences });
    this.page = hasPages() ? this.open(preferences.preload, size) : null;
    // Whoever loads a URL hears of it; a window that never does must not end the process.
    this.page?.catch(() => undefined);
  }

  getURL(): string {
    return this.url;
  }

  isDestroyed(): boolean {
    return this.isGone;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.isGone) throw new TypeError('Object has been destroyed');
    if (this.page === null) record('webContents.send', channel, ...args);
    this.link?.sendEvent(channel, structuredClone(args));
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.openHandler = handler;
  }

  async load(appUrl: string): Promise<void> {
    record('webContents.load', appUrl);
    if (this.page === null) {
      this.url = appUrl;
      return;
    }
    const page = await this.page;
    this.expectedUrl = toPageUrl(appUrl);
    await page.goto(this.expectedUrl, { waitUntil: 'load' });
  }

  reload(): void {
    record('webContents.reload');
    void this.page?.then((page) => page.reload()).catch(() => undefined);
  }

  /** Electron tells of the end as of any other. */
  forcefullyCrashRenderer(): void {
    record('webContents.forcefullyCrashRenderer');
    this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
  }

  /** What a person sees go; the page is asked nothing. */
  close(): void {
    if (this.page === null) this.end();
    else void this.page.then((page) => page.close());
  }

  private end(): void {
    this.isGone = true;
    this.emit('destroyed');
  }

  private async open(preload: string | undefined, size: { width: number; height: number }): Promise<Page> {
    const context = await chromiumContext();
    const page = await context.newPage();
    await page.setViewportSize(size);
    this.link = await linkPreload(page, preload, (message) => this.receive(message.channel, message.args));
    await page.route('**/*', (route) => this.answer(page, route));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.url = toAppUrl(frame.url());
    });
    page.on('close', () => this.end());
    const cdp = await context.newCDPSession(page);
    await cdp.send('Page.enable');
    // A window that is denied is there nevertheless, and nobody looks at it: to close it while it begins takes the process of the page along,
    // now and then (a fault of Chromium 156).
    cdp.on('Page.windowOpen', ({ url }) => {
      const answer = this.openHandler?.({ url: toAppUrl(url) });
      record('windowOpen', toAppUrl(url), answer?.action ?? 'allow');
    });
    return page;
  }

  private receive(channel: string, args: readonly unknown[]): Promise<unknown> {
    const event = { sender: this, senderFrame: this.mainFrame, type: 'frame' } as unknown as IpcMainInvokeEvent;
    return deliverInvoke(event, channel, args);
  }

  /** The app's own schemes by its handler, navigations of the page by `will-navigate`, the rest by the network. */
  private async answer(page: Page, route: Route): Promise<void> {
    const request = route.request();
    const isNavigation = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (isNavigation && request.url() !== this.expectedUrl && !this.mayNavigate(toAppUrl(request.url()))) {
      await route.abort('aborted');
      return;
    }
    if (!(await answerByScheme(route))) await route.continue();
  }

  private mayNavigate(url: string): boolean {
    let isPrevented = false;
    this.emit('will-navigate', {
      url,
      isMainFrame: true,
      preventDefault: () => {
        isPrevented = true;
      },
    });
    record('will-navigate', url, isPrevented ? 'prevented' : 'allowed');
    return !isPrevented;
  }
}

/** For the places where the types of Electron ask for the whole. */
export const asWebContents = (contents: StandInContents): WebContents => contents as unknown as WebContents;
