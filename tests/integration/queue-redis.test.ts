import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RedisQueue } from '../../src/core/queue/index.ts';
import type { ShownMessage } from '../../src/shared/model/queue.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { plainMessage as message, publishOverCuts, QUEUE_RULES } from '../support/cut-publishes.ts';
import { LocalProject } from '../support/local-project.ts';
import { passTime, type RedisServer, startRedis } from '../support/redis-server.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What only a queue on a server can meet: a server that is gone, that refuses, that may lose, and others that write to it (SPEC §8). */
let server: RedisServer;
let project: LocalProject | null = null;
const queues: RedisQueue[] = [];
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.close();
  await project?.close();
  project = null;
  await server.close();
});

let leases = 0;
function openQueue(url = server.url, owner = 'me'): RedisQueue {
  const queue = new RedisQueue({
    ...{
      url,
      owner,
      ownerName: owner,
      name: 'work',
      now: Date.now,
      historyMs: () => 86_400_000,
      newLease: () => `lease-${++leases}`,
    },
    rules: QUEUE_RULES,
  });
  queues.push(queue);
  return queue;
}

async function claimed(queue: RedisQueue) {
  const claim = await queue.claim();
  if (claim === null) throw new Error('nothing to claim');
  return claim;
}

describe('a queue on Redis', () => {
  it('says that its server is gone, without its password, and goes on when it is there again', async () => {
    server = await startRedis();
    const queue = openQueue(server.url.replace('//', '//default:s3cret@'));
    await server.stop();
    const news: string[] = [];
    queue.onChange((said) => void news.push(said));
    const gone = {
      code: 'queue.unreachable',
      retryable: true,
      message: expect.stringContaining(new URL(server.url).host),
    };
    await expect(queue.publish(message('a'))).rejects.toMatchObject(gone);
    await expect(queue.claim()).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') });
    await server.start();
    await waitUntil('the queue to be there again', () => news.includes('back'));
    await queue.publish(message('b'));
    await server.stop('SIGKILL');
    await expect(queue.counts()).rejects.toMatchObject(gone);
    await server.start();
    await waitUntil('the queue to be there again', async () => (await queue.find('b').catch(() => null)) !== null);
    expect((await claimed(queue)).message.id).toBe('b');
  });

  it('says that it is refused', async () => {
    server = await startRedis();
    await server.client.config('SET', 'requirepass', 'right');
    const refused = { code: 'queue.refused', kind: 'denied', hint: expect.stringContaining('queue.redis_url') };
    await expect(openQueue().claim()).rejects.toMatchObject(refused);
    const wrong = openQueue(server.url.replace('//', '//default:wr0ng@'));
    await expect(wrong.claim()).rejects.toMatchObject(refused);
    await expect(wrong.claim()).rejects.toMatchObject({ message: expect.not.stringContaining('wr0ng') });
    const right = openQueue(server.url.replace('//', '//default:right@'));
    await right.publish(message('a'));
    expect(await right.counts()).toMatchObject({ pending: 1 });
    expect(() => openQueue('http://localhost:6379')).toThrow('queue.redis_url is no address of a Redis server.');
  });

  it('says what its server can lose', async () => {
    server = await startRedis();
    const queue = openQueue();
    const losses = [await queue.loss()];
    for (const setting of ['appendfsync everysec', 'appendonly no', 'save 60 1', 'maxmemory-policy allkeys-lru']) {
      await server.client.config('SET', ...(setting === 'save 60 1' ? ['save', '60 1'] : setting.split(' ')));
      if (setting.startsWith('maxmemory')) await server.client.config('SET', 'maxmemory', '100mb');
      losses.push(await queue.loss());
    }
    expect(losses).toEqual(['none', 'last_seconds', 'all', 'since_snapshot', 'evicted']);
  });

  it('keeps what is no message as a dead letter, with what it holds, and goes on', async () => {
    server = await startRedis();
    const { Queue } = await import('bullmq');
    const foreign = new Queue('work', { connection: { url: server.url }, prefix: 'aiworkflow' });
    await foreign.add('invoices', { amount: 12 }, { jobId: 'poison', priority: 1 });
    const actor = { kind: 'user', id: 'ben', door: 'api' };
    await foreign.add('report', { workflowId: 'report', createdAt: 1, actor }, { jobId: 'good', priority: 2 });
    await foreign.close();
    const queue = openQueue();
    await queue.publish(message('a'));
    expect([(await claimed(queue)).message, (await claimed(queue)).message]).toMatchObject([
      { id: 'good', workflowId: 'report', maxAttempts: 3, actor: { id: 'ben' } },
      { id: 'a' },
    ]);
    expect(await queue.list(['failed'], 10)).toMatchObject([
      {
        id: 'poison',
        workflowId: 'invoices',
        payload: { data: { amount: 12 } },
        error: expect.stringContaining('no message'),
      },
    ]);
  });

  it('gives a message to one of several workers, which hear of each other, and each holds what is its own', async () => {
    server = await startRedis();
    const [one, other] = [openQueue(server.url, 'one'), openQueue(server.url, 'other')];
    let told = 0;
    await other.counts();
    other.onChange(() => {
      told += 1;
    });
    const ids = Array.from({ length: 20 }, (_, at) => `message-${at}`);
    await waitUntil('the other to listen', async () => (await server.client.pubsub('CHANNELS')).length > 0);
    for (const id of ids) await one.publish(message(id));
    await waitUntil('the other to hear of it', () => told > 0);
    const claims = await Promise.all(ids.flatMap(() => [one.claim(), other.claim()]));
    expect(claims.flatMap((claim) => claim?.message.id ?? []).sort()).toEqual(ids.toSorted());
    await one.sweep();
    expect(await other.counts()).toMatchObject({ processing: 20, pending: 0 });
    const again = openQueue(server.url, 'one');
    const mine = claims.filter((_claim, at) => at % 2 === 0).flatMap((claim) => claim?.message.id ?? []);
    expect((await again.takeOver()).map(({ message: { id } }) => id).sort()).toEqual(mine.toSorted());
  });

  it('loses no confirmed message and doubles none while the connection is cut', async () => {
    server = await startRedis();
    const proxy = await startCutProxy(Number(new URL(server.url).port));
    const queue = openQueue(`redis://127.0.0.1:${proxy.port}`);
    try {
      const { sent, claimed: seen, faults } = await publishOverCuts(queue, proxy, { messages: 120, everyMessages: 30 });
      expect(faults).toEqual(['queue.unreachable']);
      expect(seen.toSorted()).toEqual(sent);
    } finally {
      await proxy.close();
    }
  });

  it('knows which versions are still needed: those of what waits and of what is at work', async () => {
    server = await startRedis();
    const queue = openQueue();
    for (const id of ['m-ended', 'm-at-work', 'm-waiting', 'm-delayed'])
      await queue.publish(
        message(id, { versionHash: `version of ${id}`, notBefore: id === 'm-delayed' ? Date.now() + 60_000 : null }),
      );
    await queue.ack(await claimed(queue), 'r');
    await claimed(queue);
    const needed = await queue.versions();
    expect([...needed].sort()).toEqual(['version of m-at-work', 'version of m-delayed', 'version of m-waiting']);
    await server.stop('SIGKILL');
    await expect(queue.versions()).rejects.toMatchObject({ code: 'queue.unreachable' });
  });

  it('holds what it claims while it looks for claims that were never heard of', async () => {
    server = await startRedis();
    const [mine, other] = [openQueue(), openQueue(server.url, 'another')];
    for (let at = 0; at < 10; at += 1) {
      await mine.publish(message(`m-${at}`));
      const [claim] = await Promise.all([claimed(mine), mine.sweep()]);
      expect([await other.claim(), await mine.ack(claim, 'r')]).toEqual([null, true]);
    }
  });

  it('gives back at once what it was given and never heard of', async () => {
    server = await startRedis();
    const queue = openQueue();
    await queue.publish(message('a'));
    // As where the connection is cut between the claim and its answer.
    const lost = openQueue();
    await lost.claim();
    await queue.sweep();
    expect(await claimed(queue)).toMatchObject({ message: { id: 'a', attempts: 1 } });
  });
});

