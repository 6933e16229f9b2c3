import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProcessRunner, type ProcessRunner, type ProcessSpec } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';

/** QUALITY "child that forks, floods, ignores SIGTERM": tree gone < 5 s, output capped, no orphan. */
const MIB = 1024 * 1024;
const isLinux = process.platform === 'linux';
if (!isLinux) console.log('skipped: a child that carries nothing of its step is found on Linux only');
let dir: string;
let runner: ProcessRunner;
let attempts = 0;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-tree-'));
  runner = createProcessRunner({ clock: systemClock, stateDir: dir });
});
afterEach(async () => {
  await runner.close();
  rmSync(dir, { recursive: true, force: true });
});

function spec(command: string, args: readonly string[], timeoutMs: number): ProcessSpec {
  attempts += 1;
  const stepKey = `tree-${process.pid}-${attempts}-${'t'.repeat(20)}`;
  return {
    ...{ runId: 'run', path: 'step', attempt: attempts, stepKey, command, args, cwd: dir, stdin: null, timeoutMs },
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', AIWORKFLOW_STEP_KEY: stepKey },
    outputLimitBytes: 10 * MIB,
  };
}

function living(stepKey: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(stepKey);
    } catch {
      return false;
    }
  });
}

async function runAndCheck(
  command: ProcessSpec,
  signal = new AbortController().signal,
  onLine: (line: string) => void = () => {},
) {
  const end = await runner.run(command, { signal, onLine: (_stream, line) => onLine(line) });
  if (isLinux) expect(living(command.stepKey)).toEqual([]);
  return end;
}

/**
 * Runs what hangs once it has said `said`, until its time is over. On a machine with other work it may not have come that far: it is then
 * given twice the time. Nothing of it is left either way.
 */
async function runIntoTimeout(of: (timeoutMs: number) => ProcessSpec, said: string, timeoutMs = 500): Promise<void> {
  const end = await runAndCheck(of(timeoutMs));
  expect(end.reason).toBe('timed_out');
  if (end.stdout === '' && timeoutMs < 60_000) return runIntoTimeout(of, said, 2 * timeoutMs);
  expect(end.stdout).toBe(said);
}

const bash = (script: string, timeoutMs = 20_000): ProcessSpec => spec('bash', ['-c', script], timeoutMs);

const PYTHON_DAEMON = `
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for depth in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0: os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True: time.sleep(0.05)
print('forked', flush=True)
if sys.argv[1] == 'stay':
    while True: time.sleep(0.05)
`;
const NODE_FLOOD = `
process.on('SIGTERM', () => {});
const { spawn } = require('node:child_process');
spawn(process.execPath, ['-e', 'process.on("SIGTERM",()=>{});setInterval(()=>{},1000)'], { detached: true, stdio: 'inherit' }).unref();
const chunk = 'flood '.repeat(20000) + '\\n';
(function more() { while (process.stdout.write(chunk)); process.stdout.once('drain', more); })();
`;

test('timeout: a tree that ignores SIGTERM, in its own session, twice forked', async () => {
  await runIntoTimeout((timeoutMs) => spec('python3', ['-c', PYTHON_DAEMON, 'stay'], timeoutMs), 'forked\n');
});

test('normal exit: daemons that were left behind go too, and the result counts', async () => {
  const end = await runAndCheck(spec('python3', ['-c', PYTHON_DAEMON, 'leave'], 20_000));
  expect(end).toMatchObject({ reason: 'exited', exitCode: 0, stdout: 'forked\n' });
});

test('flood by a Node child with a detached grandchild, both deaf to SIGTERM', async () => {
  const end = await runAndCheck(spec(process.execPath, ['-e', NODE_FLOOD], 20_000));
  expect(end.reason).toBe('output_too_large');
  expect(Buffer.byteLength(end.stdout)).toBe(10 * MIB);
});

test('cancel: the whole group, and what left it', async () => {
  const abort = new AbortController();
  const command = bash(
    'trap "" TERM; setsid bash -c "trap \\"\\" TERM; while :; do sleep 1; done" & echo up; while :; do sleep 1; done',
  );
  const end = await runAndCheck(command, abort.signal, () => abort.abort());
  expect(end.reason).toBe('cancelled');
});

test('a grandchild that holds the pipes open does not hold the end up', async () => {
  const end = await runAndCheck(bash('sleep 300 & echo done'));
  expect(end).toMatchObject({ reason: 'exited', exitCode: 0, stdout: 'done\n' });
});

