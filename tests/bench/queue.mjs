// Messages of one step each: how many runs a second become of them, and how long a worker that is free takes to begin one.
// `node tests/bench/queue.mjs local|redis|rabbitmq|bullmq|amqplib --dir=<empty dir> [--url=…] [--slots=8]`: the whole control center over its queue,
// or a bare BullMQ or amqplib worker whose jobs do nothing. Each says its numbers as one line.
import fs from 'node:fs';
import path from 'node:path';
import { emit, median, parseArgs, performance, round, wall } from './measure.mjs';

const {
  _: [place],
  dir,
  url,
  slots = '8',
} = parseArgs();
const MESSAGES = 400;
const SINGLES = 60;
const AT_ONCE = Number(slots);

/** `send` gives when the one message began (wall ms); `sendAll` resolves when all have ended. */
const { send, sendAll, close } =
  place === 'bullmq' ? await openBullmq() : place === 'amqplib' ? await openAmqplib() : await openCenter();
await send();
const waits = [];
for (let at = 0; at < SINGLES; at += 1) {
  const sentAt = wall();
  waits.push((await send()) - sentAt);
}
const startedAt = performance.now();
await sendAll(MESSAGES);
const took = (performance.now() - startedAt) / 1000;
emit({ what: place, runs_per_s: round(MESSAGES / took, 1), start_ms: round(median(waits), 2) });
await close();

async function openBullmq() {
  const { Queue, Worker } = await import('bullmq');
  const connection = { url };
  const queue = new Queue('bare', { connection });
  let onBegin = () => {};
  let left = 0;
  let onEnd = () => {};
  const worker = new Worker('bare', async () => onBegin(wall()), { connection, concurrency: AT_ONCE });
  worker.on('completed', () => {
    left -= 1;
    if (left === 0) onEnd();
  });
  await worker.waitUntilReady();
  const add = () => queue.add('work', { payload: {} }, { priority: 3 });
  const all = async (count, work) => {
    left = count;
    const ended = new Promise((resolve) => {
      onEnd = resolve;
    });
    await work();
    await ended;
  };
  return {
    send: async () => {
      let begun = 0;
      onBegin = (at) => {
        begun = at;
      };
      await all(1, add);
      return begun;
    },
    sendAll: (count) =>
      all(count, async () => {
        for (let at = 0; at < count; at += 1) await add();
      }),
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
}

async function openAmqplib() {
  const { connect } = await import('amqplib');
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  const queue = `bare-${process.pid}`;
  await channel.assertQueue(queue, { durable: true, maxPriority: 3 });
  await channel.prefetch(AT_ONCE);
  let onBegin = () => {};
  const { consumerTag } = await channel.consume(queue, (got) => {
    onBegin(wall());
    channel.ack(got);
  });
  const add = () =>
    new Promise((resolve, reject) => {
      const options = { persistent: true, priority: 1 };
      channel.sendToQueue(queue, Buffer.from('{}'), options, (error) => (error === null ? resolve() : reject(error)));
    });
  return {
    send: async () => {
      const begun = new Promise((resolve) => {
        onBegin = resolve;
      });
      await add();
      return begun;
    },
    sendAll: async (count) => {
      let left = count;
      const ended = new Promise((resolve) => {
        onBegin = () => {
          left -= 1;
          if (left === 0) resolve();
        };
      });
      for (let at = 0; at < count; at += 1) await add();
      await ended;
    },
    close: async () => {
      await channel.cancel(consumerTag);
      await channel.deleteQueue(queue);
      await connection.close();
    },
  };
}

async function openCenter() {
  const { loadCenter } = await import('./load-engine.mjs');
  const { openControlCenter, ownProject } = await loadCenter();
  const folder = path.join(dir, '.aiworkflow', 'workflows');
  fs.mkdirSync(folder, { recursive: true });
  const where = place === 'local' ? 'type: local' : `type: ${place}, ${place}_url: "${url}"`;
  fs.writeFileSync(
    path.join(dir, 'aiworkflow.yaml'),
    `version: "1.0"\nqueue: {${where}, concurrency: ${AT_ONCE}}\nworkflows: {max_concurrent: ${AT_ONCE}}\n`,
  );
  fs.writeFileSync(
    path.join(folder, 'work.md'),
    '---\nworkflow: {id: work, name: Work}\n---\n\n## Step 1: Nothing\n\n```yaml\naction: workflow.noop\n```\n',
  );
  ownProject(dir, path.join(dir, 'user'));
  const center = await openControlCenter({
    ...{ projectPath: dir, door: 'cli', resumeOpenRuns: true, servesTriggers: true, examplesDir: '', resourcesDir: '' },
    ...{ version: 'bench', userDataDir: path.join(dir, 'user'), home: dir },
  });
  const actor = { kind: 'user', id: 'bench', door: 'cli' };
  const call = async (name, input) => {
    const answer = await center.call(name, input, actor);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };
  const publish = async () => (await call('queue.publish', { workflow: 'work' })).message.id;
  // A server keeps what ended before.
  let done = (await call('queue.status', {})).counts.completed;
  // A look at the queue takes time of the engine's thread: many messages are looked at seldom.
  const untilDone = async (count) => {
    const pauseMs = count === 1 ? 5 : 100;
    done += count;
    while ((await call('queue.status', {})).counts.completed < done)
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
  };
  return {
    send: async () => {
      const id = await publish();
      await untilDone(1);
      const messages = await call('queue.messages', { statuses: ['completed'], limit: 100 });
      const { runId } = messages.find((one) => one.id === id);
      const { run } = await call('runs.get', { runId });
      return run.startedAt;
    },
    sendAll: async (count) => {
      for (let at = 0; at < count; at += 1) await publish();
      await untilDone(count);
    },
    close: () => center.close(),
  };
}
