import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, CHROMIUM_PATH } from '../electron-stand-in/launch-chromium.ts';
import { hostEnvironment, makeHome, type OpenDoorOptions, type OpenedDoor, REPOSITORY } from './door-options.ts';

const hostMain = fileURLToPath(new URL('./browser-host-main.ts', import.meta.url));

/** Starts the real browser host as a process and opens its page through the one-time link. */
export async function launchBrowser(options: OpenDoorOptions): Promise<OpenedDoor & { readonly url: string }> {
  const { home, remove } = makeHome(options.home);
  const child = spawn(process.execPath, [hostMain, options.appRoot ?? REPOSITORY, options.projectPath], {
    env: { ...process.env, ...hostEnvironment(home, options) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const end = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const code = await exited;
    remove();
    return code;
  };
  try {
    const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text));
    const early = exited.then((code) => Promise.reject(new Error(`The browser host ended with ${code}.\n${stderr}`)));
    const { url, link } = JSON.parse(await Promise.race([line, early])) as { url: string; link: string };
    const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_FLAGS });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(link);
    const close = async (): Promise<number | null> => {
      await browser.close();
      return end();
    };
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await exited;
    };
    return { name: 'browser', page, url, stderr: () => stderr, kill, close };
  } catch (error) {
    await end();
    throw error;
  }
}
