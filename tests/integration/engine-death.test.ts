import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createProcessRunner } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import {
  bash,
  carriers,
  dir,
  firstLine,
  helperFiles,
  helperPid,
  isGone,
  isLinux,
  kill,
  open,
  prepareProcessLab,
  randomOf,
  run,
  runners,
  signal,
  startEngine,
} from '../support/process-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

prepareProcessLab();

describe('the engine dies', () => {
  test('killed while a child runs: the helper records the end, exits, and the next engine takes the result', async () => {
    const spec = bash('echo began; sleep 1; echo result; echo hint >&2; exit 7');
    const engine = startEngine(spec);
    await firstLine(engine);
    const pid = helperPid();
    await kill(engine);
    // At once: the child still runs, so this waits.
    const found = await open().lookup(spec);
    expect(found).toMatchObject({ kind: 'ended', end: { exitCode: 7, stdout: 'began\nresult\n', stderr: 'hint\n' } });
    if (isLinux) await waitUntil('the helper to exit', () => isGone(pid));
    expect(await open().lookup(spec)).toEqual(found);
  });

  test('killed while a child floods: output is kept up to the cap', async () => {
    const spec = bash('echo began; sleep 0.3; seq 400000');
    const engine = startEngine(spec);
    await firstLine(engine);
    await kill(engine);
    const found = await open().lookup(spec);
    expect(found).toMatchObject({ kind: 'ended', end: { reason: 'exited', exitCode: 0 } });
    if (found.kind === 'ended') expect(found.end.stdout.endsWith('\n399999\n400000\n')).toBe(true);
  });

  test.runIf(isLinux)('a start that the helper has not read yet is not taken for one that never began', async () => {
    const warmUp = bash('echo began; sleep 60', { timeoutMs: 1500 });
    const engine = startEngine(warmUp, bash('echo late', { attempt: 7001, stepKey: 'late'.repeat(8) }));
    await firstLine(engine);
    const pid = helperPid();
    process.kill(pid, 'SIGSTOP');
    engine.stdin?.write('go\n');
    await firstLine(engine);
    await kill(engine);
    let isSettled = false;
    const looked = open().lookup(bash('', { attempt: 7001, stepKey: 'late'.repeat(8) }));
    void looked.then(() => {
      isSettled = true;
    });
    await pause(100);
    expect(isSettled).toBe(false);
    process.kill(pid, 'SIGCONT');
    expect(await looked).toMatchObject({ kind: 'ended', end: { exitCode: 0, stdout: 'late\n' } });
  });

  test('the child still ends within its timeout', async () => {
    const spec = bash('echo began; sleep 60', { timeoutMs: 1000 });
    const engine = startEngine(spec);
    await firstLine(engine);
    await kill(engine);
    expect(await open().lookup(spec)).toMatchObject({ kind: 'ended', end: { reason: 'timed_out' } });
  });

  test('what an earlier engine began is not begun again under its key: the recorded end is the answer, or a doubt', async () => {
    const ended = bash('echo once >> done.txt; echo result');
    const open_ = bash('echo once >> open.txt; echo began; sleep 60');
    const engine = startEngine([ended, open_]);
    await waitUntil('open.txt', () => existsSync(join(dir, 'open.txt')));
    process.kill(helperPid(), 'SIGKILL');
    await kill(engine);
    const next = open();
    expect((await run(next, ended)).end).toMatchObject({ exitCode: 0, stdout: 'result\n' });
    await expect(run(next, open_)).rejects.toMatchObject({ code: 'step.in_doubt' });
    for (const name of ['done.txt', 'open.txt']) expect(readFileSync(join(dir, name), 'utf8')).toBe('once\n');
    // Another attempt of the same step has a key of its own, and a run that was forgotten has none.
    expect((await run(next, { ...ended, attempt: ended.attempt + 5000 })).end.exitCode).toBe(0);
    await next.forget(ended.runId);
    expect((await run(next, ended)).end.exitCode).toBe(0);
    expect(readFileSync(join(dir, 'done.txt'), 'utf8')).toBe('once\nonce\nonce\n');
  });

  test('a start mark says how far the journal was durable', async () => {
    const first = createProcessRunner({ clock: systemClock, stateDir: dir, journalPosition: () => 41 });
    runners.push(first);
    expect(await first.witnessedPosition()).toBe(0);
    await run(first, bash('true'));
    await first.close();
    const next = createProcessRunner({ clock: systemClock, stateDir: dir });
    runners.push(next);
    expect(await next.witnessedPosition()).toBe(41);
  });

  test.runIf(isLinux)('what left group, key and session of its step behind ends with it all the same', async () => {
    const name = `aiw-stripped-${process.pid}`;
    const stray = `env -i setsid /bin/bash -c 'exec -a "$0" sleep 300' ${name} </dev/null >/dev/null 2>&1 &`;
    const spec = bash(`${stray} echo began; sleep 60`, { timeoutMs: 2000 });
    const engine = startEngine(spec);
    await firstLine(engine);
    const running = (): string[] =>
      readdirSync('/proc').filter(
        (pid) => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith(name),
      );
    await waitUntil('the child to run', () => running().length === 1);
    await kill(engine);
    expect(await open().lookup(spec)).toMatchObject({ kind: 'ended', end: { reason: 'timed_out' } });
    expect(running()).toEqual([]);
  });

  test('a mark that is missing everywhere: it never began', async () => {
    const first = open();
    await run(first, bash('true'));
    await first.close();
    expect(await open().lookup(bash('true'))).toEqual({ kind: 'never_began' });
  });

  test('no proof without history, or with a record that cannot be read', async () => {
    expect(await open().lookup(bash('true'))).toEqual({ kind: 'unknown' });
    writeFileSync(
      join(dir, 'helpers', 'old.jsonl'),
      '{"t":"h","pid":1,"startedAt":"1","bootId":"x"}\ngarbage\n{"t":"d"}\n',
    );
    expect(await open().lookup(bash('true'))).toEqual({ kind: 'unknown' });
    writeFileSync(
      join(dir, 'helpers', 'old.jsonl'),
      '{"t":"h","pid":1,"startedAt":"1","bootId":"x"}\n{"t":"s","key":"torn',
    );
    expect(await open().lookup(bash('true'))).toEqual({ kind: 'never_began' });
  });

  test('runs of dead helpers are forgotten with their files', async () => {
    const first = open();
    await run(first, bash(`head -c 100000 /dev/zero | tr '\\0' 'z'`));
    await run(first, bash('true', { runId: 'run-2' }));
    await first.close();
    const second = open();
    await second.forget('run-1');
    expect(helperFiles()).toHaveLength(1);
    expect(readdirSync(join(dir, 'helpers', 'out'))).toEqual([]);
    await second.forget('run-2');
    expect(helperFiles()).toEqual([]);
  });
});

