import { type Browser, chromium } from 'playwright-core';
import { afterAll } from 'vitest';
import { CHROMIUM_FLAGS, CHROMIUM_PATH } from '../electron-stand-in/launch-chromium.ts';
import { type BrowserHostProcess, startBrowserHostProcess } from './browser-host.ts';
import type { OpenDoorOptions, OpenedDoor } from './door-options.ts';

/** One Chromium for all browser doors of a test file: each has a context of its own, as if another person looked. */
let chromiumOfFile: Promise<Browser> | null = null;
afterAll(async () => (await chromiumOfFile)?.close());

/** Starts the real browser host as a process and opens its page through the one-time link. */
export async function launchBrowser(
  options: OpenDoorOptions,
): Promise<OpenedDoor & Pick<BrowserHostProcess, 'url' | 'signal'>> {
  const host = await startBrowserHostProcess(options);
  try {
    chromiumOfFile ??= chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_FLAGS });
    const context = await (await chromiumOfFile).newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(host.link);
    const close = async (): Promise<number | null> => {
      await context.close();
      return host.end();
    };
    return {
      name: 'browser',
      page,
      ...{ url: host.url, stderr: host.stderr, kill: host.kill, signal: host.signal },
      close,
    };
  } catch (error) {
    await host.end();
    throw error;
  }
}
