import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { BUILT_WEBHOOK_HOST } from './built-crash-host.ts';

/** A headless host with its listener in a process of its own. */
export interface WebhookHost {
  readonly url: string;
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

const children = new Set<ChildProcess>();

/** Starts one on a project, with a trigger armed; resolves when it listens. */
export async function launchWebhookHost(
  projectPath: string,
  trigger: string,
  env: Readonly<Record<string, string>> = {},
): Promise<WebhookHost> {
  const { line: url, ...host } = await launchHost(projectPath, trigger, env);
  if (!url.startsWith('http://')) throw new Error(`the host does not listen: ${url}`);
  return { ...host, url };
}

/** Starts one that works on the queue of its settings; resolves when it serves. */
export async function launchQueueHost(projectPath: string): Promise<Omit<WebhookHost, 'url'>> {
  const { line, ...host } = await launchHost(projectPath, '', {});
  if (line !== 'serving') throw new Error(`the host does not serve: ${line}`);
  return host;
}

async function launchHost(projectPath: string, trigger: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [BUILT_WEBHOOK_HOST, projectPath, trigger], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return { line: await Promise.race([said, ended.then(() => 'it ended')]), child, ended };
}

/** Kills those that a test has left. */
export function endHosts(): void {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
}
