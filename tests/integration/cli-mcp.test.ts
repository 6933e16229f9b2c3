import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { productEntry } from '../support/product-entry.ts';
import { type CliWorld, cliEnvironment, openCliWorld, workflowText } from '../support/run-cli.ts';

/** `aiworkflow mcp` as the SDK's own client sees it: over the pipes of the real command. */
let world: CliWorld;
let client: Client;
/** What the server has said, in its order. */
const said: JSONRPCMessage[] = [];

const flow = (id: string, head: readonly string[], steps: readonly (readonly string[])[]): string =>
  workflowText(id, steps).replace(/^---\n/, `---\n${head.join('\n')}${head.length === 0 ? '' : '\n'}`);

beforeAll(async () => {
  world = await openCliWorld();
  world.write({
    '.aiworkflow/workflows/greet.md': flow(
      'greet',
      [
        'inputs:',
        '  who: {type: string, required: true, description: "Who is greeted", maxLength: 20}',
        '  times: {type: integer, default: 1, min: 1, max: 5}',
        'outputs:',
        '  said: {type: string, required: true}',
      ],
      [['action: workflow.noop'], ['action: workflow.set_outputs', 'inputs: {said: "Hello {{ inputs.who }}"}']],
    ),
    '.aiworkflow/workflows/ask.md': flow('ask', [], [['approval: {title: "Send it"}']]),
    '.aiworkflow/workflows/stop.md': flow('stop', [], [['action: workflow.fail', 'inputs: {message: "No network"}']]),
    '.aiworkflow/workflows/long.md': flow('long', [], [['action: workflow.sleep', 'inputs: {seconds: 600}']]),
    '.aiworkflow/workflows/locked.md': flow(
      'locked',
      ['inputs: {key: {type: string, required: true, secret: true}}'],
      [['action: workflow.noop']],
    ),
  });
  const foreign = join(world.home, 'crontab');
  writeFileSync(foreign, '# Draft of cron\n0 1 * * * /bin/true\n');
  await world.run('bundle', 'import', foreign);
  mkdirSync(join(world.home, 'elsewhere'));
  client = new Client({ name: 'test', version: '1.0.0' });
  const env = cliEnvironment(world.home) as Record<string, string>;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [productEntry('cli'), '--project', world.project, 'mcp'],
    cwd: join(world.home, 'elsewhere'),
    env,
  });
  await client.connect(transport);
  const read = transport.onmessage;
  transport.onmessage = (message) => {
    said.push(message);
    read?.(message);
  };
});
afterAll(async () => {
  await client.close();
  world.dispose();
});

const given = (answer: unknown): Record<string, unknown> =>
  (answer as { structuredContent?: Record<string, unknown> }).structuredContent ?? {};
const textOf = (answer: unknown): string => (answer as { content: { text: string }[] }).content[0]?.text ?? '';

it('offers trusted workflows with the schemas of their inputs and outputs, and asks no model for a secret', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual(['aiworkflow_get_run', 'ask', 'greet', 'long', 'stop']);
  const greet = tools.find(({ name }) => name === 'greet');
  expect(greet?.inputSchema).toEqual({
    type: 'object',
    properties: {
      who: { type: 'string', description: 'Who is greeted', maxLength: 20 },
      times: { type: 'integer', default: 1, minimum: 1, maximum: 5 },
    },
    required: ['who'],
    additionalProperties: false,
  });
  expect(greet?.outputSchema?.properties).toMatchObject({
    outputs: { properties: { said: { type: ['string', 'null'] } } },
  });
});

it('runs one, tells its progress, and gives what it gave', async () => {
  const before = said.length;
  const answer = await client.callTool({ name: 'greet', arguments: { who: 'Ann' } }, undefined, {
    onprogress: () => undefined,
  });
  // Read off the wire: this client tells nothing of what comes together with the answer.
  const seen = said.slice(before).flatMap((message) => {
    const { progress, total } = ('params' in message ? message.params : null) ?? {};
    return total === 2 ? [progress] : [];
  });
  expect(given(answer)).toMatchObject({ status: 'completed', outcome: 'success', outputs: { said: 'Hello Ann' } });
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).toEqual([...new Set(seen)].sort());
});

it('says what is wrong with inputs, and why a run failed', async () => {
  const refused = await client.callTool({ name: 'greet', arguments: { who: 'Ann', times: 9 } });
  expect([refused.isError, textOf(refused)]).toEqual([true, expect.stringContaining('(input.invalid)')]);
  const failed = await client.callTool({ name: 'stop', arguments: {} });
  expect([failed.isError, textOf(failed)]).toEqual([true, expect.stringContaining('No network')]);
  const unknown = await client.callTool({ name: 'draft-of-cron', arguments: {} });
  expect([unknown.isError, textOf(unknown)]).toEqual([true, expect.stringContaining('(workflow.not_found)')]);
});

it('waits for a person where one has to decide: a tool neither decides nor goes on without him', async () => {
  const answer = await client.callTool({ name: 'ask', arguments: {} });
  const { status, run_id: runId, message } = given(answer);
  expect([status, message]).toEqual(['waiting', expect.stringContaining('a person has to decide')]);
  const { approvals } = (await world.run('--json', 'approvals', 'list')).json<{ approvals: { id: string }[] }>();
  await world.run('--json', 'approvals', 'approve', approvals[0]?.id ?? '');
  await world.run('--json', 'runs', 'resume', String(runId));
  const later = await client.callTool({ name: 'aiworkflow_get_run', arguments: { run_id: runId } });
  expect(given(later)).toMatchObject({ run_id: runId, status: 'completed' });
});

it('cancels the run of a call that is called off', async () => {
  const abort = new AbortController();
  const called = client.callTool({ name: 'long', arguments: {} }, undefined, {
    signal: abort.signal,
    onprogress: () => abort.abort(new Error('called off')),
  });
  await expect(called).rejects.toThrow();
  await expect
    .poll(
      async () =>
        (await world.run('--json', 'runs', 'list', '--workflow', 'long')).json<{ runs: { status: string }[] }>().runs[0]
          ?.status,
      {
        timeout: 60_000,
      },
    )
    .toBe('cancelled');
});
