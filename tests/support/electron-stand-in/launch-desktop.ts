import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { CDP_ENDPOINT_VARIABLE } from './chromium-link.ts';
import { connectChromium } from './connect-chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { type LaunchedMain, type LaunchMainOptions, launchMain } from './launch-main.ts';

export { DesktopQuit, type LaunchMainOptions as LaunchDesktopOptions } from './launch-main.ts';

/** The desktop app under test: its process, its window and what it asked of the desktop. */
export interface LaunchedDesktop extends Omit<LaunchedMain, 'firstWindow'> {
  /** The first window. */
  readonly page: Page;
  /** Asks the app to quit (SIGTERM), waits for it, and ends Chromium. Gives the app's exit code. */
  close(): Promise<number | null>;
}

const LAUNCH_STAGE_MS = 100_000;

/** Runs a desktop main script against the stand-in, in a process of its own, with a Chromium of its own. */
export async function launchDesktopMain(options: LaunchMainOptions): Promise<LaunchedDesktop> {
  const browserProcess = await launchChromium();
  const env = { ...options.env, [CDP_ENDPOINT_VARIABLE]: browserProcess.endpoint };
  const { firstWindow, ...main } = launchMain({ ...options, env });
  let browser: Browser | null = null;
  const end = async (): Promise<number | null> => {
    const code = await main.close();
    await browser?.close();
    await browserProcess.close();
    return code;
  };
  try {
    browser = await within('the connection to Chromium', connectChromium(browserProcess.endpoint));
    const pageUrl = await within('the first window', firstWindow);
    const page = await within('the page of the first window', findPage(browser.contexts()[0], pageUrl));
    return { ...main, page, close: end };
  } catch (error) {
    process.stderr.write(main.stderr());
    await end();
    throw error;
  }
}

/** A launch that hangs says where. */
async function within<T>(what: string, awaited: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${LAUNCH_STAGE_MS} ms for ${what}.`)), LAUNCH_STAGE_MS);
  });
  return Promise.race([awaited, late]).finally(() => clearTimeout(timer));
}

/** The page may come a moment after the app has loaded it: the two connections to Chromium are not in step. */
async function findPage(context: BrowserContext | undefined, pageUrl: string): Promise<Page> {
  const { origin } = new URL(pageUrl);
  for (;;) {
    const page = context?.pages().find((one) => one.url().startsWith(`${origin}/`));
    if (page !== undefined) return page;
    await setTimeoutAsync(20);
  }
}
