import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type QueueBackend, type QueueRules, RedisQueue } from '../../src/core/queue/index.ts';
import type { NewMessage } from '../../src/core/storage/index.ts';
import { type CutProxy, startCutProxy } from '../support/cut-proxy.ts';
import { startRedis } from '../support/redis-server.ts';

/** SPEC §8: what was confirmed is there, and what is sent again because nobody confirmed it is there once. */
const MESSAGES = 200;
const AT_ONCE = 25;
/** After so many that were confirmed the connection is cut. */
const CUTS = [20, 80, 140];

const RULES: QueueRules = {
  ...{ maxSize: 0, messageTtlMs: 86_400_000, deadLetterQueue: null, retryDelayMs: 5_000 },
  visibilityTimeoutMs: 300_000,
};

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let leases = 0;
const common = {
  ...{ name: 'work', rules: RULES, now: Date.now, historyMs: () => 86_400_000, newLease: () => `lease-${++leases}` },
};

/** A queue that is reached through a way that can be cut. */
const PLACES: Readonly<Record<string, () => Promise<{ readonly queue: QueueBackend; readonly proxy: CutProxy }>>> = {
  redis: async () => {
    const server = await startRedis();
    closing.push(() => server.close());
    const proxy = await startCutProxy(Number(new URL(server.url).port));
    return { proxy, queue: new RedisQueue({ ...common, url: `redis://127.0.0.1:${proxy.port}`, owner: 'me' }) };
  },
};

const message = (id: string): NewMessage => ({
  ...{ id, workflowId: 'flow', workflowPath: null, versionHash: null, payload: {}, priority: 'normal' },
  ...{ createdAt: Date.now(), maxAttempts: 3, notBefore: null, dedupeKey: null, metadata: {} },
  actor: { kind: 'user', id: 'ana', door: 'cli' },
});

describe.each(Object.entries(PLACES))('a connection to %s that is cut', (_type, open) => {
  it(`during ${MESSAGES} confirmed messages loses none and doubles none`, async () => {
    const { queue, proxy } = await open();
    closing.push(
      () => proxy.close(),
      () => queue.close(),
    );
    const ids = Array.from({ length: MESSAGES }, (_, at) => `message-${at}`);
    const left = ids.toReversed();
    const codes = new Set<unknown>();
    let confirmed = 0;
    const send = async (id: string): Promise<void> => {
      for (;;) {
        try {
          await queue.publish(message(id));
          confirmed += 1;
          if (CUTS.includes(confirmed)) proxy.cut();
          return;
        } catch (error) {
          codes.add((error as { code?: unknown }).code);
          await delay(20);
        }
      }
    };
    const sender = async (): Promise<void> => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await send(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    expect([...codes]).toEqual(['queue.unreachable']);
    const seen: string[] = [];
    for (let claim = await queue.claim(); claim !== null; claim = await queue.claim()) {
      seen.push(claim.message.id);
      expect(await queue.ack(claim, 'r')).toBe(true);
    }
    expect(seen.sort()).toEqual(ids.toSorted());
  });
});
