import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createProcessRunner, type ProcessRunner, type ProcessSpec } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';

export const MIB = 1024 * 1024;
export const isLinux = process.platform === 'linux';
/** The state folder of the test that runs now. */
export let dir: string;
export let runners: ProcessRunner[];
let engines: ChildProcess[];
let attempts = 0;

/** Gives every test of the file a state folder of its own and ends what it started. */
export function prepareProcessLab(): void {
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'aiw-helper-'));
    runners = [];
    engines = [];
  });
  afterEach(async () => {
    for (const engine of engines) engine.kill('SIGKILL');
    await Promise.all(runners.map((runner) => runner.close()));
    rmSync(dir, { recursive: true, force: true });
  });
}

export function open(failpoint?: (name: string) => void): ProcessRunner {
  const runner = createProcessRunner({
    clock: systemClock,
    stateDir: dir,
    ...(failpoint === undefined ? {} : { failpoint }),
  });
  runners.push(runner);
  return runner;
}

export function bash(script: string, extra: Partial<ProcessSpec> = {}): ProcessSpec {
  attempts += 1;
  const stepKey = extra.stepKey ?? `key-${process.pid}-${attempts}-${'k'.repeat(20)}`;
  return {
    ...{ runId: 'run-1', path: 'step_1', attempt: attempts, stepKey, command: 'bash', args: ['-c', script] },
    ...{ cwd: dir, stdin: null, timeoutMs: 20_000, outputLimitBytes: 10 * MIB },
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', AIWORKFLOW_STEP_KEY: stepKey },
    ...extra,
  };
}

export async function run(runner: ProcessRunner, spec: ProcessSpec, signal = new AbortController().signal) {
  const lines: string[] = [];
  const end = await runner.run(spec, { signal, onLine: (stream, line) => lines.push(`${stream}:${line}`) });
  return { end, lines };
}

export function helperFiles(): string[] {
  return readdirSync(join(dir, 'helpers')).filter((name) => name.endsWith('.jsonl'));
}

export function helperPid(file = helperFiles()[0] ?? ''): number {
  const [header = ''] = readFileSync(join(dir, 'helpers', file), 'utf8').split('\n');
  return header === '' ? Number.NaN : JSON.parse(header).pid;
}

/** Gone, or only waiting to be reaped by whoever inherited it. */
export function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return true;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

/** mulberry32 */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function carriers(stepKey: string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(stepKey) && /^\d+$/.test(pid) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

/** A separate process that plays the engine: it runs specs one after the other, `second` on a line of stdin, and prints what comes back. */
export function startEngine(specs: ProcessSpec | readonly ProcessSpec[], second?: ProcessSpec): ChildProcess {
  const list = [specs].flat();
  const code = `
    const { createProcessRunner } = await import(${JSON.stringify(new URL('../../src/core/processes/index.ts', import.meta.url).href)});
    const runner = createProcessRunner({ clock: { now: Date.now }, stateDir: ${JSON.stringify(dir)} });
    const keepAlive = setInterval(() => undefined, 1000);
    const hooks = { signal: new AbortController().signal, onLine: (_, line) => console.log(line) };
    process.stdin.once('data', () => {
      void runner.run(${JSON.stringify(second ?? null)}, hooks);
      setTimeout(() => console.log('sent'), 100);
    });
    for (const spec of ${JSON.stringify(list)}) await runner.run(spec, hooks);
    clearInterval(keepAlive);`;
  const engine = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
  engines.push(engine);
  return engine;
}

export async function firstLine(engine: ChildProcess): Promise<void> {
  await new Promise((resolve) => engine.stdout?.once('data', resolve));
}

export async function kill(engine: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => engine.once('exit', resolve));
  engine.kill('SIGKILL');
  await gone;
}
