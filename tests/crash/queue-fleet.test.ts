import { afterEach, describe, expect, it } from 'vitest';
import { RedisQueue } from '../../src/core/queue/index.ts';
import { QUEUE_RULES } from '../support/cut-publishes.ts';
import { runFleet } from '../support/queue-fleet.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { endHosts } from '../support/webhook-hosts.ts';

/** SPEC §8: workers of several projects on one queue; `npm run proof -- --only=queue` does the same with 1,000 messages and on both servers. */
let server: RedisServer;
afterEach(async () => {
  endHosts();
  await server.close();
});

describe('three workers on one queue of Redis', () => {
  it('end each message once and have no effect twice while one is killed, one frozen and the broker restarted', async () => {
    server = await startRedis();
    let leases = 0;
    const queue = new RedisQueue({
      ...{ url: server.url, owner: 'sender', ownerName: 'sender', name: 'aiworkflow-default', now: Date.now },
      ...{ rules: QUEUE_RULES, historyMs: () => 86_400_000, newLease: () => `lease-${++leases}` },
    });
    const restartBroker = async (): Promise<void> => {
      await server.stop('SIGKILL');
      await server.start();
    };
    try {
      const { url } = server;
      const place = `type: redis, redis_url: "${url}"`;
      const report = await runFleet({ place, queue, messages: 80, ends: 'killed', restartBroker });
      expect(report.wrong).toEqual([]);
      // What was under way as a worker was killed.
      expect(report.inDoubt).toBeLessThanOrEqual(4);
      expect(report.completed + report.inDoubt).toBe(80);
    } finally {
      await queue.close();
    }
  });
});