if (!isLinux) console.log('skipped: processes without a parent are found through /proc, which only Linux has');
describe.runIf(isLinux)('killed at random', () => {
  const seed = Number(process.env.SEED ?? 20_260_122);
  const STEPS = 12;
  const random = randomOf(seed);

  /** Steps that each append a line; at the end no step may have done so twice, and no answer may contradict the file. */
  async function killAndAsk(round: number): Promise<string[]> {
    const specs = Array.from({ length: STEPS }, (_, step) => {
      const script = `sleep 0.0${Math.floor(random() * 5)}; echo ${step} >> marks-${round}; sleep 0.01`;
      return bash(script, { path: `step_${step}`, attempt: 1, runId: `run-${round}` });
    });
    const before = helperFiles();
    const engine = startEngine(specs.slice(0, -1), specs.at(-1));
    // Told by name: a helper of the round before that found nothing to do takes its file away in these very moments.
    if (random() < 0.8)
      await waitUntil('a helper of this engine', () => helperFiles().some((file) => !before.includes(file)));
    await pause(random() * 400);
    if (round % 3 === 0)
      for (const file of helperFiles()) if (!before.includes(file)) signal(helperPid(file), 'SIGKILL');
    await kill(engine);
    const runner = open();
    const answers: string[] = [];
    for (const [step, spec] of specs.slice(0, -1).entries()) {
      const found = await runner.lookup(spec);
      const marks = existsSync(join(dir, `marks-${round}`))
        ? readFileSync(join(dir, `marks-${round}`), 'utf8').split('\n')
        : [];
      const count = marks.filter((line) => line === String(step)).length;
      answers.push(found.kind);
      if (found.kind === 'never_began') expect(count).toBe(0);
      if (found.kind === 'ended') expect([found.end.exitCode, count]).toEqual([0, 1]);
      expect(count).toBeLessThanOrEqual(1);
      expect(carriers(spec.stepKey)).toEqual([]);
    }
    await runner.close();
    return answers;
  }

  test('15 engines, every third with its helper: no answer is wrong', async () => {
    console.info(`seed ${seed}`);
    await open().close();
    const answers: string[] = [];
    for (let round = 1; round <= 15; round += 1) {
      const told = await killAndAsk(round);
      // Where the helper lives everything is known. Where it was killed, only the step in flight is not.
      expect(told.filter((one) => one === 'unknown').length).toBeLessThanOrEqual(round % 3 === 0 ? 1 : 0);
      answers.push(...told);
    }
    const tally = Object.fromEntries(
      ['ended', 'never_began', 'unknown'].map((kind) => [kind, answers.filter((one) => one === kind).length]),
    );
    console.info(JSON.stringify(tally));
  });
});

describe('the helper dies', () => {
  test('kill -9: the run rejects as in doubt, nothing of it runs on, the next run has a new helper', async () => {
    const runner = open();
    const spec = bash('echo began; setsid sleep 300 & sleep 300');
    const rejected = expect(
      runner.run(spec, { signal: new AbortController().signal, onLine: () => process.kill(helperPid(), 'SIGKILL') }),
    ).rejects.toMatchObject({ code: 'step.in_doubt' });
    await rejected;
    if (isLinux) expect(carriers(spec.stepKey)).toEqual([]);
    expect((await run(runner, bash('echo again'))).end.stdout).toBe('again\n');
    expect(await runner.lookup(spec)).toEqual({ kind: 'unknown' });
  });

  test('a helper that cannot be started: nothing began', async () => {
    const runner = createProcessRunner({ clock: systemClock, stateDir: dir, execPath: join(dir, 'no-node') });
    runners.push(runner);
    expect((await run(runner, bash('true'))).end).toMatchObject({ reason: 'spawn_failed' });
  });

  test.runIf(isLinux)('engine and helper killed: unknown, and the orphan is swept', async () => {
    const spec = bash('echo began; setsid sleep 300 & sleep 300');
    const engine = startEngine(spec);
    await firstLine(engine);
    process.kill(helperPid(), 'SIGSTOP');
    const pid = helperPid();
    await kill(engine);
    process.kill(pid, 'SIGKILL');
    expect(carriers(spec.stepKey).length).toBeGreaterThan(0);
    expect(await open().lookup(spec)).toEqual({ kind: 'unknown' });
    expect(carriers(spec.stepKey)).toEqual([]);
  });
});
