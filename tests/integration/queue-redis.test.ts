import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RedisQueue } from '../../src/core/queue/index.ts';
import type { NewMessage } from '../../src/core/storage/index.ts';
import type { ShownMessage } from '../../src/shared/model/queue.ts';
import { LocalProject } from '../support/local-project.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
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
    ...{ url, owner, name: 'work', now: Date.now, historyMs: () => 86_400_000, newLease: () => `lease-${++leases}` },
    rules: {
      ...{ maxSize: 0, messageTtlMs: 86_400_000, deadLetterQueue: null },
      ...{ retryDelayMs: 5_000, visibilityTimeoutMs: 300_000 },
    },
  });
  queues.push(queue);
  return queue;
}

const message = (id: string): NewMessage => ({
  ...{ id, workflowId: 'flow', workflowPath: null, versionHash: null, payload: {}, priority: 'normal' },
  ...{ createdAt: Date.now(), maxAttempts: 3, notBefore: null, dedupeKey: null, metadata: {} },
  actor: { kind: 'user', id: 'ana', door: 'cli' },
});

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
