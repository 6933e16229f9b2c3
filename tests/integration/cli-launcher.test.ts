import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY_DIR } from '../support/paths.ts';

const part = (name: string): string => pathToFileURL(join(REPOSITORY_DIR, 'scripts', 'parts', name)).href;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aiw-launch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script of launcher code in a process of its own. */
function runScript(
  code: string,
  env: NodeJS.ProcessEnv = {},
): { readonly ended: Promise<number | null>; readonly kill: (signal: NodeJS.Signals) => void } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { ended: new Promise((resolve) => child.once('close', resolve)), kill: (signal) => child.kill(signal) };
}

async function untilExists(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((go) => setTimeout(go, 10));
}

describe('the lock of the set-up', () => {
  const worker = (lock: string, log: string): string => `
    import { appendFileSync } from 'node:fs';
    import { withFolderLock } from ${JSON.stringify(part('folder-lock.mjs'))};
    await withFolderLock(${JSON.stringify(lock)}, 'waiting', async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ');
      await new Promise((go) => setTimeout(go, 20));
      appendFileSync(${JSON.stringify(log)}, 'out ');
    });`;

  it('lets one in at a time', async () => {
    const log = join(folder, 'one-at-a-time');
    const codes = await Promise.all(
      Array.from({ length: 6 }, () => runScript(worker(join(folder, 'lock-a'), log)).ended),
    );
    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(6));
    expect(existsSync(join(folder, 'lock-a'))).toBe(false);
  });

  it('is taken over from a dead owner, by one', async () => {
    const lock = join(folder, 'lock-b');
    const log = join(folder, 'taken-over');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    mkdirSync(lock);
    writeFileSync(
      join(lock, 'owner.json'),
      JSON.stringify({ token: 'dead', pid: dead, childPid: null, host: hostname() }),
    );
    const codes = await Promise.all(Array.from({ length: 4 }, () => runScript(worker(lock, log)).ended));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(4));
  });

  it('waits for the program that a killed owner has left behind', async () => {
    const lock = join(folder, 'lock-c');
    const log = join(folder, 'left-behind');
    const orphan = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)'], { stdio: 'ignore' });
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    mkdirSync(lock);
    writeFileSync(
      join(lock, 'owner.json'),
      JSON.stringify({ token: 'dead', pid: dead, childPid: orphan.pid, host: hostname() }),
    );
    const waiting = runScript(`${worker(lock, log)}`);
    const looked = runScript(`setTimeout(() => undefined, 500)`);
    await looked.ended;
    expect(existsSync(log)).toBe(false);
    appendFileSync(log, 'gone ');
    orphan.kill('SIGKILL');
    expect(await waiting.ended).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe('gone in out ');
  });

  if (process.platform === 'win32') console.log('skipped: Windows has no SIGINT to send');
  it.skipIf(process.platform === 'win32')('is let go by Ctrl-C', async () => {
    const lock = join(folder, 'lock-d');
    const mark = join(folder, 'working');
    const held = runScript(`
      import { withFolderLock } from ${JSON.stringify(part('folder-lock.mjs'))};
      import { runTool } from ${JSON.stringify(part('run-command.mjs'))};
      await withFolderLock(${JSON.stringify(lock)}, 'waiting', () => runTool(process.execPath, ['-e', 'require("fs").writeFileSync(${JSON.stringify(mark)}, ""); setTimeout(() => undefined, 60000)']));`);
    await untilExists(mark);
    held.kill('SIGINT');
    expect(await held.ended).toBe(130);
    expect(existsSync(lock)).toBe(false);
  });
});

describe('npm start', () => {
  /** The launchers would install and build: only where that is done already may a test call them. */
  const state = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
    import { isBuilt } from ${JSON.stringify(part('build.mjs'))};
    import { isInstalled } from ${JSON.stringify(part('install.mjs'))};
    process.stdout.write(isInstalled() && isBuilt() ? 'ready' : 'not set up');`,
    ],
    { encoding: 'utf8' },
  ).stdout;
  const isReady = state === 'ready';
  if (!isReady) console.warn("skipped: 'npm start' has not set this checkout up (npm test does)");

  it.skipIf(!isReady)('prints only what the command prints, and hands its exit code on', () => {
    const npm = (...args: readonly string[]) =>
      spawnSync('npm', ['-s', 'start', '--', ...args], {
        cwd: REPOSITORY_DIR,
        encoding: 'utf8',
        shell: process.platform === 'win32',
        env: { ...process.env, HOME: folder, AIWORKFLOW_USER_DIR: join(folder, 'user') },
      });
    const version = npm('--json', 'version');
    expect(JSON.parse(version.stdout)).toEqual({ version: expect.any(String) });
    expect(version.stderr).toBe('');
    expect(version.status).toBe(0);
    const wrong = npm('--json', 'no-such-command');
    expect(JSON.parse(wrong.stdout)).toMatchObject({ code: 'usage.invalid' });
    expect(wrong.status).toBe(2);
  });
});
