import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WITHOUT_PAGES_VARIABLE } from './chromium-link.ts';
import type { FromApp, FromTest, Recorded } from './test-link.ts';

export interface LaunchMainOptions {
  /** Main script: the real `src/main/electron-main.ts`, or its build. */
  readonly main: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The main process of a desktop app under test, and what it asked of the desktop. */
export interface LaunchedMain {
  readonly child: ChildProcess;
  readonly recorded: readonly Recorded[];
  /** Where the first window has its page. Rejects when the app quits without one. */
  readonly firstWindow: Promise<string>;
  /** The app's exit code, once it has ended. */
  readonly exited: Promise<number | null>;
  /** What the app wrote to stderr so far. */
  stderr(): string;
  tell(message: FromTest): void;
  /** Asks the app to quit (SIGTERM) and waits for it. Gives the app's exit code. */
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

const END_WITHIN_MS = 20_000;
const registerPath = fileURLToPath(new URL('./register.ts', import.meta.url));

/** Runs a desktop main script against the stand-in, in a process of its own; its windows are pages of whatever Chromium `env` names. */
export function launchMain(options: LaunchMainOptions): LaunchedMain {
  const child = spawn(process.execPath, ['--import', registerPath, options.main, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const recorded: Recorded[] = [];
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  // What it recorded last may come after the news of its end.
  const told = once(child, 'disconnect');
  const exited = once(child, 'exit').then(async ([code]) => {
    await told;
    return code as number | null;
  });
  const firstWindow = new Promise<string>((resolve, reject) => {
    child.on('message', (message: FromApp) => {
      if (message.kind === 'recorded') recorded.push(message.entry);
      else resolve(message.pageUrl);
    });
    void exited.then((code) => reject(new DesktopQuit(code, recorded, stderr)));
  });
  firstWindow.catch(() => undefined);
  const close = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    const code = await exited;
    clearTimeout(timer);
    return code;
  };
  const tell = (message: FromTest): void => void child.send(message);
  return { child, recorded, firstWindow, exited, stderr: () => stderr, tell, close };
}

/** The same for a test that looks at no page: windows are there and show nothing, and no Chromium is started. Waits for the first window. */
export async function launchMainWithoutPages(options: LaunchMainOptions): Promise<LaunchedMain> {
  const launched = launchMain({ ...options, env: { ...options.env, [WITHOUT_PAGES_VARIABLE]: '1' } });
  try {
    await launched.firstWindow;
    return launched;
  } catch (error) {
    if (!(error instanceof DesktopQuit)) process.stderr.write(launched.stderr());
    await launched.close();
    throw error;
  }
}
