// The rows of queues: ours over each backend beside a bare BullMQ worker, interleaved.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { median, round } from './measure.mjs';

/** Which bare worker stands beside which queue. */
const BESIDE = { local: 'bullmq', redis: 'bullmq', rabbitmq: 'amqplib' };
const SLOTS = [1, 2, 4];

/**
 * Messages that become runs, over a queue of the project, one on Redis that syncs every command and one on RabbitMQ; beside them a bare BullMQ
 * and a bare amqplib worker, and what more slots bring. `AIWORKFLOW_RABBITMQ` = the address of a RabbitMQ; without it those rows are left out.
 */
export async function measureQueues({ reps, inFolder, print, run }) {
  const rabbit = process.env.AIWORKFLOW_RABBITMQ;
  const results = new Map();
  await inFolder(async (folder) =>
    withRedis(folder, async (redis) => {
      const measure = async (place, more = []) => {
        const url = place === 'rabbitmq' || place === 'amqplib' ? rabbit : redis;
        const key = [place, ...more].join(' ');
        const one = await inFolder((dir) => run([place, `--dir=${dir}`, `--url=${url}`, ...more]));
        results.set(key, [...(results.get(key) ?? []), one]);
      };
      const places = ['bullmq', 'redis', 'local', ...(rabbit === undefined ? [] : ['amqplib', 'rabbitmq'])];
      for (let i = 0; i < reps; i++) {
        for (const place of places) await measure(place);
        for (const slots of SLOTS) await measure('local', [`--slots=${slots}`]);
      }
    }),
  );
  const of = (key, what) => median(results.get(key).map((one) => one[what]));
  for (const [place, beside] of Object.entries(BESIDE)) {
    if (!results.has(place)) continue;
    const [ours, bare] = [of(place, 'runs_per_s'), of(beside, 'runs_per_s')];
    print(`queue ${place}: messages run, 8 at once`, `${ours}/s`, `${bare}/s`, round(ours / bare, 2), '>= 0.5', '');
    const [wait, bareWait] = [of(place, 'start_ms'), of(beside, 'start_ms')];
    print(`queue ${place}: sent until begun, p50`, `${wait} ms`, `${bareWait} ms`, round(wait / bareWait, 2), '-', '');
  }
  const one = of('local --slots=1', 'runs_per_s');
  for (const slots of SLOTS) {
    const ours = of(`local --slots=${slots}`, 'runs_per_s');
    print(`queue local: messages run, ${slots} at once`, `${ours}/s`, `${one}/s`, round(ours / one, 2), '-', '');
  }
}

async function untilListening(port) {
  for (;;) {
    const isThere = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.unref();
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function withRedis(dir, work) {
  const port = 20_000 + (process.pid % 10_000);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const kept = ['--appendonly', 'yes', '--appendfsync', 'always'];
  const server = spawn('redis-server', [...args, ...kept], { stdio: 'ignore' });
  try {
    await untilListening(port);
    await work(`redis://127.0.0.1:${port}`);
  } finally {
    server.kill('SIGKILL');
  }
}
