import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRegistryCatalog, type ToolRegistry } from '../../src/core/tools/index.ts';
import type { AppError } from '../../src/shared/errors.ts';
import { engineCall, errorOf, openRegistryLab, REGISTRY, type RegistryLab, specOf } from '../support/registry-lab.ts';

/** The tool registry (SPEC §5.1): what is read, chosen and refused. */
const HOOKS = { signal: new AbortController().signal, log: () => undefined };

let lab: RegistryLab;
let outside: string;
beforeEach(() => {
  lab = openRegistryLab();
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-outside-')));
});
afterEach(() => {
  rmSync(outside, { recursive: true, force: true });
  return lab.dispose();
});

const namesOf = async (registry: ToolRegistry): Promise<unknown> =>
  (await registry.list()).tools.map((tool) => [tool.name, tool.types[0], tool.state, tool.operationCount]);

describe('reading a project that nobody trusts', () => {
  test('starts nothing, sends nothing and writes nothing', async () => {
    const host = await lab.serve(() => ({}));
    const mark = join(lab.project, 'mark');
    const evil = `require('fs').writeFileSync(${JSON.stringify(mark)}, '')`;
    lab.write({
      [REGISTRY]: `
tools:
  - {name: server, implementations: [{type: mcp, config_path: mcp/server.yaml}]}
  - {name: package, implementations: [{type: mcp, package: "never-started@1.0.0"}]}
  - {name: remote, implementations: [{type: mcp, config_path: mcp/remote.yaml}], security: {allowed_hosts: ["${host}"]}}
  - {name: fetched, implementations: [{type: openapi, spec_url: "http://${host}/openapi.json"}], security: {allowed_hosts: ["${host}"]}}
  - {name: local, implementations: [{type: openapi, spec_path: openapi/local.json}], security: {allowed_hosts: ["${host}"]}}
  - {name: module, implementations: [{type: custom, adapter_path: custom/adapter.cjs.js}]}
  - {name: python, implementations: [{type: custom, adapter_path: custom/adapter.py}]}
  - {name: script, implementations: [{type: script, adapter_path: scripts/script.js}]}
`,
      '.aiworkflow/tools/mcp/server.yaml': `server: {command: ${JSON.stringify(process.execPath)}, args: [-e, ${JSON.stringify(evil)}]}\n`,
      '.aiworkflow/tools/mcp/remote.yaml': `server: {url: "http://${host}/mcp"}\n`,
      '.aiworkflow/tools/openapi/local.json': JSON.stringify(specOf(host)),
      '.aiworkflow/tools/custom/adapter.cjs.js': evil,
      '.aiworkflow/tools/custom/adapter.py': `open(${JSON.stringify(mark)}, "w")\n`,
      '.aiworkflow/tools/scripts/script.js': `#!/usr/bin/env node\n${evil}\n`,
    });
    const before = readdirSync(lab.stateDir, { recursive: true });
    const registry = await lab.open();
    const catalog = registry.catalog('claude-code');
    for (const name of catalog.names()) {
      const tool = catalog.get(name);
      tool?.check('anything', { a: 1 });
      expect(tool?.operations === null || Array.isArray(tool?.operations), name).toBe(true);
      await registry.show(name);
    }
    expect(await namesOf(registry)).toEqual([
      ['fetched', 'openapi', 'unknown', null],
      ['local', 'openapi', 'ready', 1],
      ['module', 'custom', 'unknown', null],
      ['package', 'mcp', 'unknown', null],
      ['python', 'custom', 'unknown', null],
      ['remote', 'mcp', 'unknown', null],
      ['script', 'script', 'ready', 1],
      ['server', 'mcp', 'unknown', null],
    ]);
    const { projectPath, registryFile } = { projectPath: lab.project, registryFile: join(lab.project, REGISTRY) };
    const read = await readRegistryCatalog({ projectPath, registryFile, stateDir: lab.stateDir, typePriority: [] });
    expect(read.problems).toEqual([]);
    expect(read.catalog.names()).toHaveLength(8);
    expect(read.catalog.get('local')?.operations).toEqual(['list_things']);
    expect(read.catalog.get('script')?.operations).toEqual(['run']);
    expect(read.catalog.get('server')?.operations).toBe(null);
    await registry.close();
    expect(existsSync(mark)).toBe(false);
    expect(lab.requests).toEqual([]);
    expect(readdirSync(lab.stateDir, { recursive: true })).toEqual(before);
  });

  test('a missing registry is an empty one, a broken one says where', async () => {
    const registry = await lab.open();
    expect(await registry.list()).toEqual({ tools: [], hasRegistry: false, problems: [] });
    expect(registry.catalog().names()).toEqual([]);
    lab.write({ [REGISTRY]: 'tools: [\n' });
    const list = await registry.list();
    expect(list).toMatchObject({ tools: [], hasRegistry: true });
    expect(list.problems[0]).toMatch(/^\.aiworkflow\/tools\/registry\.yaml:\d+: Invalid YAML/);
    expect(await errorOf(registry.show('desk'))).toMatchObject({ code: 'tool.not_found' });
  });

  test('one wrong tool does not spoil the others and says what is wrong with it wherever it is used', async () => {
    lab.write({
      [REGISTRY]:
        'tools:\n  - name: wrong\n    implementations: [{type: mpc}]\n  - {name: lost, implementations: [{type: openapi, spec_path: nowhere.yaml}]}\n  - {name: fine, implementations: [{type: script, adapter_path: fine.js}]}\n',
      '.aiworkflow/tools/fine.js': '#!/usr/bin/env node\nconsole.log(JSON.stringify({ cwd: process.cwd() }));\n',
    });
    const registry = await lab.open();
    const { tools, problems } = await registry.list();
    expect(tools.map(({ name, state, error }) => [name, state, error?.code ?? null])).toEqual([
      ['fine', 'ready', null],
      ['lost', 'failed', 'tool.registry_invalid'],
      ['wrong', 'failed', 'tool.registry_invalid'],
    ]);
    expect(problems).toEqual([`${REGISTRY}:3: Unknown tool type 'mpc'. Did you mean 'mcp'?`]);
    expect(await errorOf(registry.call('wrong', 'x', {}, HOOKS))).toMatchObject({
      code: 'tool.registry_invalid',
      message: expect.stringContaining(`${REGISTRY}:3`),
    });
    expect(await errorOf(registry.call('lost', 'x', {}, HOOKS))).toMatchObject({
      message: expect.stringContaining('"nowhere.yaml" was not found'),
    });
    expect(registry.catalog().get('lost')?.check('x', {})).toMatchObject([
      { severity: 'error', code: 'tool.registry_invalid' },
    ]);
    expect(await registry.test('wrong')).toMatchObject({ ok: false, checks: [{ name: 'registry', ok: false }] });
    expect(await errorOf(registry.call('fin', 'x', {}, HOOKS))).toMatchObject({
      code: 'tool.not_found',
      hint: "Did you mean 'fine'?",
    });
    expect((await registry.call('fine', 'run', {}, HOOKS)).output).toEqual({
      cwd: dirname(join(lab.project, REGISTRY)),
    });
  });
});

