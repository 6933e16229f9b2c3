// Loaded into a host (`node --import`): how long its main thread is held, from SIGUSR2 to SIGTERM, into the file of BENCH_PROBE.
import fs from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  process.on('SIGUSR2', () => delay.enable());
  process.on('SIGTERM', () => delay.disable());
  // The histogram holds whole intervals: what is above that of the timer itself is a block.
  const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
  process.on('exit', () =>
    fs.writeFileSync(
      process.env.BENCH_PROBE,
      JSON.stringify({ p99_ms: ms(delay.percentile(99)), max_ms: ms(delay.max) }),
    ),
  );
}
