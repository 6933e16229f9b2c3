import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type CliProcess, type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';
import { openExample } from '../support/run-example.ts';
import { waitUntil } from '../support/wait-until.ts';

/** `webhook list|start|test|deliveries|redeliver` of SPEC §13, and the examples that other programs start; each offline. */
let world: CliWorld;
let started: CliProcess | null = null;
afterEach(async () => {
  started?.child.kill('SIGTERM');
  await started?.ended;
  started = null;
  world.dispose();
});

const HOOK = '  - {type: webhook, id: hook, path: /hook, scheme: github, secret: HOOK_SECRET, events: [push]}';
const flow = workflowText('greet', [['action: workflow.set_outputs', 'inputs:', '  said: hello']], ['triggers:', HOOK]);

async function ok(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr, json } = await world.run('--json', ...args);
  expect(exitCode, stdout + stderr).toBe(0);
  return json();
}

/** Listens on a free port; gives it. */
async function start(): Promise<string> {
  started = world.start('webhook', 'start', '--port', '0');
  await started.says('Listening at');
  const { url } = await ok('webhook', 'list');
  return new URL(String(url)).port;
}

type Rows = readonly Record<string, unknown>[];
const deliveries = async (): Promise<Rows> => (await ok('webhook', 'deliveries')).deliveries as Rows;

describe('the commands of webhooks', () => {
  it('say why nothing is served, listen, sign, list what came and play it again', async () => {
    world = await openCliWorld();
    world.write({ '.aiworkflow/workflows/greet.md': flow, '.env': 'HOOK_SECRET=of the sender\n' });
    const early = await world.run('webhook', 'start');
    expect([early.exitCode, early.stderr]).toEqual([1, expect.stringContaining('Nobody has armed it yet.')]);
    expect(await ok('webhook', 'list')).toMatchObject({
      webhooks: [{ path: '/hook', workflow_id: 'greet', scheme: 'github', enabled: false, trigger_count: 0 }],
      ...{ count: 1, url: null },
    });
    await ok('workflow', 'enable', 'greet');
    const port = await start();
    const test = ['webhook', 'test', '/hook', '--port', port, '--event'];
    expect(await ok(...test, 'push', '-d', '{"ref":"main"}')).toMatchObject({
      status: 200,
      response: { status: 'accepted', result: { workflow_id: 'greet', queued: true } },
    });
    expect(await ok(...test, 'star')).toMatchObject({ status: 202, response: { status: 'ignored' } });
    const lost = await world.run('webhook', 'test', '/nothing', '--port', port);
    expect([lost.exitCode, lost.stdout]).toEqual([1, '404 {"error":"Endpoint not found"}\n']);
    const other = await world.run('webhook', 'test', '/hook', '--host', 'example.com');
    expect(other.exitCode).toBe(2);
    await expect.poll(deliveries).toMatchObject([
      { event: 'star', state: 'ignored' },
      { event: 'push', state: 'started', signature: 'valid' },
    ]);
    const rows = await deliveries();
    expect(await ok('webhook', 'redeliver', String(rows[0]?.id))).toMatchObject({ state: 'started', event: 'star' });
    expect((await ok('webhook', 'list')).webhooks).toMatchObject([{ trigger_count: 2, enabled: true }]);
    // A second `start` asks the one that is there.
    expect(await ok('webhook', 'start')).toMatchObject({ pid: started?.child.pid });
    // The same host serves metrics.
    const { url, pid } = await ok('metrics', 'start', '--port', '0');
    expect(pid).toBe(started?.child.pid);
    expect(await (await fetch(String(url))).text()).toContain(
      'aiworkflow_webhook_deliveries_total{endpoint="/hook",code="202"} 1',
    );
    await expect
      .poll(() => ok('metrics', 'show'))
      .toMatchObject({ workflows: { greet: { successful_executions: 2 } } });
    expect(await ok('metrics', 'show', 'greet')).toMatchObject({ total_executions: 2, failed_executions: 0 });
    expect(await ok('metrics', 'show', String(rows[1]?.run_id))).toMatchObject({ workflow_id: 'greet' });
    await ok('metrics', 'export', 'out.prom', '--format', 'prometheus');
    expect(readFileSync(join(world.project, 'out.prom'), 'utf8')).toContain(
      '# TYPE aiworkflow_workflows_total counter',
    );
  });
});

describe('examples', () => {
  it('code-review takes its signed sample delivery, once', async () => {
    const example = await openExample('code-review');
    world = example.cli;
    world.write({ '.env': 'CODE_REVIEW_WEBHOOK_SECRET=sample-secret-of-code-review\n' });
    await ok('workflow', 'enable', 'code-review');
    const port = await start();
    const sample = (name: string): Buffer => readFileSync(join(example.folder, 'sample-data', name));
    const headers = JSON.parse(sample('delivery-headers.json').toString()) as Record<string, string>;
    const send = async (): Promise<unknown> => {
      const body = new Uint8Array(sample('delivery.json'));
      return (await fetch(`http://127.0.0.1:${port}/hooks/code-review`, { method: 'POST', headers, body })).json();
    };
    const first = (await send()) as { result: { run_id: string } };
    expect(await send()).toMatchObject({ status: 'accepted', duplicate: true });
    const show = () => ok('runs', 'list');
    await waitUntil(
      'the review to be written',
      async () => {
        const { runs } = (await show()) as { runs: Rows };
        return runs.some(({ run_id: runId, status }) => runId === first.result.run_id && status === 'completed');
      },
      90_000,
    );
    const { runs } = (await show()) as { runs: Rows };
    expect(runs).toHaveLength(1);
    expect(await ok('runs', 'show', first.result.run_id)).toMatchObject({
      final_output: { verdict: 'request_changes', findings: 10 },
    });
  });

  it('pattern-webhook is started by a signed order and by no other event', async () => {
    world = await openCliWorld();
    await ok('init', '--force', '--example', 'patterns');
    world.write({ '.env': 'PATTERN_WEBHOOK_SECRET=choose-your-own\n' });
    await ok('workflow', 'enable', 'pattern-webhook');
    const port = await start();
    const order = { number: 8, customer: 'Birch', items: ['cup'] };
    const send = (type: string) =>
      ok('webhook', 'test', '/patterns/orders', '--port', port, '-d', JSON.stringify({ type, order }));
    const { response } = await send('order.paid');
    expect(await send('order.deleted')).toMatchObject({ status: 202 });
    const runId = String((response as { result: { run_id: string } }).result.run_id);
    await waitUntil('the order to be written', async () => {
      const { runs } = (await ok('runs', 'list')) as { runs: Rows };
      return runs.some((run) => run.run_id === runId && run.status === 'completed');
    });
    expect(await ok('runs', 'show', runId)).toMatchObject({
      final_output: { line: '8 for Birch: cup (paid)', pieces: 1 },
    });
  });
});
