import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CDP_ENDPOINT_VARIABLE } from './chromium-link.ts';
import { launchChromium } from './launch-chromium.ts';
import type { FromApp, FromTest, Recorded } from './test-link.ts';

export interface LaunchDesktopOptions {
  /** Main script: the real `src/main/electron-main.ts`, or its build. */
  readonly main: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The desktop app under test: its process, its window and what it asked of the desktop. */
export interface LaunchedDesktop {
  /** The first window. Rejects when the app quits without one. */
  readonly page: Page;
  readonly child: ChildProcess;
  readonly recorded: readonly Recorded[];
  /** The app's exit code, once it has ended. */
  readonly exited: Promise<number | null>;
  /** What the app wrote to stderr so far. */
  stderr(): string;
  tell(message: FromTest): void;
  /** Asks the app to quit (SIGTERM), waits for it, and ends Chromium. Gives the app's exit code. */
  close(): Promise<number | null>;
}

/** An app that quit before it opened a window. */
export class DesktopQuit extends Error {
  readonly code: number | null;
  readonly recorded: readonly Recorded[];

  constructor(code: number | null, recorded: readonly Recorded[], stderr: string) {
    super(`The app quit with ${code} before it opened a window.\n${stderr}`);
    this.code = code;
    this.recorded = recorded;
  }
}

const LAUNCH_STAGE_MS = 100_000;
const END_WITHIN_MS = 20_000;
const registerPath = fileURLToPath(new URL('./register.ts', import.meta.url));

/** Runs a desktop main script against the stand-in, in a process of its own, with a Chromium of its own. */
export async function launchDesktopMain(options: LaunchDesktopOptions): Promise<LaunchedDesktop> {
  const browserProcess = await launchChromium();
  const child = spawn(process.execPath, ['--import', registerPath, options.main, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env, [CDP_ENDPOINT_VARIABLE]: browserProcess.endpoint },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const recorded: Recorded[] = [];
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  let browser: Browser | null = null;
  // What it recorded last may come after the news of its end.
  const told = once(child, 'disconnect');
  const exited = once(child, 'exit').then(async ([code]) => {
    await told;
    return code as number | null;
  });
  const end = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    const code = await exited;
    clearTimeout(timer);
    await browser?.close();
    await browserProcess.close();
    return code;
  };
  try {
    const opened = firstWindow(child, recorded);
    const quit = exited.then((code) => Promise.reject(new DesktopQuit(code, recorded, stderr)));
    quit.catch(() => undefined);
    browser = await within('the connection to Chromium', chromium.connectOverCDP(browserProcess.endpoint));
    const pageUrl = await within('the first window', Promise.race([opened, quit]));
    const page = await within('the page of the first window', findPage(browser.contexts()[0], pageUrl));
    const tell = (message: FromTest): void => void child.send(message);
    return { page, child, recorded, exited, stderr: () => stderr, tell, close: end };
  } catch (error) {
    process.stderr.write(stderr);
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

function firstWindow(child: ChildProcess, recorded: Recorded[]): Promise<string> {
  return new Promise((resolve) => {
    child.on('message', (message: FromApp) => {
      if (message.kind === 'recorded') recorded.push(message.entry);
      else resolve(message.pageUrl);
    });
  });
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
