import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  dir,
  failure,
  makeClock,
  makeTool,
  notes,
  output,
  prepareMcpLab,
  run,
  scriptedServer,
  startedPids,
  waitUntilGone,
} from '../support/mcp/mcp-lab.ts';
import { isGone, isLinux } from '../support/process-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** One server a tool and project: start, sharing, crash, restart, idle time, end (SPEC §5.3, §3.4, §3.6). */
prepareMcpLab();

const forever = new AbortController().signal;

describe('start', () => {
  test('making, asking what is known and closing a tool starts nothing', async () => {
    const { tool } = makeTool();
    expect(tool.known()).toBeNull();
    expect(tool.check('echo', {})).toEqual([]);
    expect(tool.traits('echo')).toEqual({ effect: 'effect', repeatable: false, timeoutMs: 30_000 });
    expect(tool.server?.()).toMatchObject({ state: 'stopped', pid: null, restarts: 0, error: null });
    await tool.close();
    expect(notes()).toEqual([]);
    expect(await failure(run(tool, 'echo'))).toMatchObject({ code: 'engine.stopped' });
  });

  test('calls at once share a process, also while it starts', async () => {
    const { tool } = makeTool();
    const pids = await Promise.all(Array.from({ length: 8 }, () => output(tool, 'pid')));
    expect(new Set(pids)).toEqual(new Set(startedPids()));
    expect(startedPids()).toHaveLength(1);
    expect(tool.server?.()).toMatchObject({ state: 'running', pid: pids[0], name: 'scripted', version: '1.2.3' });
  });

  test('renewing ends it, so that the next call logs in anew, but not while somebody uses it', async () => {
    const { tool } = makeTool();
    const first = await output(tool, 'pid');
    await tool.renew?.();
    const second = await output(tool, 'pid');
    expect(second).not.toBe(first);
    const [third] = await Promise.all([output(tool, 'pid'), tool.renew?.()]);
    expect(third).toBe(second);
  });

  test('a server that hangs at initialize is a timeout, and is ended', async () => {
    const { tool } = makeTool({ mode: 'hang', settings: { timeoutMs: 1500 } });
    const error = await failure(run(tool, 'echo', {}, { timeoutMs: 60_000 }));
    expect(error).toMatchObject({
      code: 'tool.timed_out',
      message: "The MCP server of 'lab' did not finish its greeting (initialize) within 1.5 seconds.",
      details: { phase: 'connect' },
    });
    expect(tool.server?.()).toMatchObject({ state: 'failed', error: { code: 'tool.timed_out' } });
    await waitUntilGone(startedPids());
  });

  test('a call that is shorter than the start ends in time and blames the server, not the operation', async () => {
    const { tool } = makeTool({ mode: 'hang' });
    expect(await failure(run(tool, 'echo', {}, { timeoutMs: 200 }))).toMatchObject({
      code: 'tool.timed_out',
      message: "The MCP server of 'lab' did not finish its greeting (initialize) within 0.2 seconds.",
      details: { phase: 'connect' },
    });
    await tool.stopServer?.();
    await waitUntilGone(startedPids());
  });

  test('a server that greets and then lists no tools is told apart from one that does not greet', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ mode: 'hang-list', settings: { timeoutMs: 1500 }, ports: clock });
    const call = failure(run(tool, 'echo', {}, { timeoutMs: 60_000 }));
    await waitUntil('it has greeted', () => notes().includes('initialized'));
    clock.advance(1500);
    expect(await call).toMatchObject({
      code: 'tool.timed_out',
      message: "The MCP server of 'lab' did not list its tools within 1.5 seconds.",
    });
    await waitUntilGone(startedPids());
  });

  test('a server that dies at start gives its last words, without the keys that it was given', async () => {
    const { tool } = makeTool({ mode: 'die', env: { SECRET_KEY: 'planted-key-4711' } });
    const error = await failure(run(tool, 'echo'));
    expect(error).toMatchObject({ code: 'tool.server_failed' });
    expect(error.message).toBe(
      "The MCP server of 'lab' did not start: it ended with exit code 1.\ncannot start with key [redacted]",
    );
    expect(JSON.stringify(tool.server?.())).not.toContain('planted-key');
    expect(tool.server?.()).toMatchObject({ state: 'failed', restarts: 0 });
  });

  test.each([
    ['garbage', 'tool.invalid_reply'],
    ['old', 'tool.invalid_reply'],
    ['endless-pages', 'tool.definition_invalid'],
    ['many', 'tool.definition_invalid'],
    ['wordy', 'tool.definition_invalid'],
  ])('a server that speaks nonsense at start (%s) is %s and gone', async (mode, code) => {
    const { tool } = makeTool({ mode });
    expect(await failure(run(tool, 'echo'))).toMatchObject({ code, retryable: false });
    await waitUntilGone(startedPids());
  });

  test('nonsense of the form is one sentence with the place', async () => {
    const { tool } = makeTool({ mode: 'garbage' });
    const problem = 'initialize: protocolVersion: expected string, received number';
    const error = await failure(run(tool, 'echo'));
    expect(error.message).toBe(`The MCP server of 'lab' gave no valid answer to ${problem}.`);
  });

  test('what cannot be started says why', async () => {
    const command = { kind: 'command', args: [], env: {}, folders: [dir] } as const;
    const missing = makeTool({ server: { ...command, command: 'no-such-server-here' } });
    expect(await failure(run(missing.tool, 'echo'))).toMatchObject({
      code: 'tool.spawn_failed',
      details: { system_code: 'ENOENT' },
    });
    const folder = makeTool({ server: { ...command, command: process.execPath, folders: [join(dir, 'gone')] } });
    expect(await failure(run(folder.tool, 'echo'))).toMatchObject({ code: 'tool.not_configured' });
    const reference = makeTool({ env: { KEY: '${NOT_SET_ANYWHERE}' } });
    expect(await failure(run(reference.tool, 'echo'))).toMatchObject({
      code: 'tool.not_configured',
      details: { missing: ['NOT_SET_ANYWHERE'] },
    });
    expect(notes()).toEqual([]);
  });
});

