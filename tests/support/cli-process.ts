import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { GatedProject } from './gated-project.ts';
import { productEntry } from './product-entry.ts';
import { waitUntil } from './wait-until.ts';

/** The command line as a process of its own, on a project. */
export interface CliProcess {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when stdout and stderr together hold the text. */
  untilSays(text: string): Promise<void>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Runs `aiworkflow --project <project> <args>`. */
export function startCli(project: GatedProject, ...args: readonly string[]): CliProcess {
  const child = spawn(process.execPath, [productEntry('cli'), '--project', project.path, ...args], {
    cwd: project.root,
    env: { ...process.env, HOME: project.home, AIWORKFLOW_USER_DIR: join(project.home, 'user-data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const exited = new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    untilSays: (text) =>
      waitUntil(`"${text}" in\n${stdout}${stderr}`, () => stdout.includes(text) || stderr.includes(text)),
    exited,
  };
}

/** `serve` on any free port; resolves when it listens. */
export async function startServe(project: GatedProject): Promise<CliProcess> {
  const serve = startCli(project, 'serve', '--port', '0');
  const early = serve.exited.then(({ code }) =>
    Promise.reject(new Error(`serve ended with ${code}: ${serve.stdout()}${serve.stderr()}`)),
  );
  await Promise.race([serve.untilSays('Listening on'), early]);
  early.catch(() => undefined);
  return serve;
}
