import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSandbox } from '../../src/core/processes/index.ts';
import { engineCall, openRegistryLab, REGISTRY, type RegistryLab } from '../support/registry-lab.ts';

/** Modules and stdio servers of MCP with `security.sandboxed`: bubblewrap, for real. */
const sandbox = findSandbox();
if (sandbox.kind !== 'bubblewrap') console.log(`skipped: ${sandbox.kind === 'none' ? sandbox.reason : sandbox.kind}`);

let dir: string;
let service: Server;
let port: number;
const before = { ...process.env };
beforeAll(async () => {
  // Not below /tmp, which is a private one inside.
  dir = mkdtempSync(join(process.platform === 'linux' ? '/var/tmp' : tmpdir(), 'aiw-contained-'));
  for (const folder of ['home/.ssh', 'files', 'given']) mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'home/.ssh/id_test'), 'PRIVATE KEY');
  process.env.HOME = join(dir, 'home');
  service = createServer((socket) => void socket.on('error', () => undefined).end('hello'));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  port = (service.address() as { port: number }).port;
});
afterAll(() => {
  service.close();
  process.env.HOME = before.HOME;
  rmSync(dir, { recursive: true, force: true });
});

/** What a JavaScript tool could do there; each `true` or `false`. */
const ACTS = `
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
const can = (work) => { try { work(); return true; } catch { return false; } };
const reaches = (port) => new Promise((done) => connect(port, '127.0.0.1').on('connect', () => done(true)).on('error', () => done(false)));
export const acts = ({ where }) => act(JSON.parse(Buffer.from(where, 'base64')));
const act = async ({ root, dir, port }) => ({
  key: can(() => readFileSync(dir + '/home/.ssh/id_test')),
  state: can(() => readFileSync(root + '/.aiworkflow/state/holder.json')),
  seen: can(() => readFileSync(root + '/data/seen.txt')),
  allowed: can(() => writeFileSync(root + '/data/new.txt', 'x')),
  registry: can(() => writeFileSync(root + '/.aiworkflow/tools/own.txt', 'x')),
  outside: can(() => writeFileSync(dir + '/files/probe.txt', 'x')),
  network: await reaches(port),
});
`;
const PROBE_MODULE = "export { acts as act } from '../../acts.mjs';\n";
const PROBE_PYTHON = `
import base64, json, socket
def can(work):
    try:
        work()
        return True
    except OSError:
        return False
def write(path):
    with open(path, "w") as file:
        file.write("x")
def op_act(where: str):
    place = json.loads(base64.b64decode(where))
    root, dir, port = place["root"], place["dir"], place["port"]
    return {
        "key": can(lambda: open(dir + "/home/.ssh/id_test").read()),
        "state": can(lambda: open(root + "/.aiworkflow/state/holder.json").read()),
        "seen": can(lambda: open(root + "/data/seen.txt").read()),
        "allowed": can(lambda: write(root + "/data/new.txt")),
        "registry": can(lambda: write(root + "/.aiworkflow/tools/own.txt")),
        "outside": can(lambda: write(dir + "/files/probe.txt")),
        "network": can(lambda: socket.create_connection(("127.0.0.1", port), 5).close()),
    }
`;
const PROBE_SERVER = `
import { createInterface } from 'node:readline';
import { acts } from './acts.mjs';
const answers = {
  initialize: () => ({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'desk', version: '1' } }),
  ping: () => ({}),
  'tools/list': () => ({ tools: [{ name: 'act', inputSchema: { type: 'object' } }] }),
  'tools/call': async (params) => ({ content: [{ type: 'text', text: JSON.stringify(await acts(params.arguments)) }] }),
};
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = await answers[method]?.(params);
  if (id !== undefined && result !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
});
`;

/** Goes beyond one limit, or with `spin` uses a second of the processor. */
const HEAVY = `
import { spawn } from 'node:child_process';
const stay = () => new Promise(() => setInterval(() => {}, 1000));
const acts = {
  memory: () => { globalThis.kept = Buffer.alloc(300 * 1024 * 1024, 1); return stay(); },
  processes: () => { for (let n = 0; n < 8; n++) spawn('sleep', ['600']); return stay(); },
  cpu: () => { for (;;); },
  spin: () => { const used = ({ user, system }) => user + system; const before = process.cpuUsage(); while (used(process.cpuUsage(before)) < 1_000_000); return 'spun'; },
  rest: () => 'rested',
};
export const act = ({ what }) => acts[what]();
`;
const HEAVY_SERVER = PROBE_SERVER.replace(
  "{ acts } from './acts.mjs'",
  "{ act as acts } from './custom/heavy/adapter.mjs'",
);