describe('two projects on one queue of Redis', () => {
  const ahead = { runId: 'run-of-one', step: 'charge' };

  it('begin nothing anew that the other has begun an effect for, and one that was silent begins nothing more', async () => {
    server = await startRedis();
    const [one, other] = [openQueue(server.url, 'one'), openQueue(server.url, 'other')];
    for (const id of ['a', 'b']) await one.publish(message(id));
    const [a, b] = [await claimed(one), await claimed(one)];
    expect([await one.hold('a', ahead), await one.hold('none', ahead)]).toEqual(['held', 'unknown']);
    expect(await other.hold('a', ahead)).toBe('lost');
    // It is silent for longer than its leases last.
    await passTime(server.client, QUEUE_RULES.visibilityTimeoutMs);
    await other.sweep();
    const [taken, begun] = [await claimed(other), await claimed(other)].sort(
      (x, y) => (x.begun ? 1 : 0) - (y.begun ? 1 : 0),
    );
    expect(taken?.message.id).toBe('b');
    expect(taken?.begun).toBeUndefined();
    expect(begun?.begun).toMatchObject({ by: 'one', ...ahead, isAlive: false });
    if (begun !== undefined) await other.deadLetter(begun, 'in doubt', null);
    // What it had begun it may end; what the other has by now it may not.
    expect([await one.hold('a', ahead), await one.hold('b', ahead)]).toEqual(['held', 'lost']);
    expect([await one.ack(a, 'r'), await one.ack(b, 'r')]).toEqual([false, false]);
    await one.noteLate('b', 'Run r completed.');
    if (taken !== undefined) await other.ack(taken, 's');
    expect(await other.find('b')).toMatchObject({
      status: 'completed',
      runId: 's',
      metadata: { late_end: 'Run r completed.' },
    });
    await other.requeue('a', message('c'), {});
    expect(await one.hold('a', ahead)).toBe('lost');
  });

  it('leave what the other has begun to it while it is heard of', async () => {
    server = await startRedis();
    const [one, other] = [openQueue(server.url, 'one'), openQueue(server.url, 'other')];
    await one.publish(message('a'));
    const claim = await claimed(one);
    await one.hold('a', ahead);
    await one.release(claim, { reason: null, notBefore: null });
    const seen = await claimed(other);
    expect(seen.begun).toMatchObject({ by: 'one', isAlive: true });
    await other.release(seen, { reason: 'its run is with one', notBefore: null });
    expect(await claimed(one)).not.toHaveProperty('begun.isAlive', true);
    expect(await one.hold('a', ahead)).toBe('held');
  });

  it('cannot begin an effect before the server knows of it, and go on with what it knows', async () => {
    server = await startRedis();
    const queue = openQueue();
    for (const id of ['a', 'b']) await queue.publish(message(id));
    await claimed(queue);
    await claimed(queue);
    await queue.hold('a', ahead);
    await server.stop('SIGKILL');
    expect([await queue.hold('a', ahead), await queue.hold('b', ahead)]).toEqual(['held', 'unsure']);
  });
});