describe('crash', () => {
  test('during a call with an effect: lost, not to be repeated; the server comes back after a pause', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ ports: clock });
    await output(tool, 'pid');
    const error = await failure(run(tool, 'crash'));
    expect(error).toMatchObject({ code: 'tool.connection_lost', retryable: false, details: { phase: 'call' } });
    expect(error.message).toBe("The MCP server of 'lab' was lost: it ended with exit code 3.");
    expect(notes().filter((line) => line === 'crash')).toHaveLength(1);
    expect(tool.server?.()).toMatchObject({
      state: 'waiting_to_restart',
      pid: null,
      error: { code: 'tool.connection_lost' },
    });
    expect(tool.server?.().error?.message).toContain('about to fall over');
    expect(startedPids()).toHaveLength(1);
    clock.advance(1000);
    await waitUntil('it runs again', () => tool.server?.().state === 'running');
    await waitUntil('it counts', () => tool.server?.().restarts === 1);
    expect(tool.server?.()).toMatchObject({ error: null });
    expect(startedPids()).toHaveLength(2);
    expect(await output(tool, 'pid')).toBe(startedPids()[1]);
  });

  test('during a call that only reads: retryable', async () => {
    const { tool } = makeTool({ ports: makeClock() });
    expect(await failure(run(tool, 'read-only-crash'))).toMatchObject({
      code: 'tool.connection_lost',
      retryable: true,
    });
  });

  test('the pause grows 1, 2, 4 … up to 60 s, and a call that succeeds ends that', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ ports: clock });
    await output(tool, 'pid');
    const pauses: number[] = [];
    for (let count = 0; count < 8; count += 1) {
      const crashed = failure(run(tool, 'crash'));
      expect(await crashed).toMatchObject({ code: 'tool.connection_lost' });
      const wait = Math.min(...clock.waiting().filter((ms) => ms <= 60_000));
      pauses.push(wait / 1000);
      clock.advance(wait);
      await waitUntil('it runs again', () => tool.server?.().state === 'running');
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    await output(tool, 'pid');
    await failure(run(tool, 'crash'));
    expect(clock.waiting()).toContain(1000);
  });

  test('a call in the pause waits for the restart; one with less time fails at once and says when', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ ports: clock });
    await failure(run(tool, 'crash'));
    const hasty = await failure(run(tool, 'echo', {}, { timeoutMs: 500 }));
    expect(hasty).toMatchObject({
      code: 'tool.server_failed',
      retryable: true,
      details: { phase: 'connect', retry_after_ms: 1000 },
    });
    const patient = output(tool, 'echo', { text: 'there' });
    clock.advance(1000);
    expect(await patient).toBe('there');
  });

  test('another call that was under way is lost too, and says so', async () => {
    const { tool } = makeTool();
    await output(tool, 'pid');
    const hanging = failure(run(tool, 'hang'));
    await waitUntil('it hangs', () => notes().some((line) => line.startsWith('hang')));
    await failure(run(tool, 'crash'));
    expect(await hanging).toMatchObject({ code: 'tool.connection_lost', retryable: false });
  });

  test('a first start that fails is not repeated by itself; the next call tries again', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ mode: 'die-once', ports: clock });
    expect(await failure(run(tool, 'echo'))).toMatchObject({ code: 'tool.server_failed' });
    expect(tool.server?.()).toMatchObject({ state: 'failed' });
    expect(startedPids()).toHaveLength(1);
    clock.advance(1000);
    expect(await output(tool, 'echo', { text: 'second try' })).toBe('second try');
  });

  test('a person who stops it ends the pause', async () => {
    const { tool } = makeTool({ ports: makeClock() });
    await failure(run(tool, 'crash'));
    await tool.stopServer?.();
    expect(tool.server?.()).toMatchObject({ state: 'stopped', error: null });
    expect(await output(tool, 'echo', { text: 'at once' })).toBe('at once');
  });
});

