// The rows of queues: ours over each backend beside a bare BullMQ worker, interleaved.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { median, round } from './measure.mjs';

/** Messages that become runs, over a queue of the project and over one on Redis that syncs every command; beside both a bare BullMQ worker. */
export async function measureQueues({ reps, inFolder, print, run }) {
  const results = { bullmq: [], redis: [], local: [] };
  await inFolder(async (folder) =>
    withRedis(folder, async (url) => {
      for (let i = 0; i < reps; i++)
        for (const place of Object.keys(results))
          results[place].push(await inFolder((dir) => run([place, `--dir=${dir}`, `--url=${url}`])));
    }),
  );
  const of = (place, key) => median(results[place].map((one) => one[key]));
  for (const place of ['local', 'redis']) {
    const [ours, bare] = [of(place, 'runs_per_s'), of('bullmq', 'runs_per_s')];
    print(`queue ${place}: messages run, 8 at once`, `${ours}/s`, `${bare}/s`, round(ours / bare, 2), '>= 0.5', '');
    const [wait, bareWait] = [of(place, 'start_ms'), of('bullmq', 'start_ms')];
    print(`queue ${place}: sent until begun, p50`, `${wait} ms`, `${bareWait} ms`, round(wait / bareWait, 2), '-', '');
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
