import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toE10 } from '../../src/shared/decimal.ts';
import type { CostRecord, CostSpend, CostSummary } from '../../src/shared/model/cost.ts';
import type { RunStatistics } from '../../src/shared/model/run-statistics.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

/** Costs end to end: a model is asked over HTTP, its tokens are priced, stored with the call's end, and read again (SPEC §11). */
let model: ModelServer;
let world: CliWorld;
const runs: Record<string, string> = {};

async function run(name: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const result = await world.run('--json', 'run', name, ...args);
  expect(result.exitCode, result.stdout).toBe(0);
  runs[name] = result.json<{ run_id: string }>().run_id;
  return result.json();
}

const summary = async (...args: readonly string[]): Promise<CostSummary> =>
  (await world.run('--json', 'costs', 'summary', ...args)).json<never>();

beforeAll(async () => {
  model = await startModelServer();
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 1000, outputTokens: 500, cachedTokens: 0 } }));
  world = await openCliWorld();
  const ask = ['action: agent.run', 'inputs: {prompt: "Say that it is done."}'];
  world.write({
    'aiworkflow.yaml': [
      'version: "1.0"',
      'agent:',
      '  primary: openai',
      '  configs:',
      `    openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}`,
      `    ollama: {api_base_url: "${model.url}", model: llama3}`,
    ].join('\n'),
    '.aiworkflow/workflows/ten.md': workflowText(
      'ten',
      Array.from({ length: 10 }, () => ask),
    ),
    '.aiworkflow/workflows/one.md': workflowText('one', [ask]),
    '.aiworkflow/workflows/mixed.md': workflowText('mixed', [ask, [...ask, 'agent: ollama'], ask]),
  });
  await run('ten');
  runs.unpriced = String((await run('one', '--model', 'house-model-7')).run_id);
  await run('one', '--agent', 'ollama');
});
afterAll(async () => {
  world.dispose();
  await model.close();
});

it('adds up to the last place: ten steps at 1000/500 of gpt-4o are 0.0750 (SPEC §16)', async () => {
  expect(await summary('--run', runs.ten ?? '')).toMatchObject({
    total_cost: '0.075',
    total_requests: 10,
    unpriced_requests: 0,
    total_input_tokens: 10_000,
    total_output_tokens: 5_000,
  });
});

it('counts calls without a price apart and never as 0; what runs at home is 0', async () => {
  const all = await summary();
  expect(all).toMatchObject({ total_cost: '0.075', total_requests: 12, unpriced_requests: 1 });
  expect(all.by_model).toEqual([
    expect.objectContaining({ name: 'gpt-4o', cost: '0.075', requests: 10, unpriced_requests: 0 }),
    expect.objectContaining({ name: 'house-model-7', cost: null, requests: 1, unpriced_requests: 1 }),
    expect.objectContaining({ name: 'llama3', cost: '0', requests: 1, unpriced_requests: 0 }),
  ]);
  const { records } = (await world.run('--json', 'costs', 'records', '--model', 'house-model-7')).json<{
    records: CostRecord[];
  }>();
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ estimated_cost: null, agent_name: 'openai', source: 'computed', currency: 'USD' });
});

it('says it in words on the terminal', async () => {
  const shown = await world.run('costs', 'summary', '--by', 'model');
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout).toContain('$0.075 + 1 call without a price, of 12 calls (12,000 tokens in, 6,000 out)');
  expect(shown.stdout).toContain('No price is known for house-model-7: what these calls cost is in no sum.');
  expect(shown.stdout).toContain('Write model, input, output and valid_from into .aiworkflow/prices.yaml');
  expect(shown.stdout).toMatch(/house-model-7\s+unpriced\s+1\b/);
  expect(shown.stdout).not.toMatch(/^AGENT/m);
  const listed = await world.run('costs', 'records', '--limit', '2');
  expect(listed.stdout.trim().split('\n')).toHaveLength(4);
  expect(listed.stdout).toContain('There are older calls: --limit shows more than 2.');
  expect(listed.stdout).toMatch(/ollama\s+llama3\s+1,000\s+500\s+\$0\s/);
});

it('never leads with an amount where no call has a price', async () => {
  const shown = await world.run('costs', 'summary', '--run', runs.unpriced ?? '');
  expect(shown.stdout).toMatch(/^unpriced: 1 of 1 call \(1,000 tokens in, 500 out\)\n/);
  expect(shown.stdout).not.toContain('$');
  expect(await summary('--run', runs.unpriced ?? '')).toMatchObject({ total_cost: null, unpriced_requests: 1 });
});