test('output that a background child still has to write is kept', async () => {
  const end = await runAndCheck(bash('(echo late) & echo early'));
  expect(end.stdout.split('\n').sort()).toEqual(['', 'early', 'late']);
});

test('a small fork bomb', async () => {
  const end = await runAndCheck(
    bash('f() { if [ $1 -gt 0 ]; then f $(($1-1)) & f $(($1-1)) & fi; sleep 300; }; f 5', 1000),
  );
  expect(end.reason).toBe('timed_out');
});

test('a stopped child', async () => {
  await runIntoTimeout((timeoutMs) => bash('echo stop; kill -STOP $$', timeoutMs), 'stop\n');
});

/** Pids of the processes that run with this name as their first argument, whatever else they carry. */
function named(name: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')[0] === name;
    } catch {
      return false;
    }
  });
}

/** Neither group, nor key, nor session of the step; no output of ours. `$0` is the name that it shows. */
const STRIPPED = `exec -a "$0" sleep 300`;
const stripped = (name: string, then: string): string =>
  `env -i setsid /bin/bash -c '${STRIPPED}' ${name} </dev/null >/dev/null 2>&1 ${then}`;
const TWICE_FORKED = (name: string, then: string): string =>
  `(env -i setsid /bin/bash -c '( ( cd /; ${STRIPPED} ) & ) & exit 0' ${name} </dev/null >/dev/null 2>&1); ${then}`;

describe.runIf(isLinux)('a child that carries nothing of its step', () => {
  test.each([
    ['in the foreground', (name: string) => `echo up; ${stripped(name, '')}`],
    ['in the background', (name: string) => `${stripped(name, '&')} echo up; sleep 300`],
    ['twice forked', (name: string) => TWICE_FORKED(name, 'sleep 0.1; echo up; sleep 300')],
  ])('%s: goes with a timeout and with a cancel', async (_kind, script) => {
    const onTime = `aiw-timed-${process.pid}-${attempts}`;
    await runIntoTimeout((timeoutMs) => bash(script(onTime), timeoutMs), 'up\n', 2000);
    expect(named(onTime)).toEqual([]);
    const called = `aiw-cancelled-${process.pid}-${attempts}`;
    const abort = new AbortController();
    const cancelled = await runAndCheck(bash(script(called)), abort.signal, () => abort.abort());
    expect(cancelled.reason).toBe('cancelled');
    expect(named(called)).toEqual([]);
  });

  test.each([
    ['in the background', (name: string) => `${stripped(name, '&')} sleep 0.2; echo done`],
    ['twice forked', (name: string) => TWICE_FORKED(name, 'sleep 0.2; echo done')],
  ])('%s: goes when its step has ended', async (_kind, script) => {
    const name = `aiw-left-${process.pid}-${attempts}`;
    const end = await runAndCheck(bash(script(name)));
    expect(end).toMatchObject({ reason: 'exited', exitCode: 0, stdout: 'done\n' });
    expect(named(name)).toEqual([]);
  });

  test('an orphan that may be of either of two steps stays until the last of them has ended', async () => {
    const name = `aiw-either-${process.pid}-${attempts}`;
    const gate = join(dir, 'gate');
    const wait = `while [ ! -e ${gate} ]; do sleep 0.02; done`;
    const slow = runAndCheck(bash(`${wait}; echo slow`));
    const quick = await runAndCheck(bash(TWICE_FORKED(name, 'sleep 0.2; echo quick')));
    expect(quick.stdout).toBe('quick\n');
    expect(named(name)).toHaveLength(1);
    writeFileSync(gate, '');
    expect((await slow).stdout).toBe('slow\n');
    expect(named(name)).toEqual([]);
  });
});

test('only the step itself is swept: a neighbour with a longer key of the same beginning lives', async () => {
  const neighbour = bash('echo here; sleep 1; echo alive');
  const first = { ...bash('sleep 300 & true'), stepKey: 'shared' };
  const second = {
    ...neighbour,
    stepKey: 'shared-longer',
    env: { ...neighbour.env, AIWORKFLOW_STEP_KEY: 'shared-longer' },
  };
  const running = runner.run(second, { signal: new AbortController().signal, onLine: () => {} });
  await runner.run(
    { ...first, env: { ...first.env, AIWORKFLOW_STEP_KEY: 'shared' } },
    { signal: new AbortController().signal, onLine: () => {} },
  );
  expect(await running).toMatchObject({ exitCode: 0, stdout: 'here\nalive\n' });
});
