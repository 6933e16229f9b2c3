import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, CHROMIUM_PATH } from '../electron-stand-in/launch-chromium.ts';
import { hostEnvironment, makeHome, type OpenDoorOptions, type OpenedDoor, REPOSITORY } from './door-options.ts';

const hostMain = fileURLToPath(new URL('./browser-host-main.ts', import.meta.url));

/** The browser host as a process of its own. */
export interface BrowserHostProcess {
  readonly url: string;
  /** A one-time link into it. */
  readonly link: string;
  stderr(): string;
  kill(): Promise<void>;
  /** Ends it as a system would and gives its exit code. */
  end(): Promise<number | null>;
}

/** Starts the real browser host and resolves once it listens. */
export async function startBrowserHostProcess(options: OpenDoorOptions): Promise<BrowserHostProcess> {
  const { home, remove } = makeHome(options.home);
  const args = [hostMain, options.appRoot ?? REPOSITORY, options.projectPath, String(options.port ?? 0)];
  const child = spawn(process.execPath, args, {
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
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await exited;
    };
    return { url, link, stderr: () => stderr, kill, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Starts the real browser host as a process and opens its page through the one-time link. */
export async function launchBrowser(options: OpenDoorOptions): Promise<OpenedDoor & { readonly url: string }> {
  const host = await startBrowserHostProcess(options);
  try {
    const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_FLAGS });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(host.link);
    const close = async (): Promise<number | null> => {
      await browser.close();
      return host.end();
    };
    return { name: 'browser', page, url: host.url, stderr: host.stderr, kill: host.kill, close };
  } catch (error) {
    await host.end();
    throw error;
  }
}
