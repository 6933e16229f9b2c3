import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toE10 } from '../../src/shared/decimal.ts';
import type { CostRecord } from '../../src/shared/model/cost.ts';
import type { BudgetQuestion, CostLimitStatus } from '../../src/shared/model/cost-limit.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** Limits of spending end to end (SPEC §11): a model is asked over HTTP, its calls are held within what may be spent. */
let model: ModelServer;
let world: CliWorld;

const limits = async (...args: readonly string[]) => await world.run('--json', 'costs', 'limits', ...args);
const spentOf = async (name: string): Promise<CostLimitStatus | undefined> =>
  (await limits('list')).json<{ limits: CostLimitStatus[] }>().limits.find((one) => one.name === name);

beforeAll(async () => {
  model = await startModelServer();
  // $0.02001 a call: 32 of them are $0.64032.
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 0 } }));
  world = await openCliWorld();
  world.write({
    'aiworkflow.yaml': [
      'version: "1.0"',
      'agent:',
      '  primary: openai',
      '  configs:',
      `    openai: {api_base_url: "${model.openAiUrl}", model: dear}`,
    ].join('\n'),
    '.aiworkflow/prices.yaml': [
      'prices:',
      '  - {model: dear, input: "1", output: "4000", valid_from: 2020-01-01, source: contract}',
      '  - {model: claude-sonnet-4, input: "4000", output: "12000", valid_from: 2020-01-01, source: contract}',
    ].join('\n'),
    '.aiworkflow/workflows/many.md': [
      '---',
      'workflow: {id: many, name: many, version: 1.0.0}',
      'execution: {max_concurrent_steps: 32}',
      '---',
      '## Step 1: Ask often',
      '```yaml',
      'for_each: "{{ range(32) | list }}"',
      'concurrency: 32',
      'steps:',
      '  - {id: ask, action: agent.run, inputs: {prompt: "Say that it is done.", max_tokens: 5}}',
      '```',
    ].join('\n'),
  });
});
afterAll(async () => {
  world.dispose();
  await model.close();
});

it('parks a run of 32 branches at a hard limit, keeps it parked over a restart, and lets it go on after a raise', async () => {
  expect((await limits('add', 'hard', '--max', '0.5', '--action', 'pause')).exitCode).toBe(0);
  const parked = await world.run('--json', 'run', 'many');
  expect(parked.exitCode, parked.stdout + parked.stderr).toBe(3);
  const runId = parked.json<{ run_id: string }>().run_id;
  const full = await spentOf('hard');
  expect(toE10(full?.spent ?? '0')).toBeLessThanOrEqual(toE10('0.5'));
  expect(toE10(full?.spent ?? '0')).toBeGreaterThan(toE10('0.4'));
  expect(full?.reserved).toBe('0');

  // Every command is a process of its own: the next one opens the project anew.
  const shown = (await world.run('--json', 'runs', 'show', runId)).json<{ status: string; error: { code: string } }>();
  expect([shown.status, shown.error.code]).toEqual(['paused', 'cost.paused']);

  const { questions } = (await world.run('--json', 'costs', 'questions')).json<{ questions: BudgetQuestion[] }>();
  expect(questions).toMatchObject([{ runId, workflowName: 'many', limit: { name: 'hard' } }]);
  const raised = await world.run('--json', 'costs', 'raise', runId, '--by', '4.5');
  expect(raised.exitCode, raised.stdout + raised.stderr).toBe(0);
  expect(raised.json()).toMatchObject({ limit: { max_cost: '5' }, run: { status: 'completed' } });
  expect((await limits('edit', 'hard', '--max', '6.00')).json()).toMatchObject({ max_cost: '6', waiting_runs: 0 });
  const spent = (await spentOf('hard'))?.spent ?? '0';
  expect(toE10(spent)).toBeGreaterThanOrEqual(toE10('0.64032'));
});

/** Speaks the stream of Claude Code: three turns of $0.10, and stops with the turn that reaches its budget. */
const CLAUDE = `#!/bin/sh
case "$*" in
  *--version*) echo "2.1.0 (Claude Code)"; exit 0;;
  *"auth status"*) echo '{"loggedIn": true}'; exit 0;;
esac
budget=99999
while [ $# -gt 0 ]; do
  [ "$1" = --max-budget-usd ] && budget=$(awk "BEGIN { printf \\"%d\\", $2 * 100 + 0.5 }")
  shift
done
cat >/dev/null
turn=0
end=success
while [ $turn -lt 3 ]; do
  turn=$((turn + 1))
  echo '{"type":"assistant","message":{"id":"m'$turn'","model":"claude-sonnet-4","content":[{"type":"text","text":"Turn '$turn'"}],"usage":{"input_tokens":10,"output_tokens":5}},"parent_tool_use_id":null}'
  [ $turn -lt 3 ] && echo '{"type":"stream_event","event":{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":5}},"parent_tool_use_id":null}'
  [ $turn -lt 3 ] && echo '{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t'$turn'","content":"found '$turn'"}]},"parent_tool_use_id":null}'
  [ $turn -lt 3 ] && [ $((turn * 10)) -ge $budget ] && end=error_max_budget_usd && break
done
failed=false
[ $end = success ] || failed=true
echo '{"type":"result","subtype":"'$end'","is_error":'$failed',"result":"Done.","total_cost_usd":0.'$turn',"modelUsage":{"claude-sonnet-4":{"inputTokens":'$((turn * 10))',"outputTokens":'$((turn * 5))',"cacheReadInputTokens":0,"cacheCreationInputTokens":0,"costUSD":0.'$turn'}}}'
`;

