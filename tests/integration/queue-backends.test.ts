import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { type QueueBackend, type QueueRules, RabbitQueue, RedisQueue, TableQueue } from '../../src/core/queue/index.ts';
import { openDatabase } from '../../src/core/storage/database.ts';
import { type NewMessage, openMemoryQueues, QueueRepository } from '../../src/core/storage/index.ts';
import { queue } from '../../src/core/storage/migrations/state-029-queue.ts';
import { cleanUp, makeFolder } from '../../src/core/storage/store.test-support.ts';
import { type RabbitServer, startRabbit } from '../support/rabbit-server.ts';
import { passTime, type RedisServer, startRedis } from '../support/redis-server.ts';
import { VirtualMachine } from '../support/virtual-machine.ts';

const RULES: QueueRules = {
  maxSize: 0,
  messageTtlMs: 86_400_000,
  deadLetterQueue: null,
  retryDelayMs: 5_000,
  visibilityTimeoutMs: 300_000,
};

/** A queue with the time that it goes by, and a way to have it opened anew as after a crash. */
interface Lab {
  readonly queue: QueueBackend;
  readonly pass: (ms: number) => Promise<void>;
  readonly reopen: () => Promise<QueueBackend>;
  readonly now: () => number;
}

type OpenLab = (rules?: Partial<QueueRules>) => Promise<Lab>;

/** Every backend is held to the same (SPEC §8). */
const BACKENDS: Readonly<Record<string, OpenLab>> = {
  memory: async (rules = {}) => {
    const machine = new VirtualMachine('2026-03-01T10:00:00Z');
    const { rows, close } = openMemoryQueues();
    closing.push(close);
    const open = () => tableQueue('memory', rows, machine, rules);
    return { queue: open(), pass: (ms) => machine.run(ms), reopen: async () => open(), now: machine.ports.now };
  },
  local: async (rules = {}) => {
    const machine = new VirtualMachine('2026-03-01T10:00:00Z');
    const folder = makeFolder();
    // The tables of queues alone: a whole store is opened by the tests of runs.
    const openTables = () => openDatabase(join(folder, 'state.db'), { migrations: [queue] });
    let db = openTables();
    closing.push(() => db.close());
    const open = () => tableQueue('local', new QueueRepository(db), machine, rules);
    const reopen = async () => {
      db.close();
      db = openTables();
      return open();
    };
    return { queue: open(), pass: (ms) => machine.run(ms), reopen, now: machine.ports.now };
  },
  redis: async (rules = {}) => {
    redis ??= startRedis();
    const { url, client } = await redis;
    await client.flushall();
    const machine = new VirtualMachine('2026-03-01T10:00:00Z');
    // BullMQ goes by the clock of this process.
    vi.useFakeTimers({ toFake: ['Date'], now: machine.now });
    const open = () => {
      const queue = new RedisQueue({
        ...{ url, name: 'work', owner: 'me', ownerName: 'me', rules: { ...RULES, ...rules }, now: machine.ports.now },
        ...{ historyMs: () => 7 * 86_400_000, newLease: () => `lease-${++leases}` },
      });
      closing.push(() => queue.close());
      return queue;
    };
    const pass = async (ms: number): Promise<void> => {
      await machine.run(ms);
      vi.setSystemTime(machine.now);
      await passTime(client, ms);
    };
    return { queue: open(), pass, reopen: async () => open(), now: machine.ports.now };
  },
  rabbitmq: async (rules = {}) => {
    rabbit ??= startRabbit();
    const { url, clear } = await rabbit;
    await clear(['work', 'work.delayed', 'work.failed']);
    const machine = new VirtualMachine('2026-03-01T10:00:00Z');
    const { rows, close } = openMemoryQueues();
    const opened: RabbitQueue[] = [];
    closing.push(async () => {
      for (const queue of opened) await queue.close();
      close();
    });
    const open = () => {
      const queue = new RabbitQueue({
        ...{ url, name: 'work', rows, rules: { ...RULES, ...rules }, now: machine.ports.now },
        ...{ historyMs: () => 7 * 86_400_000, newLease: () => `lease-${++leases}` },
      });
      opened.push(queue);
      return queue;
    };
    return { queue: open(), pass: (ms) => machine.run(ms), reopen: async () => open(), now: machine.ports.now };
  },
};

