import { afterEach, expect, it } from 'vitest';
import { type ExampleWorld, openExample } from '../support/run-example.ts';

/** SPEC §15 `incident-response`: real processes, the demo agent, and no agent at all. */
const worlds: ExampleWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

async function open(settings: readonly string[] = []): Promise<ExampleWorld> {
  const world = await openExample('incident-response', settings);
  worlds.push(world);
  return world;
}

it('finds the anomaly, pages the second when the first is out of reach, and escalates: compared word for word', async () => {
  const { run } = await open();
  const { exitCode, outputs, result, file } = await run('--agent', 'demo', '-i', 'escalate_after=1s');
  expect(exitCode).toBe(0);
  expect(outputs).toEqual({
    severity: 'critical',
    service: 'checkout',
    paged: 'Imran',
    escalated: true,
    runbook: 'checkout-slow.md',
    report_file: 'incident.md',
  });
  expect(result).toMatchObject({ outcome: 'success', steps_succeeded: 8, steps_failed: 0 });
  await expect(file('incident.md')).toMatchFileSnapshot('./golden/incident-response.md');
  expect(
    file('pages.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).to),
  ).toEqual(['Imran', 'Head of operations']);
  expect(JSON.parse(file('ticket.json'))).toMatchObject({ severity: 'critical', anomaly: { metric: 'latency_ms' } });
  expect(file('channel.md')).toContain('Imran was paged.');
});

it('pages nobody while everything is as usual, opens only a ticket in between, and fails when nobody can be paged', async () => {
  const { run, cli } = await open();
  const quiet = await run('--agent', 'demo', '-i', 'threshold=1000');
  expect(quiet.outputs).toMatchObject({ severity: 'none', paged: '', escalated: false });
  expect(() => quiet.file('pages.jsonl')).toThrow();
  const medium = await run('--agent', 'demo', '-i', 'threshold=100');
  expect(medium.outputs).toMatchObject({ severity: 'medium', paged: 'Imran', escalated: false });
  expect(JSON.parse(medium.file('ticket.json'))).toMatchObject({ severity: 'medium' });
  cli.write({ 'rota.json': JSON.stringify({ on_call: [{ name: 'Rosa', reachable: false }], acknowledged: [] }) });
  const nobody = await run('--agent', 'demo', '-i', `rota=${cli.project}/rota.json`);
  expect(nobody.exitCode).toBe(1);
  expect(nobody.result.error?.message).toContain('Nobody stands at place 1 of the rota');
});

it('writes its report without an agent that answers', async () => {
  const { run } = await open([
    'agent:',
    '  primary: openai',
    '  configs:',
    '    openai: {api_base_url: "http://127.0.0.1:9/v1", model: m}',
    '    ollama: {api_base_url: "http://127.0.0.1:9", model: m}',
  ]);
  const { result, file } = await run('-i', 'escalate_after=1s');
  expect(result).toMatchObject({ status: 'completed', outcome: 'partial', steps_failed: 1 });
  expect(file('incident.md')).toContain('No agent could sum this up.');
});