describe('hang', () => {
  test('a call that is never answered is timed out; a server that answers pings stays', async () => {
    const { tool } = makeTool();
    const pid = await output(tool, 'pid');
    expect(await failure(run(tool, 'hang', {}, { timeoutMs: 200 }))).toMatchObject({
      code: 'tool.timed_out',
      retryable: false,
    });
    await waitUntil('the server was told', () => notes().some((line) => line.startsWith('cancelled')));
    expect(await output(tool, 'pid')).toBe(pid);
  });

  test('a server that does not even answer a ping is ended and started anew', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ ports: clock });
    await output(tool, 'pid');
    const call = failure(run(tool, 'deaf', {}, { timeoutMs: 1000 }));
    await waitUntil('the call has reached the server', () => notes().includes('deaf'));
    clock.advance(1000);
    expect(await call).toMatchObject({ code: 'tool.timed_out' });
    await waitUntil('it is asked', () => clock.waiting().includes(5000));
    clock.advance(5000);
    await waitUntilGone(startedPids());
    await waitUntil('it is lost', () => tool.server?.().state === 'waiting_to_restart');
    clock.advance(1000);
    await waitUntil('it runs again', () => tool.server?.().state === 'running');
  });
});

describe('end', () => {
  test('closed after five minutes without a call, not before, and started by the next', async () => {
    const clock = makeClock();
    const { tool, changes } = makeTool({ ports: clock });
    await output(tool, 'pid');
    clock.advance(4 * 60_000);
    await output(tool, 'pid');
    clock.advance(4 * 60_000);
    expect(tool.server?.().state).toBe('running');
    const before = changes();
    clock.advance(60_000);
    await waitUntilGone(startedPids());
    expect(tool.server?.()).toMatchObject({ state: 'stopped', pid: null, startedAt: null, error: null });
    expect(changes()).toBeGreaterThan(before);
    await output(tool, 'pid');
    expect(startedPids()).toHaveLength(2);
    expect(tool.server?.().restarts).toBe(0);
  });

  test('not while a call is under way', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ ports: clock });
    const abort = new AbortController();
    const call = failure(run(tool, 'hang', {}, { signal: abort.signal, timeoutMs: 3_600_000 }));
    await waitUntil('it hangs', () => notes().some((line) => line.startsWith('hang')));
    clock.advance(20 * 60_000);
    expect(tool.server?.().state).toBe('running');
    abort.abort();
    await call;
  });

  test('a restart that waits is given up when nobody needs it', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ ports: clock });
    await failure(run(tool, 'crash'));
    await tool.stopServer?.();
    clock.advance(60_000);
    expect(startedPids()).toHaveLength(1);
  });

  test('stop and close: the whole tree is gone, also what ignores SIGTERM in its own session', async () => {
    const { tool } = makeTool({ mode: 'stays' });
    const family = (await output(tool, 'family')) as number[];
    expect(family).toHaveLength(2);
    await tool.close();
    if (isLinux) expect(family.map(isGone)).toEqual([true, true]);
    else expect(isGone(family[0] ?? 0)).toBe(true);
    await waitUntil('no record is left', () => readdirSync(join(dir, 'state', 'mcp-servers')).length === 0);
  });

  test('a call under way when the server is stopped is lost', async () => {
    const { tool } = makeTool();
    const call = failure(run(tool, 'hang'));
    await waitUntil('it hangs', () => notes().some((line) => line.startsWith('hang')));
    await tool.stopServer?.();
    expect(await call).toMatchObject({ code: 'tool.connection_lost', retryable: false });
  });

  test('after a crash what the server had started goes too', async () => {
    const { tool } = makeTool({ ports: makeClock() });
    const family = (await output(tool, 'family')) as number[];
    await failure(run(tool, 'crash'));
    if (isLinux) await waitUntilGone(family);
  });
});

