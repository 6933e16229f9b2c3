import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createProcessRunner, findSandbox, type ProcessRunner } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { createScriptTool, discoverScriptTools, type Tool, type ToolCall } from '../../src/core/tools/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';

/*
 * A script that declares what it needs gets nothing else: bubblewrap, for real. `home` stands for the home folder of the user, with a key
 * in it; `secret.txt` for any file of hers.
 */
const sandbox = findSandbox();
if (sandbox.kind !== 'bubblewrap') console.log(`skipped: ${sandbox.kind === 'none' ? sandbox.reason : sandbox.kind}`);

let dir: string;
let runner: ProcessRunner;
let server: Server;
let port: number;
const accepted: string[] = [];
const before = { ...process.env };
let attempts = 0;

beforeAll(async () => {
  // Not below /tmp, which is a private one inside.
  dir = mkdtempSync(join(process.platform === 'linux' ? '/var/tmp' : tmpdir(), 'aiw-contain-'));
  for (const folder of ['bundle/tools', 'home/.ssh', 'files', 'given', 'state/secret'])
    mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'home/.ssh/id_test'), 'PRIVATE KEY');
  writeFileSync(join(dir, 'secret.txt'), 'SECRET');
  writeFileSync(join(dir, 'given/data.txt'), 'given data');
  writeFileSync(join(dir, 'state/holder.json'), 'TOKEN');
  writeFileSync(join(dir, 'bundle/data.txt'), 'own data');
  process.env.HOME = join(dir, 'home');
  runner = createProcessRunner({ clock: systemClock, stateDir: join(dir, 'state') });
  server = createServer((socket) => {
    accepted.push('connected');
    socket.on('error', () => undefined);
    socket.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterEach(() => rmSync(join(dir, 'bundle/tools.yaml'), { force: true }));
afterAll(async () => {
  await runner.close();
  server.close();
  process.env.HOME = before.HOME;
  rmSync(dir, { recursive: true, force: true });
});

interface Ran {
  readonly output: unknown;
  readonly error: unknown;
  readonly log: readonly string[];
  readonly warnings: readonly string[];
  readonly stepKey: string;
}

async function run(
  script: string,
  manifest: string,
  { name = 'probe.sh', ...more }: Partial<ToolCall> & { readonly name?: string } = {},
): Promise<Ran> {
  const [tool] = await toolsOf(script, manifest, name);
  return execute(tool, more);
}

async function toolsOf(script: string, manifest: string, name: string) {
  rmSync(join(dir, 'bundle/tools'), { recursive: true });
  mkdirSync(join(dir, 'bundle/tools'));
  writeFileSync(join(dir, 'bundle/tools', name), script);
  chmodSync(join(dir, 'bundle/tools', name), 0o755);
  writeFileSync(join(dir, 'bundle/tools.yaml'), `tools:\n  - {name: probe, script: tools/${name}, ${manifest}}\n`);
  const { tools, diagnostics } = await discoverScriptTools(join(dir, 'bundle'), { toolsDir: 'tools' });
  expect(diagnostics).toEqual([]);
  return tools.map((tool) => createScriptTool(tool, { runner }));
}

async function execute(tool: Tool | undefined, { permissions, ...more }: Partial<ToolCall>): Promise<Ran> {
  if (tool === undefined) throw new Error('no tool');
  attempts += 1;
  const stepKey = `contained-${process.pid}-${attempts}-${'k'.repeat(20)}`;
  const log: string[] = [];
  const call: ToolCall = {
    ...{
      operation: 'run',
      inputs: {} as JsonMap,
      runId: 'run-1',
      stepId: 's',
      path: 's',
      attempt: attempts,
      stepNow: 0,
    },
    ...{ stepKey, timeoutMs: 60_000, workDir: join(dir, 'bundle'), runDir: join(dir, 'files'), env: {} },
    ...{ signal: new AbortController().signal, log: (_stream, text) => log.push(text) },
    ...(permissions === undefined ? {} : { permissions }),
    ...more,
  };
  try {
    const result = await tool.execute(call);
    return {
      output: result.output,
      error: null,
      log,
      warnings: (result.warnings ?? []).map((one) => one.code),
      stepKey,
    };
  } catch (error) {
    return { output: null, error, log, warnings: [], stepKey };
  }
}

const serveText = (text: string): Promise<Server> =>
  new Promise((resolve) => {
    const service: Server = createHttpServer((_request, response) => response.end(text)).listen(0, '127.0.0.1', () =>
      resolve(service),
    );
  });

/** Asks a declared host, another one and a name: through a tunnel, as a request to the proxy, and past it. */
const ASKS = `
import { get } from 'node:http';
import { connect } from 'node:net';
const { DECLARED, OTHER } = process.env;
const places = ['127.0.0.1:' + DECLARED, '127.0.0.1:' + OTHER, 'metadata.example'];
const tunnelled = (place) => fetch('http://' + place).then((answer) => answer.text(), () => 'no tunnel');
const asked = (place) => new Promise((resolve) => {
  get('http://' + place, async (answer) => {
    let text = '';
    for await (const piece of answer) text += piece;
    resolve(text.trim());
  });
});
const direct = new Promise((resolve) => connect(Number(DECLARED), '127.0.0.1').on('connect', () => resolve('open')).on('error', ({ code }) => resolve(code)));
console.log(JSON.stringify({ tunnelled: await Promise.all(places.map(tunnelled)), asked: await Promise.all(places.map(asked)), direct: await direct }));
process.exit(0);
`;

/** What a shell says of a list of acts: each `ok` or `no`. */
const acts = (list: readonly string[]): string =>
  `#!/bin/sh\n${list.map((act) => `(${act}) >/dev/null 2>&1 && echo ok || echo no`).join('\n')}\n`;
const connectTo = (): string => `exec 3<>/dev/tcp/127.0.0.1/${port}`;
const inBash = (act: string): string => `bash -c '${act}'`;

describe.runIf(sandbox.kind === 'bubblewrap')('a script that declares what it needs', () => {
  it('reads no key of the user, writes nothing outside, opens no socket, and works in its own folders', async () => {
    accepted.length = 0;
    const script = acts([
      'cat ~/.ssh/id_test',
      `cat ${dir}/secret.txt`,
      `cat ${dir}/state/holder.json`,
      `echo x > ${dir}/written.txt`,
      'echo x > /usr/written.txt',
      inBash(connectTo()),
      'cat data.txt',
      'echo x > "$AIWORKFLOW_RUN_DIR/result.txt"',
      'echo x > own.txt',
      'echo x > /tmp/private.txt',
    ]);
    const { output, log } = await run(script, 'network: false');
    expect(String(output).split('\n')).toEqual(['no', 'no', 'no', 'no', 'no', 'no', 'ok', 'ok', 'ok', 'ok']);
    expect(accepted).toEqual([]);
    expect(existsSync(join(dir, 'written.txt'))).toBe(false);
    expect(readFileSync(join(dir, 'files/result.txt'), 'utf8')).toBe('x\n');
    expect(existsSync('/tmp/private.txt')).toBe(false);
    expect(log).toContainEqual(expect.stringMatching(/^Contained by bubblewrap: .*no network\.$/));
  });

  it('without a declaration it runs as the user does, and nothing is said', async () => {
    const script = acts(['cat ~/.ssh/id_test', `cat ${dir}/secret.txt`, inBash(connectTo())]);
    const { output, log } = await run(script, 'timeout: 50s');
    expect(output).toBe('ok\nok\nok');
    expect(log.filter((line) => line.startsWith('Contained'))).toEqual([]);
  });

  it('gets what it declares: paths to read, paths to write, the network', async () => {
    const act = [
      `cat ${dir}/given/data.txt`,
      `echo x > ${dir}/given/new.txt`,
      inBash(connectTo()),
      `cat ${dir}/secret.txt`,
    ];
    expect((await run(acts(act), `read: ["${dir}/given"]`)).output).toBe('ok\nno\nno\nno');
    expect((await run(acts(act), `write: ["${dir}/given/**"]`)).output).toBe('ok\nok\nno\nno');
    expect((await run(acts(act), 'network: true')).output).toBe('no\nno\nok\nno');
    expect((await run(acts(['cat ~/.ssh/id_test']), 'read: [~/.ssh]')).output).toBe('ok');
  });

  it('reaches of the network only the hosts that it names, by the proxy that it is given, and hears why not the others', async () => {
    const services = await Promise.all(['declared', 'other'].map(serveText));
    const [declared = 0, other = 0] = services.map((one) => (one.address() as { port: number }).port);
    const { output, log, warnings } = await run(
      ASKS,
      `network: ["127.0.0.1:${declared}"], env: {DECLARED: "${declared}", OTHER: "${other}"}`,
      {
        name: 'probe.mjs',
      },
    );
    for (const one of services) one.close();
    const refused = (host: string) => expect.stringMatching(`^trust\\.not_declared: .*'${host}'`);
    expect(output).toEqual({
      tunnelled: ['declared', 'no tunnel', 'no tunnel'],
      asked: ['declared', refused('127.0.0.1'), refused('metadata.example')],
      direct: 'ECONNREFUSED',
    });
    expect(log).toContainEqual(expect.stringContaining(`of the network only 127.0.0.1:${declared}, for programs`));
    expect(log).toContainEqual(expect.stringMatching(/^Kept back \(trust\.not_declared\): .*'metadata\.example'/));
    // Once for each, however often and in whatever way it is asked for.
    expect(warnings).toEqual(['trust.not_declared', 'trust.not_declared']);
  });

  it('says once in a run what holds it', async () => {
    const script = '#!/bin/sh\necho done\n';
    const [tool] = await toolsOf(script, 'network: false', 'probe.sh');
    const said = async (runId: string) =>
      (await execute(tool, { runId })).log.filter((line) => line.startsWith('Contained'));
    expect([(await said('a')).length, (await said('a')).length, (await said('b')).length]).toEqual([1, 0, 1]);
  });

  it('never sees the state of the project, even where it may read everything around it', async () => {
    const { output } = await run(acts([`cat ${dir}/secret.txt`, `cat ${dir}/state/holder.json`]), `write: ["${dir}"]`);
    expect(output).toBe('ok\nno');
  });

  it('sees and signals no process but its own, and holds no right of root', async () => {
    const script = `#!/bin/sh\nkill -0 ${process.pid} 2>/dev/null && echo seen\ngrep CapEff /proc/self/status\n`;
    expect((await run(script, 'network: false')).output).toBe('CapEff:\t0000000000000000');
  });

  it.each([
    ['probe.py', '#!/usr/bin/env python3\nimport json, tempfile\ntempfile.mkstemp()\nprint(json.dumps({"py": 1}))\n'],
    ['probe.mjs', 'import { tmpdir } from "node:os";\nconsole.log(JSON.stringify({ js: tmpdir() !== "" }));\n'],
    ['probe.bash', 'set -euo pipefail\ngit --version >/dev/null\necho \'{"git": 1}\'\n'],
  ])('its interpreter is found: %s', async (name, script) => {
    const { output, error } = await run(script, 'network: false', { name });
    expect(error).toBeNull();
    expect(output).toEqual(expect.any(Object));
  });

  it('exit codes, both streams and a standard input that is too large for arguments come through', async () => {
    const failing = await run('#!/bin/sh\necho out\necho "went wrong" >&2\nexit 7\n', 'network: false');
    expect(failing.error).toMatchObject({
      code: 'tool.script_failed',
      message: 'Script failed with exit code 7: went wrong',
      details: { exit_code: 7, stdout: 'out' },
    });
    const inputs = { text: 'x'.repeat(200_000) };
    const read = await run('#!/bin/sh\nwc -c\n', 'network: false', { inputs });
    expect(Number(read.output)).toBeGreaterThan(200_000);
  });
});

describe.runIf(sandbox.kind === 'bubblewrap')('permissions of the step (SPEC §1.5)', () => {
  const act = (): readonly string[] => [
    `cat ${dir}/secret.txt`,
    `echo x > ${dir}/given/new.txt`,
    inBash(connectTo()),
    'cat data.txt',
    'echo x > own.txt',
  ];

  it.each([
    ['{hosts: []}', { hosts: [] }, 'ok\nok\nno\nok\nok'],
    ['{write: []}', { write: [] }, 'ok\nno\nok\nok\nno'],
    ['{read: []}', { read: [] }, 'no\nno\nok\nno\nno'],
    ['{read: [data.txt]}', { read: ['data.txt'] }, 'no\nno\nok\nok\nno'],
    ['{write: [own.txt]}', { write: ['own.txt'] }, 'ok\nno\nok\nok\nok'],
  ])('narrow a script that declares nothing: %s', async (_text, permissions, said) => {
    writeFileSync(join(dir, 'bundle/own.txt'), '');
    expect((await run(acts(act()), 'timeout: 50s', { permissions })).output).toBe(said);
  });

  it('never widen what a tool declares', async () => {
    const permissions = { read: [`${dir}/secret.txt`, 'data.txt'], write: [`${dir}/given`] };
    expect((await run(acts(act()), 'network: false', { permissions })).output).toBe('no\nno\nno\nok\nno');
  });
});

/** Pids that carry the key of a step. */
function living(stepKey: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(stepKey);
    } catch {
      return false;
    }
  });
}