describe('a project whose queue is on Redis', () => {
  const find = async (id: string): Promise<ShownMessage | undefined> =>
    (await project?.call('queue.messages', {}).catch(() => []))?.find((one) => one.id === id);

  it('waits for its server, says so, and runs each message once over a restart of it', async () => {
    server = await startRedis();
    await server.stop();
    const settings = `queue: {type: redis, redis_url: "${server.url}", concurrency: 2, retry_delay: 20ms}`;
    const opened = new LocalProject([settings], { isHost: true });
    project = opened;
    opened.addWorkflow('greet', [['action: workflow.set_outputs', 'inputs: {said: hello}']]);
    const go = join(opened.path, 'go.txt');
    opened.write(
      '.aiworkflow/bundles/long/workflow.md',
      '---\nworkflow: {id: long, name: Long}\n---\n\n## Step 1: Wait\n\n```yaml\naction: probe.run\n```\n',
    );
    opened.write(
      '.aiworkflow/bundles/long/tools/probe.sh',
      `#!/usr/bin/env bash\nuntil [ -e "${go}" ]; do sleep 0.05; done\n`,
    );
    const listed = () => opened.call('queue.list', {}).then(([queue]) => queue);
    expect(await listed()).toMatchObject({ type: 'redis', place: server.url, fault: { code: 'queue.unreachable' } });
    await expect(opened.call('queue.publish', { workflow: 'greet' })).rejects.toMatchObject({
      code: 'queue.unreachable',
    });
    await server.start();
    await waitUntil('the server to be seen', async () => (await listed())?.fault === null);
    const first = await opened.call('queue.publish', { workflow: 'greet' });
    await waitUntil('the first run', async () => (await find(first.message.id))?.status === 'completed');
    expect(await listed()).toMatchObject({ loss: 'none', worker: { concurrency: 2 }, counts: { completed: 1 } });
    const long = await opened.call('queue.publish', { workflow: 'long' });
    await waitUntil('its run', async () => (await find(long.message.id))?.runStatus === 'running');
    const runId = (await find(long.message.id))?.runId ?? '';
    await server.stop('SIGKILL');
    opened.write('go.txt', '');
    await waitUntil('the run to end', async () => {
      const { run } = await opened.call('runs.get', { runId });
      return run.status === 'completed';
    });
    await server.start();
    await waitUntil('its end to be written down', async () => (await find(long.message.id))?.status === 'completed');
    expect((await opened.call('runs.list', {})).runs).toHaveLength(2);
  });
});
