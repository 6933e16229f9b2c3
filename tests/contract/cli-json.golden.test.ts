import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type CliResult, type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';
import { waitUntil } from '../support/wait-until.ts';

/**
 * The shape of every `--json` answer (SPEC §13), from the real command line. What differs from run to run is replaced by a word;
 * everything else is compared with `fixtures/cli-json.golden.json`. A change there is a change for everybody's scripts.
 */
const GOLDEN = './fixtures/cli-json.golden.json';

// Every step of these tests is a process of its own: on a loaded machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const TOOL_FILES = {
  '.aiworkflow/tools/registry.yaml': `tools:
  - name: desk
    description: A desk
    category: system
    implementations: [{type: custom, adapter_path: custom/desk.mjs, agent_compatibility: {demo: supported}}]
    authentication: {type: bearer_token, token_env: PATH, provider: nobody}
    rate_limits: {requests_per_minute: 600, burst: 10}
  - {name: lost, implementations: [{type: openapi, spec_path: nowhere.yaml}]}
`,
  '.aiworkflow/tools/custom/desk.mjs': `
export const schema = { add: { description: 'Adds', parameters: { a: { type: 'integer', required: true }, b: { type: 'integer', default: 1 } } } };
export const add = ({ a, b }) => ({ sum: a + b });
export function fail() { throw new RangeError('too far'); }
`,
};

let model: ModelServer;
let world: CliWorld;
beforeAll(async () => {
  model = await startModelServer();
  model.script(() => ({ text: 'Hello.', usage: { inputTokens: 1000, outputTokens: 500, cachedTokens: 0 } }));
  world = await openCliWorld();
  world.write({
    '.aiworkflow/workflows/hello.md': workflowText(
      'hello',
      [['action: workflow.set_outputs', 'inputs: {greeting: "hello {{ inputs.name }}"}']],
      ['inputs:', '  name: {type: string, default: world}'],
    ),
    'fails.md': workflowText('fails', [
      ['action: workflow.log', 'inputs: {message: before}'],
      ['action: workflow.fail', 'inputs: {message: on purpose}'],
    ]),
    'partial.md': workflowText(
      'partial',
      [
        ['action: workflow.log', 'inputs: {message: fine}'],
        ['action: workflow.fail', 'inputs: {message: not fine}'],
      ],
      ['execution: {error_handling: continue}'],
    ),
    'asks.md': workflowText('asks', [['action: agent.run', 'inputs: {prompt: Say hello}']]),
    'mixed.md': workflowText('mixed', [
      ['action: agent.run', 'agent: demo', 'inputs: {prompt: Say hello}'],
      ['action: agent.run', 'agent: openai', 'inputs: {prompt: Say hello}'],
    ]),
    'nap.md': workflowText('nap', [['action: workflow.sleep', 'inputs: {duration: 10m}']]),
    'broken.md': workflowText('broken', [['action: workflow.no_such']]),
    'tool/workflow.md': workflowText('tool', [['action: probe.run', 'output_variable: answer']]),
    'tool/tools/probe.mjs': '#!/usr/bin/env node\nconsole.log(JSON.stringify({ answer: 42 }));\n',
  });
});
afterAll(async () => {
  world.dispose();
  await model.close();
});

/** Values that no two runs share. */
function normalise(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return normaliseText(value, key);
  if (Array.isArray(value)) return value.map((one) => normalise(one, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, normalise(one, name)]));
  // Which agents are installed is another thing on every machine.
  if (key === 'installed') return '<installed>';
  const isMeasured =
    typeof value === 'number' &&
    /^(duration_seconds|latency_ms|size_bytes|at|pid|port|(total_)?(in|out)put_tokens|total_tokens)$/.test(key);
  return isMeasured ? `<${key}>` : value;
}

function normaliseText(text: string, key: string): string {
  if (key === 'actor') return '<actor>';
  if (key === 'id' && /^\d+$/.test(text)) return '<position>';
  if (key === 'version' && /^\d+\.\d+\.\d+$/.test(text) && text !== '1.0.0') return '<version>';
  return text
    .replaceAll(world.project, '<project>')
    .replace(/[a-z]+-\d{8}-\d{6}-[0-9a-f]{8}/g, '<run>')
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '<instant>')
    .replace(/[0-9a-f]{64}/g, '<hash>')
    .replace(/http:\/\/127\.0\.0\.1:\d+\/open\?code=[\w-]+/g, '<link>');
}