it('says of a run which of its calls have no price, and never 0 for them', async () => {
  const id = runs.unpriced ?? '';
  expect((await world.run('--json', 'runs', 'show', id)).json()).toMatchObject({ cost: null, unpriced_requests: 1 });
  expect((await world.run('runs', 'show', id)).stdout).toMatch(/Completed .* {2}unpriced: 1 of 1 call {2}one-/);
  expect(await run('one', '--model', 'house-model-7')).toMatchObject({ cost: null, unpriced_requests: 1 });
  expect(await run('mixed', '--model', 'house-model-7')).toMatchObject({ cost: 0, unpriced_requests: 2 });
  const priced = await run('one');
  expect(priced).toMatchObject({ cost: 0.0075 });
  expect(priced).not.toHaveProperty('unpriced_requests');
  const told = await world.run('run', 'mixed', '--model', 'house-model-7');
  expect(told.stdout).toMatch(/3\/3 steps {2}\$0 \+ 2 calls without a price {2}mixed-/);
  expect((await world.run('run', 'one')).stdout).toMatch(/1\/1 steps {2}\$0\.0075 {2}one-/);
  const { estimate } = (await world.run('--json', 'run', 'one', '--dry-run')).json<{ estimate: { cost: unknown } }>();
  expect(estimate.cost).toBeNull();
});

const warningsOf = async (runId: string): Promise<readonly string[]> => {
  const { lines } = (await world.run('--json', 'runs', 'log', runId)).json<{
    lines: { level: string; text: string }[];
  }>();
  return lines.filter((line) => line.level === 'warning').map((line) => line.text);
};

it.each([
  [
    'broken YAML',
    'prices:\n  - {model: house-model, input: "1"\n',
    '.aiworkflow/prices.yaml:3: No price of this file counts: ',
  ],
  [
    'a row without a day',
    'prices:\n  - {model: house-model, input: "1", output: "2"}\n',
    ".aiworkflow/prices.yaml:2: The price of house-model does not count: 'valid_from' is missing. Add 'valid_from: ",
  ],
])('warns once in a run of a price file with %s', async (_name, text, expected) => {
  world.write({ '.aiworkflow/prices.yaml': text });
  const { run_id } = await run('mixed', '--model', 'house-model-7');
  const warnings = await warningsOf(String(run_id));
  expect(warnings).toEqual([expect.stringContaining(expected)]);
  expect(warnings[0]).toContain('No price is known for house-model-7');
});

it('takes a price of the project from the next call on', async () => {
  world.write({
    '.aiworkflow/prices.yaml':
      'prices:\n  - {model: house-model, input: "1", output: "2", valid_from: 2020-01-01, source: contract}\n',
  });
  await run('one', '--model', 'house-model-7');
  expect(await summary('--run', runs.one ?? '')).toMatchObject({ total_cost: '0.002', unpriced_requests: 0 });
});

it('adds up day by day in a zone, the same as the whole, and says what a completed run cost', async () => {
  const whole = await summary();
  for (const unit of ['day', 'month']) {
    const spend = (
      await world.run('--json', 'costs', 'summary', '--by', unit, '--zone', 'Europe/Berlin')
    ).json<CostSpend>();
    const sum = spend.periods.reduce((total, one) => total + toE10(one.cost ?? '0'), 0);
    expect([sum, spend.zone]).toEqual([toE10(whole.total_cost ?? ''), 'Europe/Berlin']);
    expect(spend.periods.reduce((total, one) => total + one.requests, 0)).toBe(whole.total_requests);
    expect(spend.runs).toMatchObject({ cost_per_completed: expect.stringMatching(/^0\.\d+$/) });
  }
  const shown = await world.run('costs', 'summary', '--by', 'day', '--zone', 'Europe/Berlin');
  expect(shown.stdout).toMatch(/^DAY\s+COST\s+CALLS\s+MOST FOR\n/);
  expect(shown.stdout).toContain('Days begin in Europe/Berlin.');
  expect(shown.stdout).toMatch(/A completed run cost \$0\.\d+, failed ones counted in: \d+ of \d+ completed\./);
  const unknown = await world.run('costs', 'summary', '--by', 'day', '--zone', 'Mars/Olympus');
  expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining("no time zone 'Mars/Olympus'")]);
  expect((await world.run('costs', 'summary', '--zone', 'UTC')).exitCode).toBe(2);
});

it('says how runs fared, by workflow and agent or month by month', async () => {
  const { exitCode, stdout } = await world.run('stats');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /^\d+ runs: \d+ completed, 0 failed, 0 running\. 100 % of those that came to an end completed\.\n/,
  );
  expect(stdout).toMatch(
    /^WORKFLOW +COMPLETED +FAILED +CANCELLED +SUCCESS +HALF WITHIN +95 OF 100 +COST +A COMPLETED RUN\n/m,
  );
  expect(stdout).toMatch(/^ten +1 +0 +0 +100 % .*\$0\.075 +\$0\.075\n/m);
  const found = (
    await world.run('--json', 'stats', '--since', '1d', '--workflow', 'ten', '--by', 'day')
  ).json<RunStatistics>();
  expect(found).toMatchObject({ total_executions: 1, by_status: { completed: 1 }, success_rate: 100, unit: 'day' });
  expect(found.periods.at(-1)).toMatchObject({ completed: 1, cost: '0.075', cost_per_completed: '0.075' });
  expect(found.by_agent.map(({ name, completed }) => [name, completed])).toEqual([['openai', 1]]);
});

