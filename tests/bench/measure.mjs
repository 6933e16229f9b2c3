// What the benches share: arguments, clocks, medians, one JSON line as the result. Same protocol as the peers' scripts.
import fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';

/** How much each workload does. */
export const DEFAULTS = {
  ...{ w1: 1000, w2: 2000, w3: 1000, w4: 100_000 },
  ...{ loop: 1000, 'loop-memory': 10_000, recovery: 1000, schedules: 10_000 },
};

/** A loop's limit, and how long a step of it takes. */
export const LANES = 8;
export const LOOP_STEP_MS = 15;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Bytes of the heap that are in use once what nobody holds is gone. */
export function collectGarbage() {
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc')();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

export const stepResult = (i) => ({ i, ok: true, text: 'x'.repeat(200) });
export const wall = () => performance.timeOrigin + performance.now();
export const round = (x, digits = 3) => (Number.isFinite(x) ? Number(x.toFixed(digits)) : x);

export const percentile = (values, p) => {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))];
};
export const median = (values) => percentile(values, 50);

export function parseArgs(argv = process.argv.slice(2)) {
  const parsed = { _: [] };
  for (const word of argv) {
    const match = /^--([^=]+)(?:=(.*))?$/.exec(word);
    if (match) parsed[match[1]] = match[2] ?? true;
    else parsed._.push(word);
  }
  return parsed;
}

/** `mark()` first thing in each step body; a step's latency is body to body: work, commit and dispatch. */
export class StepClock {
  constructor(n) {
    this.marks = new Float64Array(n);
    this.count = 0;
  }
  mark() {
    this.marks[this.count++] = performance.now();
  }
  report(n, startedAt, endedAt) {
    const marks = [...this.marks.subarray(0, this.count), endedAt];
    const latencies = marks.slice(1).map((mark, i) => mark - marks[i]);
    return {
      steps: n,
      executed: this.count,
      steps_per_s: round(n / ((endedAt - startedAt) / 1000), 1),
      p50_ms: round(percentile(latencies, 50), 4),
      p99_ms: round(percentile(latencies, 99), 4),
    };
  }
}

/** W3: every step body appends "<index> <wall ms>" with a plain write. */
export function stepLog(file) {
  if (!file) return () => {};
  const fd = fs.openSync(file, 'a');
  return (i) => fs.writeSync(fd, `${i} ${wall()}\n`);
}

export function timeQueries(n, query) {
  const latencies = [];
  for (let i = 0; i < 5; i++) query();
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    query();
    latencies.push(performance.now() - start);
  }
  return { queries: n, p50_ms: round(percentile(latencies, 50), 4), p99_ms: round(percentile(latencies, 99), 4) };
}

export const emit = (value) => fs.writeSync(1, `${JSON.stringify(value)}\n`);
export { performance };
