import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { afterAll } from 'vitest';
import { CHROMIUM_FLAGS, CHROMIUM_PATH } from '../electron-stand-in/launch-chromium.ts';
import { productEntry } from '../product-entry.ts';
import { hostEnvironment, makeHome, type OpenDoorOptions, type OpenedDoor } from './door-options.ts';

/** One Chromium for all browser doors of a test file: each has a context of its own, as if another person looked. */
let chromiumOfFile: Promise<Browser> | null = null;
afterAll(async () => (await chromiumOfFile)?.close());

/** The browser host as a process of its own. */
export interface BrowserHostProcess {
  readonly url: string;
  /** A one-time link into it. */
  readonly link: string;
  stderr(): string;
  kill(): Promise<void>;
  /** `SIGSTOP` puts it to sleep, `SIGCONT` wakes it. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it as a system would and gives its exit code. */
  end(): Promise<number | null>;
}

/** Starts the real browser host and resolves once it listens. */
export async function startBrowserHostProcess(options: OpenDoorOptions): Promise<BrowserHostProcess> {
  const { home, remove } = makeHome(options.home);
  const main = productEntry('cli', options.appRoot);
  const args = [main, '--project', options.projectPath, '--json', 'serve', '--port', String(options.port ?? 0)];
  if (options.hasTriggers === true) args.push('--triggers');
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
    const { url: link } = JSON.parse(await Promise.race([line, early])) as { url: string };
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await exited;
    };
    const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => void child.kill(name);
    return { url: new URL(link).origin, link, stderr: () => stderr, kill, signal, end };
  } catch (error) {
    await end();
    throw error;
  }
}

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