describe('changed definitions', () => {
  test('need a word before the next call, and are seen at once', async () => {
    const { tool, pin } = makeTool();
    await output(tool, 'echo', { text: 'a' });
    await output(tool, 'change');
    expect(await failure(run(tool, 'echo', { text: 'b' }))).toMatchObject({ code: 'tool.changed' });
    expect(await failure(tool.mcpServer?.() as Promise<unknown>)).toMatchObject({ code: 'tool.changed' });
    expect(pin.seen.at(-1)?.operations[0]?.description).toContain('Ignore all previous instructions');
    expect((await tool.functions?.(forever))?.[0]?.description).toBe('Gives back what it is given.');
    pin.accept();
    expect(await output(tool, 'echo', { text: 'c' })).toBe('c');
  });

  test('a screen hears of them without a call', async () => {
    const { tool, pin, changes } = makeTool();
    await output(tool, 'echo', { text: 'a' });
    const first = pin.seen.at(-1)?.hash;
    const before = changes();
    await output(tool, 'change');
    await waitUntil('the pin has seen it', () => pin.seen.at(-1)?.hash !== first && changes() > before);
  });

  test('a server that says all the time that its list has changed is not asked all the time', async () => {
    const clock = makeClock();
    const { tool } = makeTool({ ports: clock });
    await output(tool, 'keep-changing');
    await waitUntil('it has said so', () => clock.waiting().filter((ms) => ms === 1000).length === 1);
    expect(notes().filter((line) => line.startsWith('list')).length).toBeLessThan(4);
    expect(await output(tool, 'echo', { text: 'works' })).toBe('works');
  });
});

describe('when the process that owns a server is killed', () => {
  /** Kills a host in the middle of a call, -9; gives the processes that its server was. */
  async function killHost(mode: string): Promise<readonly number[]> {
    const settings = { server: scriptedServer(mode), timeoutMs: null, include: null, exclude: [], references: [] };
    const argument = JSON.stringify({ settings, stateDir: join(dir, 'state'), operations: ['family', 'hang'] });
    const script = fileURLToPath(new URL('../support/mcp/doomed-host.ts', import.meta.url));
    const host = spawn(process.execPath, [script, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    host.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await waitUntil('a call is under way', () => notes().some((line) => line.startsWith('hang')));
    // What it said last may come after the news of its end.
    const closed = new Promise((resolve) => host.once('close', resolve));
    host.kill('SIGKILL');
    await closed;
    return JSON.parse(said) as number[];
  }

  test('its server ends because its stdin does', async () => {
    const [server = 0] = await killHost('');
    await waitUntilGone([server]);
    await makeTool().tool.describe(forever);
  });

  if (!isLinux) console.log('skipped: processes that outlive their host are found through /proc, which only Linux has');
  test.runIf(isLinux)('what does not mind that is ended by the next start, the living are left alone', async () => {
    const left = await killHost('stays');
    expect(left.map(isGone)).toEqual([false, false]);
    const { tool } = makeTool();
    const pid = await output(tool, 'pid');
    expect(left.map(isGone)).toEqual([true, true]);
    const second = makeTool({ commons: { name: 'other' } });
    await output(second.tool, 'pid');
    expect(await output(tool, 'pid')).toBe(pid);
    expect(readdirSync(join(dir, 'state', 'mcp-servers'))).toHaveLength(2);
  });
});