describe.runIf(sandbox.kind === 'bubblewrap')('the end of a contained script', () => {
  // A time that no other test sleeps for: what this file left behind is told from theirs.
  const LONG = `600.${process.pid}`;
  const STAYS = `trap '' TERM; (trap '' TERM; env -i setsid sleep ${LONG} &) ; (setsid sleep ${LONG} &); echo started`;
  const sleepers = (): readonly string[] =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1') === `sleep\u0000${LONG}\u0000`;
      } catch {
        return false;
      }
    });

  it('takes everything along that it started, whatever that has left behind', async () => {
    const stood = sleepers();
    const { output, stepKey } = await run(`#!/bin/sh\n${STAYS}\n`, 'network: false');
    expect(output).toBe('started');
    expect(living(stepKey)).toEqual([]);
    expect(sleepers()).toEqual(stood);
  });

  it('comes at its timeout, deaf to SIGTERM or not, and when it is cancelled', async () => {
    const stood = sleepers();
    const late = await run(`#!/bin/sh\n${STAYS}\nsleep ${LONG}\n`, 'network: false', { timeoutMs: 500 });
    expect(late.error).toMatchObject({ code: 'tool.timed_out' });
    const cancel = new AbortController();
    const log = (_stream: string, text: string): void => {
      if (text === 'started') cancel.abort();
    };
    const stopped = await run(`#!/bin/sh\n(setsid sleep ${LONG} &)\necho started\nsleep ${LONG}\n`, 'network: false', {
      signal: cancel.signal,
      log,
    });
    expect(stopped.error).toMatchObject({ code: 'run.cancelled' });
    expect([...living(late.stepKey), ...living(stopped.stepKey)]).toEqual([]);
    expect(sleepers()).toEqual(stood);
  });

  it('is on record: what ended is found by the next engine', async () => {
    const { stepKey } = await run('#!/bin/sh\necho kept\n', 'network: false');
    const found = await runner.lookup({ runId: 'run-1', path: 's', attempt: attempts, stepKey });
    expect(found).toMatchObject({ kind: 'ended', end: { exitCode: 0, stdout: 'kept\n' } });
  });
});

describe.runIf(process.platform === 'linux')('limits of a tool', () => {
  it.each([
    [
      'memory',
      'limits: {memory: 100MB}',
      'x = bytearray(300 * 1024 * 1024)\nimport time\ntime.sleep(600)',
      'memory_exceeded',
    ],
    ['processor time', 'limits: {cpu: 500ms}', 'while True: pass', 'cpu_exceeded'],
    [
      'processes',
      'limits: {processes: 4}',
      'import subprocess, time\nfor _ in range(8): subprocess.Popen(["sleep", "600"])\ntime.sleep(600)',
      'too_many_processes',
    ],
  ])('%s: beyond it the whole tree is ended with a typed error', async (_what, limits, python, limit) => {
    const { error, stepKey } = await run(python, limits, { name: 'probe.py' });
    expect(error).toMatchObject({ code: 'tool.limit_exceeded', kind: 'limit', details: { limit } });
    expect(living(stepKey)).toEqual([]);
  });

  it('within them nothing is noticed, and bubblewrap counts for none of them', async () => {
    const manifest = 'limits: {memory: 500MB, cpu: 30s, processes: 2}, network: false';
    expect((await run('#!/bin/sh\nsleep 0.6\necho done\n', manifest)).output).toBe('done');
  });
});
