import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type QueueBackend, RabbitQueue, RedisQueue } from '../../src/core/queue/index.ts';
import { openMemoryQueues } from '../../src/core/storage/index.ts';
import { QUEUE_RULES } from '../support/cut-publishes.ts';
import { failAll, rollRestarts } from '../support/queue-lives.ts';
import { startRabbit } from '../support/rabbit-server.ts';
import { startRedis } from '../support/redis-server.ts';

/** SPEC §8 over real servers: workers that come and go, and messages that cannot be done. `npm run proof -- --only=queue` restarts 200 times. */
let leases = 0;
const common = {
  ...{ rules: { ...QUEUE_RULES, retryDelayMs: 1 }, now: Date.now, historyMs: () => 86_400_000 },
  newLease: () => `lease-${++leases}`,
};
type Server = { readonly url: string; close(): Promise<void> };
type Open = (url: string, name: string, owner: number) => QueueBackend;
const tables = new Map<string, ReturnType<typeof openMemoryQueues>>();
const servers = new Map<string, Promise<Server>>();
afterEach(() => {
  for (const { close } of tables.values()) close();
  tables.clear();
});
afterAll(async () => {
  for (const server of servers.values()) await (await server).close();
});

/** What a project took from RabbitMQ is in its own store, over all its lives. */
function tableOf(name: string, owner: number) {
  const key = `${name} ${owner}`;
  const table = tables.get(key) ?? openMemoryQueues();
  tables.set(key, table);
  return table.rows;
}

const PLACES: Readonly<Record<string, { readonly start: () => Promise<Server>; readonly open: Open }>> = {
  redis: {
    start: () => startRedis(),
    open: (url, name, owner) => new RedisQueue({ ...common, url, name, owner: `o-${owner}`, ownerName: `o-${owner}` }),
  },
  rabbitmq: {
    start: () => startRabbit(),
    open: (url, name, owner) => new RabbitQueue({ ...common, url, name, rows: tableOf(name, owner) }),
  },
};

describe.each(Object.entries(PLACES))('workers of a queue of type %s', (type, { start, open }) => {
  const urlOf = async (): Promise<string> => {
    const server = servers.get(type) ?? start();
    servers.set(type, server);
    return (await server).url;
  };

  it('strand nothing over restarts one after the other, and claim nothing while they drain', async () => {
    const url = await urlOf();
    const { sent, wrong } = await rollRestarts((owner) => open(url, 'rolling', owner), 12);
    expect([sent, wrong]).toEqual([36, []]);
  });

  it('make all first attempts first, all of them anew for one sent again, and bury what cannot load once', async () => {
    const queue = open(await urlOf(), 'failing', 0);
    const { attempts, again, unloadable, nextAfterMs, wrong } = await failAll(queue);
    await queue.close();
    const nine = Array.from({ length: 9 }, (_, at) => `f-${at}`);
    expect(attempts).toHaveLength(27);
    expect(attempts.slice(0, 9).toSorted()).toEqual(nine);
    expect(again).toEqual(['f-3-again', 'f-3-again', 'f-3-again']);
    expect(unloadable).toEqual({ attempts: ['u'], status: 'failed' });
    // Not by the next beat of the worker, which is 60 s away.
    expect(nextAfterMs).toBeLessThan(30_000);
    expect(wrong).toEqual([]);
  });
});