/** Starts a run and kills the program that drives it. */
async function killRun(workflow: string): Promise<string> {
  const { child, ended } = world.start('run', `${workflow}.md`);
  // Whoever looks first would hold the project and be handed the run: it is another program that is killed then.
  const { holderFile } = projectPaths(world.project);
  await waitUntil(`the command that runs ${workflow} holds the project`, () => existsSync(holderFile));
  let runId = '';
  await waitUntil(`${workflow} runs`, async () => {
    const list = await world.run('--json', 'runs', 'list', '--workflow', workflow);
    runId = list.json<{ runs: readonly { run_id: string }[] }>().runs[0]?.run_id ?? '';
    return runId !== '';
  });
  await waitUntil(`a step of ${workflow} runs`, async () => {
    const shown = await world.run('--json', 'runs', 'show', runId);
    return shown.json<{ step_results: readonly { status: string }[] }>().step_results[0]?.status === 'running';
  });
  child.kill('SIGKILL');
  await ended;
  return runId;
}

it('every command prints the shape that scripts rely on', async () => {
  const answers: Record<string, unknown> = {};
  const keep = async (name: string, ...args: readonly string[]): Promise<CliResult> => {
    const result = await world.run('--json', ...args);
    expect(result.stderr, name).toBe('');
    answers[name] = { exit: result.exitCode, json: normalise(result.json()) };
    return result;
  };
  const runIdOf = (result: CliResult): string => result.json<{ run_id: string }>().run_id;

  await keep('version', 'version');
  await keep('init again', 'init');
  await keep('init --force', 'init', '--force');
  await keep('workflow list', 'workflow', 'list');
  await keep('workflow validate', 'workflow', 'validate', 'hello');
  await keep('workflow validate, invalid', 'workflow', 'validate', 'broken.md');
  await keep('workflow show', 'workflow', 'show', 'hello');
  await keep('workflow create', 'workflow', 'create', 'Made here');
  await keep('workflow create --bundle', 'workflow', 'create', 'Made there', '--bundle', '--template', 'multi-step');
  await keep('workflow create, exists', 'workflow', 'create', 'Made here');
  await keep('bundle info', 'bundle', 'info', 'tool');
  await keep('bundle validate', 'bundle', 'validate', 'tool');
  await keep('bundle list', 'bundle', 'list');
  await keep('bundle hash', 'bundle', 'hash', 'tool');
  await keep('bundle export', 'bundle', 'export', 'tool', '-o', 'tool.awb');
  await keep('run --dry-run', 'run', 'hello', '--dry-run');
  const ran = await keep('run', 'run', 'hello', '-i', 'name=you');
  const failed = await keep('run, failed', 'run', 'fails.md');
  await keep('run, partial', 'run', 'partial.md');
  await keep('run --allow-partial', 'run', 'partial.md', '--allow-partial');
  await keep('run, not found', 'run', 'nowhere.md');
  await keep('run, invalid', 'run', 'broken.md');
  const told = await keep('bundle run', 'bundle', 'run', 'tool');
  await keep('runs list', 'runs', 'list', '--workflow', 'hello');
  await keep('runs show', 'runs', 'show', runIdOf(told));
  await keep('runs show, failed', 'runs', 'show', runIdOf(failed));
  await keep('runs log', 'runs', 'log', runIdOf(told));
  await keep('logs search', 'logs', 'search', 'ON PURPOSE', '--places', '1');
  await keep('runs retry', 'runs', 'retry', runIdOf(failed));
  await keep('runs replay', 'runs', 'replay', runIdOf(ran), '-i', 'name=again');
  await keep('runs replay --cassette', 'runs', 'replay', runIdOf(ran), '--cassette');
  await keep('runs save-test', 'runs', 'save-test', runIdOf(ran), 'hello-you');
  await keep('workflow test', 'workflow', 'test', 'hello');
  await keep('runs resume, completed', 'runs', 'resume', runIdOf(ran));
  await keep('runs cancel, ended', 'runs', 'cancel', runIdOf(ran));
  await keep('runs pause, ended', 'runs', 'pause', runIdOf(ran));
  await keep('runs resolve, not in doubt', 'runs', 'resolve', runIdOf(ran), '--step', 'step_1', '--as', 'completed');
  await keep('run, agent', 'run', 'asks.md', '--agent', 'demo');
  const killed = await killRun('nap');
  await keep('runs list, interrupted', 'runs', 'list', '--workflow', 'nap');
  await keep('runs show, interrupted', 'runs', 'show', killed);
  await world.run('runs', 'cancel', killed);
  await keep('costs summary', 'costs', 'summary');
  await keep('costs records', 'costs', 'records', '--since', '1d');
  await keep('workflow versions', 'workflow', 'versions', 'hello');
  await keep('workflow diff', 'workflow', 'diff', 'hello', 'published');
  await keep('workflow diff, unknown', 'workflow', 'diff', 'hello', '0000');
  await keep('runs delete', 'runs', 'delete', runIdOf(ran));
  await keep('agent list', 'agent', 'list');
  await keep('agent info', 'agent', 'info', 'demo');
  await keep('agent info, unknown', 'agent', 'info', 'nobody');
  await keep('agent check', 'agent', 'check', 'demo');
  await keep('agent set-primary', 'agent', 'set-primary', 'demo');
  await keep('agent set-primary, planned', 'agent', 'set-primary', 'codex');
  await keep('tools list, none', 'tools', 'list');
  world.write(TOOL_FILES);
  await keep('tools list', 'tools', 'list');
  await keep('tools show', 'tools', 'show', 'desk');
  await keep('tools show --refresh', 'tools', 'show', 'desk', '--refresh');
  await keep('tools call', 'tools', 'call', 'desk.add', '--param', 'a=2', '--param', 'b:=3');
  await keep('tools call, bad parameters', 'tools', 'call', 'desk.add', '--param', 'c=2');
  await keep('tools call, failed', 'tools', 'call', 'desk.fail');
  await keep('tools call, not found', 'tools', 'call', 'desk2.add');
  await keep('tools test', 'tools', 'test', 'desk');
  await keep('tools test, failed', 'tools', 'test', 'lost');
  const { openAiUrl } = model;
  world.write({
    'aiworkflow.yaml': `agent: {primary: demo, configs: {openai: {api_base_url: "${openAiUrl}", model: house-model-7}}}\n`,
  });
  const unpriced = await keep('run, unpriced', 'run', 'asks.md', '--agent', 'openai');
  await keep('runs show, unpriced', 'runs', 'show', runIdOf(unpriced));
  await keep('costs summary, unpriced', 'costs', 'summary', '--run', runIdOf(unpriced));
  await keep('run, partly unpriced', 'run', 'mixed.md');
  await keep('run --dry-run, agent', 'run', 'asks.md', '--dry-run', '--agent', 'openai');
  await keep('usage', 'run', '--no-such-option');

  await expect(`${JSON.stringify(answers, null, 2)}\n`).toMatchFileSnapshot(GOLDEN);
}, 900_000);

