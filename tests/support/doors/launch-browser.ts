import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, CHROMIUM_PATH } from '../electron-stand-in/launch-chromium.ts';
import { type BrowserHostProcess, startBrowserHostProcess } from './browser-host.ts';
import { CALM, type OpenDoorOptions, type OpenedDoor } from './door-options.ts';

let launching: Promise<Browser> | null = null;

/**
 * One Chromium for all browser doors of a test process, which ends with it: each door has a context of its own, as if another person
 * looked. One that died is followed by the next.
 */
async function chromiumOfProcess(): Promise<Browser> {
  const browser = await launching?.catch(() => null);
  if (!browser?.isConnected()) launching = chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_FLAGS });
  return launching as Promise<Browser>;
}

/** Starts the real browser host as a process and opens its page through the one-time link. */
export async function launchBrowser(
  options: OpenDoorOptions,
): Promise<OpenedDoor & Pick<BrowserHostProcess, 'url' | 'signal'>> {
  const host = await startBrowserHostProcess(options);
  try {
    const browser = await chromiumOfProcess();
    const context = await browser.newContext({ ...CALM, viewport: { width: 1440, height: 900 } });
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
