import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChildAttempt } from './child-attempt.ts';
import { createPipePool } from './child-pipes.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-attempt-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Runs a script as an attempt; `onLines` may keep the thread busy. */
async function attempt(script: string, timeoutMs: number, onLines: (lines: readonly string[]) => void) {
  const pipes = createPipePool(join(dir, 'pipes'));
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    AIWORKFLOW_STEP_KEY: `key-${process.pid}-${'k'.repeat(20)}`,
  };
  const child = new ChildAttempt(
    {
      ...{ runId: 'run-1', path: 'step_1', attempt: 1, stepKey: env.AIWORKFLOW_STEP_KEY, command: 'bash' },
      ...{ args: ['-c', script], cwd: dir, stdin: null, timeoutMs, outputLimitBytes: 1_000_000, env },
    },
    {
      ...{ key: 'one', outDir: dir, pipes, adopted: null, onSpawned: () => undefined, onOpen: () => undefined },
      onLines: (_, lines) => onLines(lines),
    },
  );
  const end = await child.run();
  pipes.close();
  return end;
}

if (process.platform !== 'linux') console.warn('skipped: an output is held open through /proc, which only Linux has');
describe.skipIf(process.platform !== 'linux')('an attempt in a helper that is busy', () => {
  it('has all that lies in the pipe, also when the time to wait for it is over before a look', async () => {
    // Somebody who is no child of it holds the output open, and writes while the thread is busy.
    const holder =
      'exec 3>/proc/$0/fd/1; touch held; while [ ! -e go ]; do sleep 0.02; done; echo late >&3; touch said';
    const script = 'echo $$; while [ ! -e held ]; do sleep 0.02; done';
    const end = await attempt(script, 60_000, ([pid = '']) => {
      if (pid === 'late') return;
      spawn('bash', ['-c', holder, pid], { cwd: dir, stdio: 'ignore' }).unref();
      const whenGone = setInterval(() => {
        if (existsSync(`/proc/${pid}`)) return;
        clearInterval(whenGone);
        const keepBusy = (): void => {
          writeFileSync(join(dir, 'go'), '');
          while (!existsSync(join(dir, 'said'))) pause(10);
          pause(800);
        };
        // After an immediate come the timers, before any look at what can be read.
        setTimeout(() => setImmediate(keepBusy), 50);
      }, 10);
    });
    expect(end).toMatchObject({
      reason: 'exited',
      exitCode: 0,
      stdout: { text: expect.stringMatching(/^\d+\nlate\n$/) },
    });
  });

  it('ended in time when it did, though nobody looked until its time was over', async () => {
    const script = 'echo first; while [ ! -e go ]; do sleep 0.02; done; touch said';
    const end = await attempt(script, 1_500, () => {
      writeFileSync(join(dir, 'go'), '');
      while (!existsSync(join(dir, 'said'))) pause(10);
      pause(2_000);
    });
    expect(end).toMatchObject({ reason: 'exited', exitCode: 0 });
  });
});
