import type { BrowserContext } from 'playwright-core';
import { connectChromium } from './connect-chromium.ts';

/** Where the test's Chromium listens; set by whoever launches the app. */
export const CDP_ENDPOINT_VARIABLE = 'STAND_IN_CDP_ENDPOINT';

/** Set where a test looks at what the main process does and at no page: windows are there, and show nothing. */
export const WITHOUT_PAGES_VARIABLE = 'STAND_IN_WITHOUT_PAGES';

export const hasPages = (): boolean => process.env[WITHOUT_PAGES_VARIABLE] !== '1';

let connecting: Promise<BrowserContext> | null = null;

/** The browser in which the windows of this app are pages. */
export function chromiumContext(): Promise<BrowserContext> {
  connecting ??= connect();
  return connecting;
}

async function connect(): Promise<BrowserContext> {
  const endpoint = process.env[CDP_ENDPOINT_VARIABLE];
  if (endpoint === undefined)
    throw new Error(`${CDP_ENDPOINT_VARIABLE} is not set: start the app with launchDesktop()`);
  const browser = await connectChromium(endpoint);
  const context = browser.contexts()[0];
  if (context === undefined) throw new Error('Chromium has no default context');
  return context;
}