let redis: Promise<RedisServer> | null = null;
let rabbit: Promise<RabbitServer> | null = null;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0)) await close();
  cleanUp();
});
afterAll(async () => {
  await (await redis)?.close();
  await (await rabbit)?.close();
});

let leases = 0;
const tableQueue = (
  type: 'local' | 'memory',
  rows: ReturnType<typeof openMemoryQueues>['rows'],
  machine: VirtualMachine,
  rules: Partial<QueueRules>,
): TableQueue =>
  new TableQueue({
    historyMs: () => 7 * 86_400_000,
    ...{ type, name: 'work', rows, rules: { ...RULES, ...rules } },
    now: machine.ports.now,
    newLease: () => `lease-${++leases}`,
  });

const message = (id: string, now: number, more: Partial<NewMessage> = {}): NewMessage => ({
  ...{ id, workflowId: 'flow', workflowPath: null, versionHash: null, payload: { of: id }, priority: 'normal' },
  ...{ createdAt: now, maxAttempts: 3, notBefore: null, dedupeKey: null, metadata: {} },
  actor: { kind: 'user', id: 'ana', door: 'cli' },
  ...more,
});

/** Claims and ends all that may begin, and gives their ids in order. */
async function drain(queue: QueueBackend): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let claim = await queue.claim(); claim !== null; claim = await queue.claim()) {
    ids.push(claim.message.id);
    await queue.ack(claim, `run-${claim.message.id}`);
  }
  return ids;
}

async function claimed(queue: QueueBackend) {
  const claim = await queue.claim();
  if (claim === null) throw new Error('nothing to claim');
  return claim;
}

