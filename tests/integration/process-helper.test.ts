import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProcessSpec } from '../../src/core/processes/index.ts';
import {
  bash,
  dir,
  helperFiles,
  helperPid,
  isLinux,
  MIB,
  open,
  prepareProcessLab,
  run,
} from '../support/process-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

prepareProcessLab();

describe('one child', () => {
  test('result, live lines, exit code, signal', async () => {
    const runner = open();
    const { end, lines } = await run(runner, bash('echo one; echo two >&2; printf three; exit 3'));
    expect(end).toMatchObject({ reason: 'exited', exitCode: 3, signal: null, stdout: 'one\nthree', stderr: 'two\n' });
    expect(lines.toSorted()).toEqual(['stderr:two', 'stdout:one', 'stdout:three']);
    expect((await run(runner, bash('kill -9 $$'))).end).toMatchObject({
      reason: 'exited',
      exitCode: null,
      signal: 'SIGKILL',
    });
  });

  test('stdin is a text or closed; /dev/stdin, /dev/stdout and /dev/stderr can be opened', async () => {
    const runner = open();
    const text = 'äöü\n'.repeat(100_000);
    const { end } = await run(runner, bash('cat /dev/stdin > /dev/stdout; echo said > /dev/stderr', { stdin: text }));
    expect(end.stdout === text).toBe(true);
    expect(end.stderr).toBe('said\n');
    expect((await run(runner, bash('cat; echo end'))).end.stdout).toBe('end\n');
  });

  test('bytes that are no UTF-8, characters across chunks, a line without end, CRLF', async () => {
    const runner = open();
    const script = `printf 'a\\xffb\\n'; printf '\\xc3'; sleep 0.1; printf '\\xa4\\r\\nlast'`;
    const { end, lines } = await run(runner, bash(script));
    expect(end.stdout).toBe('a\ufffdb\nä\r\nlast');
    expect(lines).toEqual(['stdout:a\ufffdb', 'stdout:ä', 'stdout:last']);
  });

  test('what cannot be started says why', async () => {
    const runner = open();
    writeFileSync(join(dir, 'plain'), 'echo no', { mode: 0o644 });
    const cases: [Partial<ProcessSpec>, string][] = [
      [{ command: 'no-such-binary-here' }, 'ENOENT'],
      [{ command: join(dir, 'plain') }, 'EACCES'],
      [{ cwd: join(dir, 'gone') }, 'ENOENT'],
      [{ args: ['-c', ':', 'x'.repeat(3 * MIB)] }, 'E2BIG'],
      [{ args: ['a\0b'] }, 'ERR_INVALID_ARG_VALUE'],
    ];
    for (const [extra, code] of cases) {
      const spec = bash(':', extra);
      const { end } = await run(runner, spec);
      expect(end).toMatchObject({ reason: 'spawn_failed', spawnError: code, exitCode: null });
      expect(await runner.lookup(spec)).toEqual({ kind: 'ended', end });
    }
  });

  test('a child sees three descriptors of ours and no socket', async () => {
    const { end } = await run(open(), bash('ls -l /proc/self/fd; cat /proc/$PPID/environ | tr "\\0" "\\n"'));
    expect(end.stdout).not.toMatch(/socket:/);
    expect(end.stdout).not.toMatch(/\.jsonl/);
  });

  test('an already aborted signal starts nothing', async () => {
    const spec = bash('touch began');
    expect((await run(open(), spec, AbortSignal.abort())).end.reason).toBe('cancelled');
    expect(existsSync(join(dir, 'began'))).toBe(false);
  });
});

describe('many and large', () => {
  test('50 children at once', async () => {
    const runner = open();
    const ends = await Promise.all(
      Array.from({ length: 50 }, (_, index) => run(runner, bash(`sleep 0.2; echo ${index}`))),
    );
    expect(ends.map(({ end }) => end.stdout)).toEqual(Array.from({ length: 50 }, (_, index) => `${index}\n`));
  });

  test('100 MB of stdout: stopped at the cap, the helper stays small', async () => {
    const runner = open();
    const { end, lines } = await run(
      runner,
      bash(`head -c 100000000 /dev/zero | tr '\\0' 'x' | fold -w 1000; echo done`),
    );
    expect(end.reason).toBe('output_too_large');
    expect(Buffer.byteLength(end.stdout)).toBe(10 * MIB);
    expect(lines.length).toBeGreaterThan(10_000);
    const peak = /VmHWM:\s+(\d+) kB/.exec(isLinux ? readFileSync(`/proc/${helperPid()}/status`, 'utf8') : '')?.[1];
    if (isLinux) expect(Number(peak) / 1024).toBeLessThan(250);
  });

  test('10 MiB is allowed, stderr above it is cut and the child goes on', async () => {
    const runner = open();
    const { end } = await run(runner, bash(`head -c ${10 * MIB} /dev/zero | tr '\\0' 'y'`));
    expect(end).toMatchObject({ reason: 'exited', exitCode: 0 });
    expect(end.stdout.length).toBe(10 * MIB);
    const cut = await run(runner, bash(`head -c ${11 * MIB} /dev/zero | tr '\\0' 'e' | fold >&2; echo ok`));
    expect(cut.end).toMatchObject({ reason: 'exited', exitCode: 0, stdout: 'ok\n', stderrCut: true });
    expect(cut.end.stderr.length).toBeLessThanOrEqual(10 * MIB + 100);
    expect(cut.end.stderr).toMatch(/e\n+\[\d+ bytes are left out here\]\ne/);
    expect(
      cut.lines
        .filter((line) => line.startsWith('stderr:'))
        .join('')
        .replaceAll('stderr:', '').length,
    ).toBe(11 * MIB);
  });

  test('a slow listener slows the child down and loses nothing', async () => {
    const runner = open();
    let count = 0;
    const spec = bash('seq 200000');
    const end = await runner.run(spec, {
      signal: new AbortController().signal,
      onLine: () => {
        count += 1;
        if (count % 20_000 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
      },
    });
    expect(end.exitCode).toBe(0);
    expect(count).toBe(200_000);
  });

  test('files and folders are private', async () => {
    const runner = open();
    await run(runner, bash(`head -c 100000 /dev/zero | tr '\\0' 'z'`));
    const out = join(dir, 'helpers', 'out');
    expect(readdirSync(out)).toHaveLength(1);
    for (const path of [join(dir, 'helpers'), out]) expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(out)) expect(statSync(join(out, name)).mode & 0o777).toBe(0o600);
    for (const name of helperFiles()) expect(statSync(join(dir, 'helpers', name)).mode & 0o777).toBe(0o600);
    await runner.forget('run-1');
    await waitUntil('no outputs', () => readdirSync(out).length === 0);
    await runner.close();
    expect(helperFiles()).toEqual([]);
  });
});

describe('failpoints', () => {
  test('after spawn, and after the exit before the engine knows', async () => {
    const names: string[] = [];
    await run(
      open((name) => names.push(name)),
      bash('true'),
    );
    expect(names).toEqual(['step.afterSpawn', 'step.afterExit']);
  });
});
