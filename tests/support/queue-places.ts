import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type QueueBackend, RabbitQueue, RedisQueue, TableQueue } from '../../src/core/queue/index.ts';
import { openDatabase } from '../../src/core/storage/database.ts';
import { openMemoryQueues, QueueRepository } from '../../src/core/storage/index.ts';
import { queue } from '../../src/core/storage/migrations/state-029-queue.ts';
import { QUEUE_RULES } from './cut-publishes.ts';
import { startRabbit } from './rabbit-server.ts';
import { startRedis } from './redis-server.ts';

/** Where messages wait. */
export interface QueuePlace {
  /** '' = no server keeps it. */
  readonly url: string;
  /** How many projects work on it. */
  readonly projects: number;
  /** As one of them opens it, in each of its lives; one more than there are = somebody who only sends. `over` = another way to the same server. */
  open(name: string, project?: number, over?: string): QueueBackend;
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

let leases = 0;
/** Second attempts are due at once: what keeps them behind the first ones is their place in the line. */
const common = {
  ...{ rules: { ...QUEUE_RULES, retryDelayMs: 1 }, now: Date.now, historyMs: () => 86_400_000 },
  newLease: () => `lease-${process.pid}-${++leases}`,
};
const SERVERLESS = { url: '', projects: 1, stop: async () => undefined, start: async () => undefined };

/** Every backend of SPEC §8 with a real store or server behind it. */
export const QUEUE_PLACES: Readonly<Record<QueueBackend['type'], () => Promise<QueuePlace>>> = {
  memory: async () => {
    const { rows, close } = openMemoryQueues();
    return {
      ...SERVERLESS,
      open: (name) => new TableQueue({ ...common, type: 'memory', name, rows }),
      close: async () => close(),
    };
  },
  local: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aiw-queue-'));
    const db = openDatabase(join(folder, 'state.db'), { migrations: [queue] });
    const rows = new QueueRepository(db);
    return {
      ...SERVERLESS,
      open: (name) => new TableQueue({ ...common, type: 'local', name, rows }),
      close: async () => {
        db.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
  redis: async () => {
    const server = await startRedis();
    const { url } = server;
    return {
      ...{ ...server, projects: 3 },
      open: (name, project = 0, over = url) =>
        new RedisQueue({ ...common, url: over, name, owner: `project ${project}`, ownerName: `project ${project}` }),
    };
  },
  rabbitmq: async () => {
    const server = await startRabbit();
    const { url } = server;
    // What a project took from RabbitMQ is in its own store, over all its lives.
    const tables = new Map<string, ReturnType<typeof openMemoryQueues>>();
    return {
      ...{ ...server, projects: 3 },
      open: (name, project = 0, over = url) => {
        const table = tables.get(`${name} ${project}`) ?? openMemoryQueues();
        tables.set(`${name} ${project}`, table);
        return new RabbitQueue({ ...common, url: over, name, rows: table.rows });
      },
      close: async () => {
        for (const table of tables.values()) table.close();
        await server.close();
      },
    };
  },
};