describe.each(Object.entries(BACKENDS))('a queue of type %s', (_type, openLab) => {
  it('gives the higher priority first and those of one as they came, and says so before', async () => {
    const { queue, now } = await openLab();
    const sent = ['low', 'normal', 'critical', 'high', 'low', 'normal', 'critical', 'high'] as const;
    for (const [at, priority] of sent.entries()) await queue.publish(message(`${priority}-${at}`, now(), { priority }));
    const order = ['critical-2', 'critical-6', 'high-3', 'high-7', 'normal-1', 'normal-5', 'low-0', 'low-4'];
    expect((await queue.peek(100)).map(({ id }) => id)).toEqual(order);
    expect((await queue.peek(2)).map(({ payload }) => payload)).toEqual([{ of: 'critical-2' }, { of: 'critical-6' }]);
    expect((await queue.peek(3, 2)).map(({ id }) => id)).toEqual(order.slice(2, 5));
    expect(await queue.peek(3, 8)).toEqual([]);
    expect(await drain(queue)).toEqual(order);
    expect(await queue.find('low-0')).toMatchObject({
      status: 'completed',
      runId: 'run-low-0',
      attempts: 1,
      error: null,
    });
  });

  it('gives a delayed message when its time has come, and not to two', async () => {
    const { queue, pass, now } = await openLab();
    await queue.publish(message('later', now(), { notBefore: now() + 60_000, priority: 'critical' }));
    await queue.publish(message('now', now()));
    expect(await queue.counts()).toMatchObject({ pending: 2, delayed: 1, processing: 0 });
    expect((await queue.peek(10)).map(({ id }) => id)).toEqual(['now', 'later']);
    expect((await queue.peek(10, 1)).map(({ id }) => id)).toEqual(['later']);
    expect(await queue.dueAt()).toBe(now() + 60_000);
    expect((await claimed(queue)).message.id).toBe('now');
    expect(await queue.claim()).toBeNull();
    await pass(60_000);
    expect((await claimed(queue)).message.id).toBe('later');
    expect(await queue.claim()).toBeNull();
    expect(await queue.counts()).toMatchObject({ pending: 0, delayed: 0, processing: 2 });
  });

  it('tries again after the delay, behind all others, then keeps the reason with the dead letter', async () => {
    const { queue, pass, now } = await openLab();
    const ids = ['a', 'b', 'c'];
    for (const id of ids) await queue.publish(message(id, now()));
    const attempts: string[] = [];
    for (let round = 1; round <= 3; round += 1) {
      for (let claim = await queue.claim(); claim !== null; claim = await queue.claim()) {
        attempts.push(`${claim.message.id}${claim.message.attempts}`);
        const isOurs =
          round < 3 ? await queue.retry(claim, 'no answer') : await queue.deadLetter(claim, 'no answer', 'run-1');
        expect(isOurs).toBe(true);
      }
      if (round < 3) expect((await queue.peek(1))[0]).toMatchObject({ error: 'no answer', notBefore: now() + 5_000 });
      await pass(5_000);
    }
    expect(attempts).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3']);
    expect(await queue.find('a')).toMatchObject({ status: 'failed', error: 'no answer', attempts: 3, runId: 'run-1' });
    expect(await queue.counts()).toMatchObject({ pending: 0, deadLetter: 3 });
  });

  it('moves dead letters to the queue that is named for them, and sends one again as a new message', async () => {
    const { queue, now } = await openLab({ deadLetterQueue: 'graves' });
    await queue.publish(message('a', now()));
    await queue.deadLetter(await claimed(queue), 'amount is no number', null);
    expect(await queue.find('a')).toMatchObject({ status: 'dead_letter', deadLetterQueue: 'graves' });
    const again = message('b', now(), { payload: { amount: 1240 } });
    expect(await queue.requeue('a', again, { requeued_by: 'ana' })).toMatchObject({
      id: 'b',
      attempts: 0,
      status: 'pending',
    });
    expect(await queue.find('a')).toMatchObject({
      requeuedAs: 'b',
      payload: { of: 'a' },
      metadata: { requeued_by: 'ana' },
    });
    expect(await queue.counts()).toMatchObject({ pending: 1, deadLetter: 0 });
    await expect(queue.requeue('a', message('c', now()), {})).rejects.toMatchObject({ code: 'queue.not_dead' });
    await expect(queue.requeue('none', message('c', now()), {})).rejects.toMatchObject({
      code: 'queue.message_not_found',
    });
    await queue.deadLetter(await claimed(queue), 'still wrong', null);
    await queue.drop('b');
    expect(await queue.find('b')).toBeNull();
    await expect(queue.drop('b')).rejects.toMatchObject({ code: 'queue.message_not_found' });
  });

  it('is full at its size, and takes more when one has gone', async () => {
    const { queue, now } = await openLab({ maxSize: 2 });
    await queue.publish(message('a', now()));
    await queue.publish(message('b', now(), { notBefore: now() + 1_000 }));
    await expect(queue.publish(message('c', now()))).rejects.toMatchObject({
      code: 'queue.full',
      message: 'Queue is full',
    });
    await queue.deadLetter(await claimed(queue), 'no', null);
    await queue.publish(message('d', now()));
    await expect(queue.requeue('a', message('e', now()), {})).rejects.toMatchObject({ code: 'queue.full' });
    expect(await queue.find('a')).toMatchObject({ requeuedAs: null });
  });

  it('gives the same message for a key that it has, until that one is dead', async () => {
    const { queue, now } = await openLab();
    const first = await queue.publish(message('a', now(), { dedupeKey: 'order 7' }));
    const second = await queue.publish(message('b', now(), { dedupeKey: 'order 7' }));
    expect([first.isDuplicate, second.isDuplicate, second.message.id]).toEqual([false, true, 'a']);
    await queue.deadLetter(await claimed(queue), 'no', null);
    expect(await queue.publish(message('c', now(), { dedupeKey: 'order 7' }))).toMatchObject({ isDuplicate: false });
  });

  it('buries what nobody began in time, at the claim and by itself, and nothing that was begun', async () => {
    const { queue, pass, now } = await openLab({ messageTtlMs: 10_000 });
    await queue.publish(message('begun', now()));
    await queue.publish(message('late', now()));
    await queue.publish(message('postponed', now(), { notBefore: now() + 10_000 }));
    await queue.retry(await claimed(queue), 'again');
    await pass(10_000);
    const both = [await claimed(queue), await claimed(queue)].map(({ message: { id, attempts } }) => [id, attempts]);
    expect(both.sort()).toEqual([
      ['begun', 2],
      ['postponed', 1],
    ]);
    expect(await queue.find('late')).toMatchObject({ status: 'failed', error: 'expired', attempts: 0 });
    await queue.publish(message('later', now()));
    await pass(10_000);
    await queue.sweep();
    expect(await queue.find('later')).toMatchObject({ status: 'failed', error: 'expired' });
  });

  it('takes a lease that nobody renewed back, and whoever lost it ends nothing', async () => {
    const { queue, pass, now } = await openLab();
    await queue.publish(message('kept', now()));
    await queue.publish(message('lost', now()));
    const [kept, lost] = [await claimed(queue), await claimed(queue)];
    for (let third = 0; third < 4; third += 1) {
      await pass(100_000);
      await queue.renew([kept]);
      await queue.sweep();
    }
    const other = await claimed(queue);
    expect(other.message).toMatchObject({ id: 'lost', attempts: 2 });
    expect([
      await queue.ack(lost, 'r'),
      await queue.retry(lost, 'x'),
      await queue.release(lost, { reason: null, notBefore: null }),
    ]).toEqual([false, false, false]);
    expect([await queue.ack(kept, 'r'), await queue.ack(other, 's')]).toEqual([true, true]);
    expect(await queue.find('lost')).toMatchObject({ status: 'completed', runId: 's' });
  });

  it('takes one that is given back again in its old place, without having counted', async () => {
    const { queue, now } = await openLab();
    for (const id of ['a', 'b']) await queue.publish(message(id, now()));
    await queue.release(await claimed(queue), { reason: 'the app was closed', notBefore: null });
    expect((await queue.peek(5)).map(({ id, attempts, error }) => [id, attempts, error])).toEqual([
      ['a', 0, 'the app was closed'],
      ['b', 0, null],
    ]);
    expect((await claimed(queue)).message).toMatchObject({ id: 'a', attempts: 1 });
  });

  it('gives nothing while it is held back, and what is at work goes on', async () => {
    const { queue, now } = await openLab();
    for (const id of ['a', 'b']) await queue.publish(message(id, now()));
    const claim = await claimed(queue);
    await queue.pause('ana');
    await queue.pause('ben');
    expect(await queue.paused()).toEqual({ at: now(), by: 'ana' });
    expect(await queue.claim()).toBeNull();
    expect(await queue.ack(claim, 'r')).toBe(true);
    await queue.resume();
    expect((await claimed(queue)).message.id).toBe('b');
  });

  it('purges what waits and, with all, what has ended; what is at work stays', async () => {
    const { queue, now } = await openLab();
    for (const id of ['done', 'dead', 'working', 'waiting']) await queue.publish(message(id, now()));
    await queue.ack(await claimed(queue), 'r');
    await queue.deadLetter(await claimed(queue), 'no', null);
    await queue.claim();
    expect(await queue.purge(false)).toBe(1);
    expect(await queue.counts()).toMatchObject({
      pending: 0,
      processing: 1,
      completed: 1,
      deadLetter: 1,
      oldestAt: null,
    });
    await queue.publish(message('more', now()));
    expect(await queue.purge(true)).toBe(3);
    expect(await queue.counts()).toMatchObject({ pending: 0, processing: 1, completed: 0, deadLetter: 0 });
  });

  it('knows after a crash what waits and what was at work, and that it was held back', async () => {
    const { queue, reopen, now } = await openLab();
    for (const id of ['a', 'b']) await queue.publish(message(id, now()));
    const before = await claimed(queue);
    await queue.pause('ana');
    const opened = await reopen();
    expect(await opened.paused()).toMatchObject({ by: 'ana' });
    const taken = await opened.takeOver();
    expect(taken.map(({ message: { id, attempts } }) => [id, attempts])).toEqual([['a', 2]]);
    expect(await opened.ack(before, 'r')).toBe(false);
    expect(await opened.ack(taken[0] ?? before, 'r')).toBe(true);
    expect((await opened.peek(5)).map(({ id }) => id)).toEqual(['b']);
  });

  it('forgets what ended more than seven days ago, and tells of every change', async () => {
    const { queue, pass, now } = await openLab();
    let told = 0;
    const stop = queue.onChange(() => {
      told += 1;
    });
    await queue.publish(message('a', now()));
    await queue.ack(await claimed(queue), 'r');
    expect(told).toBe(3);
    await pass(7 * 86_400_000 + 1);
    await queue.sweep();
    expect([await queue.find('a'), told]).toEqual([null, 4]);
    await queue.sweep();
    stop();
    await queue.publish(message('b', now()));
    expect(told).toBe(4);
  });
});