it('filters by time, and refuses what it does not know', async () => {
  expect(await summary('--since', '2999-01-01')).toMatchObject({ total_requests: 0, total_cost: '0' });
  expect((await world.run('costs', 'summary', '--by', 'colour')).exitCode).toBe(2);
  expect((await world.run('costs', 'summary', '--since', 'soon')).exitCode).toBe(2);
  expect((await world.run('costs', 'records', '--limit', '0')).exitCode).toBe(2);
});

describe('to somebody new', () => {
  let fresh: CliWorld;
  beforeAll(async () => {
    fresh = await openCliWorld();
    fresh.write({ 'asks.md': workflowText('asks', [['action: agent.run', 'inputs: {prompt: Say hello}']]) });
  });
  afterAll(() => fresh.dispose());
  const textOf = async (...args: readonly string[]): Promise<string> => (await fresh.run('costs', ...args)).stdout;

  it('says that there is nothing yet, and what will come here', async () => {
    for (const command of ['summary', 'records']) {
      const text = 'No model was called yet. When a step asks an agent, its calls and what they cost stand here.\n';
      expect(await textOf(command)).toBe(text);
      expect(await textOf(command, '--agent', 'demo')).toBe(text);
    }
  });

  it('says why a filter leaves nothing, with the names that would leave something', async () => {
    await fresh.run('run', 'asks.md', '--agent', 'demo');
    expect(await textOf('summary')).toMatch(/^\$0 for 1 call /);
    const none = 'No call matches the filter; without it there is 1 call.\n';
    expect(await textOf('summary', '--since', '2999-01-01')).toBe(none);
    expect(await textOf('records', '--workflow', 'ask', '--agent', 'demo')).toBe(
      `${none}There is none of the workflow 'ask', but of: asks.\n`,
    );
    expect(await textOf('records', '--model', 'Demo')).toBe(
      `${none}There is none of the model 'Demo', but of: demo.\n`,
    );
    expect(await textOf('summary', '--run', 'asks')).toBe(`${none}'aiworkflow runs list' shows the ids of runs.\n`);
    expect((await fresh.run('--json', 'costs', 'records', '--model', 'x')).json()).toEqual({ records: [], count: 0 });
  });
});

it('cleanup says what would go, removes nothing before somebody agreed, and leaves all costs', async () => {
  const before = await summary();
  const plan = await world.run('--json', 'cleanup', '--days', '0', '--dry-run');
  expect(plan.json()).toMatchObject({ days: 0, pinned: 0, open: 0, bytes: expect.any(Number) });
  const { runs } = plan.json<{ runs: number }>();
  const asked = await world.run('cleanup', '--days', '0');
  expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining(`Would remove ${runs} runs`)]);
  const done = await world.run('--json', 'cleanup', '--days', '0', '--yes');
  expect([done.exitCode, done.json()]).toEqual([0, expect.objectContaining({ runs, isCompacted: true })]);
  expect((await world.run('--json', 'runs', 'list')).json()).toMatchObject({ count: 0 });
  expect(await summary()).toEqual(before);
});

it('backup and restore: made, listed, tried, brought back into a new folder and into the place of the store', async () => {
  const made = (await world.run('--json', 'backup')).json<{ name: string }>();
  expect((await world.run('--json', 'backup', '--list')).json()).toMatchObject({ backups: [made], drill: null });
  const tried = await world.run('backup', '--drill');
  expect([tried.exitCode, tried.stdout]).toEqual([0, expect.stringContaining(`${made.name} can be brought back`)]);
  const refused = await world.run('restore', '.');
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('The folder is not empty')]);
  expect((await world.run('restore')).exitCode).toBe(2);
  expect((await world.run('--json', 'restore', 'again')).json()).toMatchObject({ backup: made.name });
  const all = await summary();
  expect((await world.run('--json', '--project', 'again', 'costs', 'summary')).json()).toEqual(all);
  const whole = await world.run('restore', '--here');
  expect([whole.exitCode, whole.stderr]).toEqual([1, expect.stringContaining('is not damaged')]);
  const here = await world.run('restore', '--here', '--force');
  expect([here.exitCode, here.stdout]).toEqual([0, expect.stringContaining('is kept as state.db.damaged-')]);
  expect(await summary()).toEqual(all);
});