describe.runIf(process.platform === 'linux')('security.limits of the registry', () => {
  let lab: RegistryLab;
  beforeAll(() => {
    lab = openRegistryLab();
    const limits = 'memory: 200MB, processes: 6';
    lab.write({
      '.aiworkflow/tools/custom/heavy/adapter.mjs': HEAVY,
      '.aiworkflow/tools/heavy.mjs': HEAVY_SERVER,
      '.aiworkflow/tools/mcp/server.yaml': `server: {command: ${JSON.stringify(process.execPath)}, args: [.aiworkflow/tools/heavy.mjs]}\n`,
      [REGISTRY]: `tools:
  - {name: heavy, implementations: [{type: custom}], security: {limits: {${limits}}}}
  - {name: server, implementations: [{type: mcp}], security: {limits: {${limits}, cpu: 1600ms}}}\n`,
    });
  });
  afterAll(() => lab.dispose());

  // A server is started anew after each, which takes its pause.
  it.each([
    ['heavy', ['memory', 'processes']],
    ['server', ['spin', 'spin', 'cpu', 'rest']],
  ])('%s: what goes beyond one is ended', { timeout: 120_000 }, async (tool, acts) => {
    const registry = await lab.open();
    await registry.refresh(tool);
    for (const what of acts) {
      const call = registry
        .catalog()
        .get(tool)
        ?.execute({ ...engineCall(lab, 'act', { inputs: { what } }), timeoutMs: 60_000 });
      // Each call has its own time where one process serves them all, and the next server works again.
      if (what === 'spin' || what === 'rest') expect(JSON.stringify((await call)?.output)).toMatch(/spun|rested/);
      else
        await expect(call, what).rejects.toMatchObject({
          code: 'tool.limit_exceeded',
          details: { limit: expect.stringContaining(what) },
        });
    }
    await registry.close();
  });
});

describe.runIf(sandbox.kind === 'bubblewrap')('security.sandboxed of the registry (SPEC §5.1)', () => {
  let lab: RegistryLab;
  beforeAll(() => {
    // Not below /tmp either.
    lab = openRegistryLab(dir);
    lab.write({
      'data/seen.txt': 'seen',
      '.aiworkflow/state/holder.json': 'TOKEN',
      '.aiworkflow/tools/acts.mjs': ACTS,
      '.aiworkflow/tools/custom/probe/adapter.mjs': PROBE_MODULE,
      '.aiworkflow/tools/custom/pyprobe/adapter.py': PROBE_PYTHON,
      '.aiworkflow/tools/desk.mjs': PROBE_SERVER,
      '.aiworkflow/tools/mcp/desk.yaml': `server: {command: ${JSON.stringify(process.execPath)}, args: [.aiworkflow/tools/desk.mjs]}\n`,
    });
  });
  afterAll(() => lab.dispose());

  async function probe(tool: string, type: string, security: string) {
    lab.write({ [REGISTRY]: `tools: [{name: ${tool}, implementations: [{type: ${type}}], security: ${security}}]\n` });
    const registry = await lab.open();
    await registry.refresh(tool);
    const log: string[] = [];
    // A path among the parameters of a server is refused before it is asked.
    const where = Buffer.from(JSON.stringify({ root: lab.project, dir, port })).toString('base64');
    const inputs = { where };
    const call = engineCall(lab, 'act', { inputs, log: (_stream, text) => log.push(text) });
    const result = await registry
      .catalog()
      .get(tool)
      ?.execute({ ...call, runDir: join(dir, 'given') });
    await registry.close();
    return { did: result?.output, log };
  }

  it.each([
    ['probe', 'custom'],
    ['pyprobe', 'custom'],
    ['desk', 'mcp'],
  ])('holds a module and a server: %s', async (tool, type) => {
    const held = await probe(tool, type, '{sandboxed: true, allowed_paths: [data]}');
    const nothing = { key: false, state: false, registry: false, outside: false, network: false };
    expect(held.did).toEqual({ ...nothing, seen: true, allowed: true });
    expect(held.log).toContainEqual(expect.stringMatching(/^Contained by bubblewrap: .*no network\.$/));
    // Also where it may have the whole project: the state stays hidden.
    const wide = await probe(
      tool,
      type,
      `{sandboxed: true, allowed_paths: ["${lab.project}"], allowed_hosts: [127.0.0.1]}`,
    );
    // A host that it may reach it reaches by a proxy alone.
    expect(wide.log).toContainEqual(expect.stringContaining('of the network only 127.0.0.1, for programs'));
    expect(wide.did).toMatchObject({ ...nothing, seen: true, registry: expect.anything() });
    const free = await probe(tool, type, '{sandboxed: false}');
    expect(free.did).toMatchObject({ key: true, state: true, outside: true, network: true });
    expect(free.log.filter((line) => line.startsWith('Contained'))).toEqual([]);
  });
});
