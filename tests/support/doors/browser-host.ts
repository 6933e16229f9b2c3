import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { productEntry } from '../product-entry.ts';
import { hostEnvironment, knowProject, makeHome, type OpenDoorOptions } from './door-options.ts';

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
  knowProject(home, options);
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
