import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RabbitQueue } from '../../src/core/queue/index.ts';
import { openMemoryQueues } from '../../src/core/storage/index.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { drainQueue, plainMessage, publishOverCuts, QUEUE_RULES } from '../support/cut-publishes.ts';
import { LocalProject } from '../support/local-project.ts';
import { type RabbitServer, startRabbit } from '../support/rabbit-server.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What only a queue on RabbitMQ can meet (SPEC §8). Its patience with whoever has not confirmed a message is cut to one second. */
const IMPATIENT = { consumer_timeout: 1_000, channel_tick_interval: 500 };

let server: RabbitServer;
let project: LocalProject | null = null;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  server = await startRabbit(IMPATIENT);
});
afterEach(async () => {
  await project?.close();
  project = null;
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => server.close());

let queues = 0;
/** A queue of this project's own, or of another's on the same name. */
function openQueue({ url = server.url, name = `work-${++queues}`, now = Date.now } = {}): RabbitQueue {
  const { rows, close } = openMemoryQueues();
  let leases = 0;
  const queue = new RabbitQueue({
    ...{ url, name, rows, now, rules: QUEUE_RULES, historyMs: () => 86_400_000 },
    newLease: () => `lease-${name}-${++leases}-${Math.random()}`,
  });
  closing.push(async () => {
    await queue.close();
    close();
  });
  return queue;
}

/** Sends something past the control center. */
async function sendForeign(name: string, content: string, options: Parameters<typeof Buffer.from>[0] | object = {}) {
  const connection = await connect(server.url);
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue(name, Buffer.from(content), { persistent: true, ...(options as object) });
  await channel.waitForConfirms();
  await connection.close();
}

describe('a queue on RabbitMQ', () => {
  it('loses no confirmed message and doubles none while the connection is cut', async () => {
    const proxy = await startCutProxy(Number(new URL(server.url).port));
    closing.push(() => proxy.close());
    const queue = openQueue({ url: `amqp://guest:guest@127.0.0.1:${proxy.port}/` });
    const { sent, claimed, faults } = await publishOverCuts(queue, proxy, { messages: 120, everyMessages: 30 });
    expect(faults).toEqual(['queue.unreachable']);
    expect(claimed.toSorted()).toEqual(sent);
  });

  it('goes past a message that comes twice to the next one', async () => {
    const queue = openQueue();
    // As where the confirmation is lost and the message is sent again.
    for (const id of ['a', 'a', 'b']) await queue.publish(plainMessage(id));
    expect(await drainQueue(queue)).toEqual(['a', 'b']);
    await queue.publish(plainMessage('b'));
    await queue.publish(plainMessage('c'));
    expect(await drainQueue(queue)).toEqual(['c']);
  });

  it('says that it is refused, without the password', async () => {
    const wrong = openQueue({ url: server.url.replace('guest:guest', 'guest:wr0ng') });
    const refused = { code: 'queue.refused', kind: 'denied', hint: expect.stringContaining('queue.rabbitmq_url') };
    await expect(wrong.claim()).rejects.toMatchObject(refused);
    await expect(wrong.publish(plainMessage('a'))).rejects.toMatchObject({
      message: expect.not.stringContaining('wr0ng'),
    });
  });

  it('keeps what is no message as a dead letter, takes what others have written, and waits for no clock', async () => {
    const queue = openQueue();
    await queue.counts();
    await sendForeign(queue.name, '{"amount": 12}', { messageId: 'poison', type: 'invoices' });
    const actor = { kind: 'user', id: 'ben', door: 'api' };
    const written = JSON.stringify({ workflowId: 'report', createdAt: Date.now(), actor });
    await sendForeign(queue.name, written, { messageId: 'good', priority: 1 });
    // Senders whose clocks are two days wrong.
    const days = 2 * 86_400_000;
    await openQueue({ name: queue.name, now: () => Date.now() - days }).publish(
      plainMessage('slow', { createdAt: Date.now() - days }),
    );
    await openQueue({ name: queue.name, now: () => Date.now() + days }).publish(
      plainMessage('fast', { createdAt: Date.now() + days }),
    );
    expect(await drainQueue(queue)).toEqual(['good', 'fast']);
    const dead = await queue.list(['failed'], 10);
    expect(dead.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toMatchObject([
      { id: 'poison', workflowId: 'invoices', payload: { data: { amount: 12 } }, error: expect.stringContaining('no') },
      { id: 'slow', error: 'expired' },
    ]);
    await queue.requeue('slow', plainMessage('slow again'), {});
    expect(await drainQueue(queue)).toEqual(['slow again']);
  });

  it('sends a dead letter again once, also where its server is away', async () => {
    const queue = openQueue();
    await queue.publish(plainMessage('a'));
    const claim = await queue.claim();
    if (claim !== null) await queue.deadLetter(claim, 'no', null);
    await server.stop('SIGKILL');
    try {
      await queue.requeue('a', plainMessage('b'), { requeued_by: 'ana' });
      await expect(queue.requeue('a', plainMessage('c'), {})).rejects.toMatchObject({ code: 'queue.not_dead' });
      await expect(queue.publish(plainMessage('d'))).rejects.toMatchObject({ code: 'queue.unreachable' });
    } finally {
      await server.start();
    }
    await waitUntil('the server to be back', async () => (await queue.counts().catch(() => null)) !== null);
    expect(await drainQueue(queue)).toEqual(['b']);
  });
});

describe('a project whose queue is on RabbitMQ', () => {
  it('works for longer than its server waits for a confirmation, over a restart of it, and runs each message once', async () => {
    const name = `office-${++queues}`;
    const opened = new LocalProject(
      [`queue: {type: rabbitmq, name: ${name}, rabbitmq_url: "${server.url}", concurrency: 2, retry_delay: 20ms}`],
      { isHost: true },
    );
    project = opened;
    const [go, began] = [join(opened.path, 'go.txt'), join(opened.path, 'began.txt')];
    opened.write(
      '.aiworkflow/bundles/long/workflow.md',
      '---\nworkflow: {id: long, name: Long}\n---\n\n## Step 1: Wait\n\n```yaml\naction: probe.run\n```\n',
    );
    opened.write(
      '.aiworkflow/bundles/long/tools/probe.sh',
      `#!/usr/bin/env bash\necho x >> "${began}"\nuntil [ -e "${go}" ]; do sleep 0.05; done\n`,
    );
    const listed = () => opened.call('queue.list', {}).then(([queue]) => queue);
    const sent = await opened.call('queue.publish', { workflow: 'long' });
    const of = async () => (await opened.call('queue.messages', {})).find(({ id }) => id === sent.message.id);
    await waitUntil('its run', async () => (await of())?.runStatus === 'running');
    const beganAt = Date.now();
    // Three times as long as it would wait, then it is gone in the middle of the run.
    await waitUntil('its patience to be over', () => Date.now() - beganAt > 3_000);
    expect(await listed()).toMatchObject({ fault: null, counts: { processing: 1, pending: 0 } });
    await server.stop('SIGKILL');
    await waitUntil('it to be seen', async () => (await listed())?.fault?.code === 'queue.unreachable');
    opened.write('go.txt', '');
    await waitUntil('the run to end', async () => (await opened.call('runs.list', {})).runs[0]?.status === 'completed');
    await server.start();
    await waitUntil('its end to be written down', async () => (await of().catch(() => null))?.status === 'completed');
    const next = await opened.call('queue.publish', { workflow: 'long' });
    await waitUntil('the next one', async () =>
      (await opened.call('queue.messages', {})).some(
        ({ id, status }) => id === next.message.id && status === 'completed',
      ),
    );
    expect((await opened.call('runs.list', {})).runs).toHaveLength(2);
  });
});
