import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { productEntry } from '../support/product-entry.ts';
import { type CliWorld, cliEnvironment, openCliWorld, workflowText } from '../support/run-cli.ts';
import { INSTALL_TIMEOUT_MS, installLiveAgents, TEST_TIMEOUT_MS } from './live-lab.ts';

/** `aiworkflow mcp` as the protocol's own inspector sees it, by its command line. */
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', '@modelcontextprotocol', 'inspector');
const INSPECTOR = join(PACKAGE, 'clients', 'launcher', 'build', 'index.js');
/** Its own word for an answer that says it is an error. */
const TOOL_IS_ERROR = 5;

let world: CliWorld;
beforeAll(async () => {
  await installLiveAgents();
  world = await openCliWorld();
  world.write({
    '.aiworkflow/workflows/greet.md': workflowText('greet', [
      ['action: workflow.set_outputs', 'inputs: {said: Hello}'],
    ]),
    '.aiworkflow/workflows/wrong.md': workflowText('wrong', [
      ['action: workflow.fail', 'inputs: {message: "the mail server is away"}'],
    ]),
    '.aiworkflow/workflows/ask.md': workflowText('ask', [['approval: {title: "Send it"}']]),
  });
}, INSTALL_TIMEOUT_MS);
afterAll(() => world?.dispose());

async function inspect(...words: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const server = [process.execPath, productEntry('cli'), '--project', world.project, 'mcp'];
  const patience = ['--connect-timeout', String(TEST_TIMEOUT_MS)];
  const child = spawn(
    process.execPath,
    [INSPECTOR, '--cli', '--format', 'json', ...patience, ...words, '--', ...server],
    {
      env: cliEnvironment(world.home),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}
const callTool = (name: string, args: object = {}) =>
  inspect('--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args));

it('lists workflows with schemas that it finds no error in', { timeout: TEST_TIMEOUT_MS }, async () => {
  const { code, said } = await inspect('--method', 'tools/list', '--strict');
  expect(code, said).toBe(0);
  for (const name of ['greet', 'wrong', 'ask', 'aiworkflow_get_run']) expect(said).toContain(`"name":"${name}"`);
});

it('calls one, and is told of a wrong input, of a failure and of a question to a person', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const done = await callTool('greet');
  expect(done.code, done.said).toBe(0);
  expect(done.said).toContain('"outputs":{"said":"Hello"}');
  const wrong = await callTool('greet', { nobody: 1 });
  expect(wrong.code, wrong.said).toBe(TOOL_IS_ERROR);
  expect(wrong.said).toContain('input.');
  const failed = await callTool('wrong');
  expect(failed.code, failed.said).toBe(TOOL_IS_ERROR);
  expect(failed.said).toContain('the mail server is away');
  expect((await callTool('ask')).said).toContain('a person has to decide');
});
