import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

/** A real Redis of a test's own: in a temporary folder, on a free port. */
export interface RedisServer {
  readonly url: string;
  readonly child: () => ChildProcess;
  /** A connection to look and meddle with; closed with the server. */
  readonly client: Redis;
  /** Ends it, as a computer that goes down in good order, or at once. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** By default every command is on the disk before it is confirmed. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'aiw-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const kept = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  let child: ChildProcess;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  const start = async (): Promise<void> => {
    child = spawn('redis-server', [...args, ...kept, ...settings], { stdio: 'ignore' });
    if (client.status === 'wait') await client.connect().catch(() => undefined);
    await waitUntil('Redis answers', () => client.status === 'ready');
  };
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    ...{ url, client, start, stop, child: () => child },
    close: async () => {
      client.disconnect();
      await stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** So much time passes for all keys that end by themselves. */
export async function passTime(client: Redis, ms: number): Promise<void> {
  for (const key of await client.keys('*')) {
    const left = await client.pttl(key);
    if (left < 0) continue;
    if (left <= ms) await client.del(key);
    else await client.pexpire(key, left - ms);
  }
}