it('doctor prints a check a line of SPEC §13, and is healthy here', async () => {
  const result = await world.run('doctor', '--json');
  const report = result.json<{
    checks: { name: string; value: string; status: string; message: string }[];
    issues: string[];
    healthy: boolean;
  }>();
  expect(report.healthy).toBe(true);
  expect(result.exitCode).toBe(0);
  for (const check of report.checks) {
    expect(Object.keys(check).sort()).toEqual(['message', 'name', 'status', 'value']);
    expect(['ok', 'warning', 'error', 'info']).toContain(check.status);
  }
  expect(report.checks.map((check) => check.name).slice(0, 4)).toEqual([
    'Runtime Version',
    'Python Version',
    'Project Initialized',
    'Config File',
  ]);
});

it('serve prints url, port and pid once it listens, and ends well', async () => {
  const serving = world.start('serve', '--port', '0', '--json');
  await serving.says('"pid"');
  serving.child.kill('SIGTERM');
  const result = await serving.ended;
  expect(result.json()).toEqual({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/open\?code=/),
    port: expect.any(Number),
    pid: serving.child.pid,
  });
  expect(result.exitCode).toBe(0);
});

it('a project that nobody made has no workflows', async () => {
  const result = await world.runIn(world.home, 'workflow', 'list', '--json');
  expect(result.json()).toEqual({ error: 'No workflows directory found', suggestion: "Run 'aiworkflow init' first" });
  expect(result.exitCode).toBe(1);
});

it('looking at a folder that is no project makes none', async () => {
  const folder = join(world.home, 'elsewhere');
  mkdirSync(folder);
  const look = (...args: readonly string[]): Promise<CliResult> =>
    world.runIn(folder, ...args, '--json', '--project', folder);
  const doctor = await look('doctor');
  expect(doctor.json()).toMatchObject({ healthy: false });
  expect(doctor.stdout).toContain("Run 'aiworkflow init' to initialize");
  expect(doctor.exitCode).toBe(1);
  expect((await look('workflow', 'show', join(world.project, 'fails.md'))).json()).toMatchObject({ id: 'fails' });
  expect((await look('bundle', 'info', join(world.project, 'tool'))).json()).toMatchObject({ name: 'tool' });
  expect((await look('workflow', 'list')).exitCode).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});