describe('which implementation', () => {
  test('is chosen by the agent that asks', async () => {
    lab.write({
      [REGISTRY]: `
tools:
  - name: desk
    implementations:
      - {type: script, adapter_path: one.js, priority: 2}
      - {type: script, adapter_path: two.js, agent_compatibility: {picky: none}}
  - {name: only, implementations: [{type: script, adapter_path: one.js, agent_compatibility: {picky: not_supported}}]}
`,
      '.aiworkflow/tools/one.js': '#!/usr/bin/env node\nconsole.log(1)\n',
      '.aiworkflow/tools/two.js': '#!/usr/bin/env node\nconsole.log(2)\n',
    });
    const registry = await lab.open();
    const answer = async (agent?: string): Promise<unknown> =>
      (await registry.catalog(agent).get('desk')?.execute(engineCall(lab, 'run')))?.output;
    expect(await answer()).toBe(2);
    expect(await answer('other')).toBe(2);
    expect(await answer('picky')).toBe(1);
    expect(registry.catalog('picky').names()).toEqual(['desk']);
    expect((await registry.show('desk')).implementations).toMatchObject([
      { source: 'two.js', isChosen: true, priority: 1 },
      { source: 'one.js', isChosen: false, priority: 2 },
    ]);
  });
});

describe('paths of the registry', () => {
  const script = '#!/usr/bin/env node\nconsole.log(JSON.stringify("ran"))\n';
  const use = async (path: string, more = ''): Promise<unknown> => {
    const written = JSON.stringify(path);
    lab.write({
      [REGISTRY]: `tools: [{name: desk, implementations: [{type: script, adapter_path: ${written}}]${more}}]\n`,
    });
    const registry = await lab.open();
    return registry.call('desk', 'run', {}, HOOKS).then(
      (outcome) => outcome.output,
      (error: AppError) => [error.code, error.message.replace(/^.*?\d+: /, '')],
    );
  };

  test('count from its folder, then from the project, never from where the process is', async () => {
    lab.write({ '.aiworkflow/tools/near.js': script, 'scripts/far.js': script });
    expect(await use('near.js')).toBe('ran');
    expect(await use('scripts/far.js')).toBe('ran');
    expect(await use('../../scripts/far.js')).toBe('ran');
    expect(await use('package.json')).toEqual(['tool.registry_invalid', '"package.json" was not found.']);
  });

  test('do not leave the project unless `allowed_paths` names the place', async () => {
    writeFileSync(join(outside, 'evil.js'), script, { mode: 0o755 });
    mkdirSync(join(lab.project, '.aiworkflow', 'tools'), { recursive: true });
    symlinkSync(join(outside, 'evil.js'), join(lab.project, '.aiworkflow', 'tools', 'link.js'));
    symlinkSync(outside, join(lab.project, 'linked'));
    const refused = ['tool.registry_invalid', expect.stringContaining('lies outside the project')];
    expect(await use(join(outside, 'evil.js'))).toEqual(refused);
    expect(await use('link.js')).toEqual(refused);
    expect(await use('linked/evil.js')).toEqual(refused);
    // Whether something lies there makes no difference.
    expect(await use(`${outside}-beside/evil.js`)).toEqual(refused);
    expect(await use('../../../nowhere.js')).toEqual(refused);
    const allow = (path: string): string => `, security: {allowed_paths: [${JSON.stringify(path)}]}`;
    expect(await use(join(outside, 'evil.js'), allow(outside.slice(0, -1)))).toEqual(refused);
    expect(await use(join(outside, 'evil.js'), allow(outside))).toBe('ran');
  });

  test('hold for the folder and the arguments of an MCP server', async () => {
    const open = async (server: string, more = ''): Promise<unknown> => {
      lab.write({
        [REGISTRY]: `tools: [{name: desk, implementations: [{type: mcp}]${more}}]\n`,
        '.aiworkflow/tools/mcp/desk.yaml': `server: ${server}\n`,
      });
      return (await (await lab.open()).show('desk')).error?.message ?? null;
    };
    const quoted = JSON.stringify(outside);
    expect(await open(`{command: node, cwd: ${quoted}}`)).toMatch(/working folder of the server lies outside/);
    expect(await open(`{command: node, cwd: .}`)).toBe(null);
    expect(await open(`{command: node, args: [${quoted}]}`)).toBe(null);
    const limited = ', security: {allowed_paths: [docs]}';
    expect(await open(`{command: node, args: [${quoted}]}`, limited)).toMatch(/'security.allowed_paths' leaves out/);
    expect(await open(`{command: node, args: ["--root=${outside}"]}`, limited)).toMatch(/leaves out/);
    expect(await open(`{command: node, args: ["../../.."]}`, limited)).toMatch(/leaves out/);
    expect(await open(`{command: node, args: [server.js, "--port=80", docs]}`, limited)).toBe(null);
  });
});
