import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

/** Where Debian has it; the one on PATH there wants to be the user of the service. */
const PROGRAM = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** A real RabbitMQ of a test's own: in a temporary folder, on free ports, with a node name and a name server of its own. */
export interface RabbitServer {
  readonly url: string;
  readonly child: () => ChildProcess;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  /** Empties it. */
  clear(queues: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** `settings` = of its application `rabbit`, numbers. */
export async function startRabbit(settings: Readonly<Record<string, number>> = {}): Promise<RabbitServer> {
  const folder = mkdtempSync(join(tmpdir(), 'aiw-rabbit-'));
  const [port, dist, names] = [await freePort(), await freePort(), await freePort()];
  const url = `amqp://guest:guest@127.0.0.1:${port}/`;
  mkdirSync(join(folder, 'log'));
  const written = Object.entries(settings).map(([name, value]) => `{${name}, ${value}}`);
  writeFileSync(join(folder, 'advanced.config'), `[{rabbit, [${written.join(', ')}]}].\n`);
  const env = {
    ...{ PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8', ERL_EPMD_PORT: String(names) },
    ...{
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: `aiw-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    },
    ...{
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(dist),
      RABBITMQ_CONFIG_FILE: join(folder, 'none'),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    },
    ...{ RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'), RABBITMQ_LOG_BASE: join(folder, 'log') },
    ...{ RABBITMQ_PID_FILE: join(folder, 'pid'), RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins') },
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
  };
  let child: ChildProcess;
  const isThere = async (): Promise<boolean> => {
    const connection = await connect(url).catch(() => null);
    await connection?.close();
    return connection !== null;
  };
  const start = async (): Promise<void> => {
    const program = existsSync(PROGRAM) ? PROGRAM : 'rabbitmq-server';
    child = spawn(program, [], { env, cwd: folder, stdio: 'ignore', detached: true });
    await waitUntil('RabbitMQ answers', isThere);
  };
  // Its script is a shell with the server below it.
  const signalAll = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-(child.pid ?? 0), signal);
    } catch {
      // Gone already.
    }
  };
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    signalAll(signal);
    await ended;
  };
  await start().catch((error: unknown) => {
    signalAll('SIGKILL');
    throw error;
  });
  return {
    ...{ url, start, stop, child: () => child },
    clear: async (queues) => {
      const connection = await connect(url);
      const channel = await connection.createChannel();
      for (const queue of queues) await channel.deleteQueue(queue);
      await connection.close();
    },
    close: async () => {
      await stop('SIGKILL');
      spawnSync('epmd', ['-port', String(names), '-kill'], { stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
