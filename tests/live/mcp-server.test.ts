import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { productEntry } from '../support/product-entry.ts';
import { type CliWorld, cliEnvironment, openCliWorld, workflowText } from '../support/run-cli.ts';
import { INSTALL_TIMEOUT_MS, installLiveAgents, KEY, type LiveLab, openLab, TEST_TIMEOUT_MS } from './live-lab.ts';

/** `aiworkflow mcp` as the real Claude Code uses it: it starts the command, reads its tools and calls them. */
let world: CliWorld;
let lab: LiveLab;
beforeAll(async () => {
  await installLiveAgents();
  [world, lab] = [await openCliWorld(), await openLab()];
}, INSTALL_TIMEOUT_MS);
afterAll(async () => {
  await lab?.close();
  world?.dispose();
});

it('runs a workflow for Claude Code, and tells it that a person has to decide', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  world.write({
    '.aiworkflow/workflows/greet.md': workflowText('greet', [
      ['action: workflow.set_outputs', 'inputs: {said: Hello}'],
    ]),
    '.aiworkflow/workflows/ask.md': workflowText('ask', [['approval: {title: "Send it"}']]),
  });
  const config = join(lab.home, 'mcp.json');
  const args = [productEntry('cli'), '--project', world.project, 'mcp'];
  const office = { command: process.execPath, args, env: cliEnvironment(world.home) };
  writeFileSync(config, JSON.stringify({ mcpServers: { office } }));
  const calls = ['mcp__office__greet', 'mcp__office__ask'];
  lab.model.script((_request, n) => {
    const name = calls[n - 1];
    return name === undefined ? { text: 'done' } : { toolCalls: [{ name, input: {} }] };
  });
  const words = ['-p', '--output-format', 'stream-json', '--verbose', '--mcp-config', config, '--strict-mcp-config'];
  const child = spawn('claude', [...words, '--allowedTools', calls.join(',')], {
    cwd: lab.workDir,
    env: { ...lab.hostEnv, ANTHROPIC_BASE_URL: lab.model.url, ANTHROPIC_API_KEY: KEY },
    shell: false,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  child.stdin.end('Greet, then ask.');
  await new Promise((resolve) => child.once('close', resolve));
  expect(said).toMatch(/"name":"office","status":"connected"/);
  const { runs } = (await world.run('--json', 'runs', 'list')).json<{ runs: { status: string }[] }>();
  expect(runs.map(({ status }) => status).sort(), said).toEqual(['completed', 'waiting']);
  expect(said).toContain('a person has to decide');
});