it('holds a command-line agent in eight branches to a hard limit: at most its last call goes beyond, and all goes on after a raise', async () => {
  world.write({
    'bin/claude': CLAUDE,
    '.aiworkflow/workflows/program.md': [
      '---',
      'workflow: {id: program, name: program, version: 1.0.0}',
      'execution: {max_concurrent_steps: 8}',
      '---',
      '## Step 1: Ask often',
      '```yaml',
      'for_each: "{{ range(8) | list }}"',
      'concurrency: 8',
      'steps:',
      '  - {id: ask, action: agent.run, agent: claude-code, inputs: {prompt: "Say that it is done."}}',
      '```',
    ].join('\n'),
  });
  const env = { PATH: `${join(world.project, 'bin')}${delimiter}${process.env.PATH}` };
  const cli = (...args: readonly string[]) => world.runWith({ env }, '--json', ...args);
  await limits('remove', 'hard');
  const added = await limits(
    ...['add', 'program', '--scope', 'workflow', '--of', 'program'],
    ...['--max', '0.45', '--action', 'pause'],
  );
  expect(added.exitCode, added.stdout + added.stderr).toBe(0);
  const parked = await cli('run', 'program');
  expect(parked.exitCode, parked.stdout + parked.stderr).toBe(3);
  const runId = parked.json<{ run_id: string }>().run_id;
  // One was through at $0.30; the next was handed the $0.15 that were left and stopped with the call that reached them.
  expect(await spentOf('program')).toMatchObject({ spent: '0.5', reserved: '0', waiting_runs: 1 });
  const { records } = (await cli('costs', 'records', '--run', runId)).json<{ records: CostRecord[] }>();
  expect(records.map((one) => [one.estimated_cost, one.source, one.token_usage.total_tokens])).toEqual([
    ['0.2', 'reported', 30],
    ['0.3', 'reported', 45],
  ]);
  const log = (await world.run('runs', 'log', runId)).stdout;
  expect(log).toContain("Cost limit 'program' at 111.1%: $0.5000 / $0.4500");
  // Of $0.30 and $0.50, which were booked, none is that: it was said while the second was at work, after its first turn.
  expect(log).toContain("Cost limit 'program' at 88.9%: $0.4000 / $0.4500");
  const raised = await cli('costs', 'raise', runId, '--by', '20');
  expect(raised.json(), raised.stdout + raised.stderr).toMatchObject({ run: { status: 'completed' } });
  // The one that was stopped began anew.
  expect(await spentOf('program')).toMatchObject({ spent: '2.6', waiting_runs: 0 });
});

it('holds what stands in the settings, until it stands there no more; nobody changes that in the app', async () => {
  const written = (...lines: readonly string[]): void => world.write({ 'aiworkflow.local.yaml': lines.join('\n') });
  world.write({
    '.aiworkflow/workflows/short.md': [
      '---',
      'workflow: {id: short, name: short, version: 1.0.0}',
      '---',
      '## Step 1: Ask',
      '```yaml',
      'action: agent.run',
      'inputs: {prompt: "Say that it is done.", max_tokens: 5}',
      '```',
    ].join('\n'),
  });
  // One of the same name in the app says less.
  expect((await limits('add', 'house', '--max', '100')).exitCode).toBe(0);
  written(
    'costs:',
    '  limits:',
    '    - {name: house, max_cost: 0.010, scope: workflow, scope_id: short, action_on_limit: block}',
  );
  const refused = await world.run('--json', 'run', 'short');
  expect(refused.json(), refused.stdout + refused.stderr).toMatchObject({
    details: { code: 'cost.blocked' },
    suggestion: "Raise it under 'costs.limits' in aiworkflow.yaml. Then retry the step.",
  });
  expect(await spentOf('house')).toMatchObject({ max_cost: '0.01', spent: '0', is_written: true, period: null });
  for (const act of [
    ['edit', 'house', '--max', '5'],
    ['remove', 'house'],
  ]) {
    const result = await limits(...act);
    expect(result.exitCode).not.toBe(0);
    expect(result.stdout + result.stderr).toContain('cost.limit_written');
  }
  written('logging: {level: info}');
  expect((await world.run('--json', 'run', 'short')).exitCode).toBe(0);
  expect(await spentOf('house')).toMatchObject({ max_cost: '100', is_written: false });
  written('costs: {limits: [{name: house, max_cost: none}, {name: b, max_cost: 1, scope: agent, ceiling: 3}]}');
  const wrong = await world.run('doctor');
  for (const said of [
    "'none' is no amount above 0.",
    'Which agent the limit is for is missing.',
    "Unknown key 'ceiling'",
  ])
    expect(wrong.stdout + wrong.stderr).toContain(said);
});
