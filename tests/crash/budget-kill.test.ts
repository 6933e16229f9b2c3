import { chmodSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { toE10 } from '../../src/shared/decimal.ts';
import type { CostRecord } from '../../src/shared/model/cost.ts';
import type { CostLimitStatus } from '../../src/shared/model/cost-limit.ts';
import { AgentProject } from '../support/agent-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { waitUntil } from '../support/wait-until.ts';

/** 32 branches against a hard limit of $0.50, whose host is killed on the way and while the run is parked (SPEC §11). */
const STAND_IN = fileURLToPath(new URL('../support/claude-stand-in.mjs', import.meta.url));
/** $0.04: 10 tokens in, 5 out. */
const USAGE = { inputTokens: 10, outputTokens: 5, cachedTokens: 0 };
const CALL = 0.04;

let model: ModelServer;
let project: AgentProject;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  model = await startModelServer();
  project = new AgentProject([
    'agent:',
    '  primary: openai',
    '  configs:',
    `    openai: {api_base_url: "${model.openAiUrl}", model: dear}`,
    `    claude-code: {api_base_url: "${model.url}"}`,
  ]);
  project.write(
    '.aiworkflow/prices.yaml',
    [
      'prices:',
      '  - {model: dear, input: "1", output: "8000", valid_from: 2020-01-01, source: contract}',
      '  - {model: claude-sonnet-4, input: "1000", output: "6000", valid_from: 2020-01-01, source: contract}',
    ].join('\n'),
  );
  const program = project.write('bin/claude', `#!/bin/sh\nexec '${process.execPath}' '${STAND_IN}' 1000 6000 "$@"\n`);
  chmodSync(program, 0o755);
  const path = [dirname(program), process.env.PATH ?? ''].join(delimiter);
  env = { PATH: path, OPENAI_API_KEY: 'sk-test-openai-key', ANTHROPIC_API_KEY: 'sk-test-anthropic-key' };
});
afterEach(async () => {
  await project.remove();
  await model.close();
});

function addBranches(agent: 'openai' | 'claude-code'): void {
  project.addWorkflow(
    'many',
    [
      [
        'for_each: "{{ range(32) | list }}"',
        'concurrency: 32',
        'steps:',
        `  - {id: ask, action: agent.run, agent: ${agent}, inputs: {prompt: "Say that it is done.", max_tokens: 5}}`,
      ],
    ],
    ['execution: {max_concurrent_steps: 32}'],
  );
}

const setLimit = (client: HolderClient): Promise<unknown> =>
  client.call('costs.setLimit', {
    ...{ name: 'hard', max_cost: '0.5', period: null, timezone: 'UTC', scope: 'global', scope_id: null },
    ...{ alert_threshold: 80, action_on_limit: 'pause', allow_unpriced: false },
  });
const hardOf = async (client: HolderClient): Promise<CostLimitStatus> => {
  const [hard] = (await client.call('costs.limits', {})).limits;
  if (hard === undefined) throw new Error('the limit is gone');
  return hard;
};
const statusOf = async (client: HolderClient, runId: string) => (await client.call('runs.get', { runId })).run.status;
const warningsOf = async (client: HolderClient, runId: string): Promise<readonly string[]> =>
  (await client.call('runs.log', { runId, limit: 5000 })).lines
    .filter(({ text }) => text.startsWith("Cost limit 'hard' at"))
    .map(({ text }) => text);
const recordsOf = async (client: HolderClient, run: string): Promise<readonly CostRecord[]> =>
  (await client.call('costs.records', { run, limit: 1000 })).records;
const sumOf = (records: readonly CostRecord[]): number =>
  records.reduce((sum, { estimated_cost: cost }) => sum + toE10(cost ?? '0'), 0);

/** Parked, it is found parked by the next host too; with more money all of it is done. */
async function goesOnAfterARaise(before: HolderClient, runId: string): Promise<HolderClient> {
  expect(await statusOf(before, runId)).toBe('paused');
  const booked = sumOf(await recordsOf(before, runId));
  await project.kill();
  const client = await project.serve(env);
  expect([await statusOf(client, runId), sumOf(await recordsOf(client, runId))]).toEqual(['paused', booked]);
  const { questions } = await client.call('costs.questions', {});
  expect(questions).toMatchObject([{ runId, limit: { name: 'hard' } }]);
  const answer = { runId, limit: 'hard', hash: questions[0]?.hash ?? '', by: '9.5', once: false };
  await client.call('costs.raise', answer);
  await waitUntil('the run has gone on to its end', async () => (await statusOf(client, runId)) === 'completed');
  const all = sumOf(await recordsOf(client, runId));
  expect(await hardOf(client)).toMatchObject({ max_cost: '10', reserved: '0', waiting_runs: 0 });
  expect(toE10((await hardOf(client)).spent)).toBe(all);
  expect(toE10((await client.call('costs.summary', { run: runId })).total_cost ?? '')).toBe(all);
  return client;
}

it('of calls over HTTP: those that were under way are paid for, and nothing goes beyond the limit', async () => {
  addBranches('openai');
  const gate = Promise.withResolvers<void>();
  model.script(() => ({ text: 'Done.', usage: USAGE, until: gate.promise }));
  const first = await project.serve(env);
  await setLimit(first);
  const { runId } = await first.call('runs.start', { workflow: 'many' });
  // Each may cost a little over $0.04 with its prompt: twelve have room.
  await model.waitForQuestion(12);
  expect(toE10((await hardOf(first)).reserved)).toBeGreaterThan(toE10('0.48'));
  await project.kill();
  gate.resolve();

  const second = await project.serve(env);
  await project.rested(second, runId);
  const parked = await hardOf(second);
  expect(parked).toMatchObject({ reserved: '0', waiting_runs: 1 });
  expect(toE10(parked.spent)).toBeGreaterThan(toE10('0.48'));
  expect(toE10(parked.spent)).toBeLessThanOrEqual(toE10('0.5'));
  expect((await recordsOf(second, runId)).map(({ source }) => source)).toEqual(Array(12).fill('estimated'));
  expect(model.questions()).toHaveLength(12);

  const third = await goesOnAfterARaise(second, runId);
  const ended = (await recordsOf(third, runId)).filter(({ source }) => source === 'computed');
  expect(ended).toHaveLength(32);
});

it('of a command-line agent: it is warned of while it works, and at most the call of the last one goes beyond', async () => {
  addBranches('claude-code');
  const gate = Promise.withResolvers<void>();
  // Each question takes three turns; one agent at a time has all that is left. The fourth holds in its second turn.
  model.script(async (_request, n) => {
    if (n === 11) await gate.promise;
    const call = { name: 'Read', input: { file_path: `${n}.txt` } };
    return n % 3 === 0 || n > 13 ? { text: 'Done.', usage: USAGE } : { toolCalls: [call], usage: USAGE };
  });
  const first = await project.serve(env);
  await setLimit(first);
  const { runId } = await first.call('runs.start', { workflow: 'many' });
  await model.waitForQuestion(11);
  const warning = "Cost limit 'hard' at 80.0%: $0.4000 / $0.5000";
  await waitUntil('the limit is warned of', async () => (await warningsOf(first, runId)).length > 0);
  expect([await warningsOf(first, runId), await statusOf(first, runId)]).toEqual([[warning], 'running']);
  expect(toE10((await hardOf(first)).spent)).toBe(toE10('0.36'));
  await project.kill();
  gate.resolve();

  const second = await project.serve(env);
  await project.rested(second, runId);
  // What the fourth took is booked as it said itself, though its host was dead; the fifth was stopped with its first turn.
  const parked = await recordsOf(second, runId);
  expect(parked.map(({ estimated_cost: cost, source }) => [cost, source]).toReversed()).toEqual([
    ...Array(4).fill(['0.12', 'reported']),
    ['0.04', 'reported'],
  ]);
  expect(await hardOf(second)).toMatchObject({ spent: '0.52', reserved: '0', waiting_runs: 1 });
  expect(sumOf(parked) - toE10('0.5')).toBeLessThanOrEqual(toE10(String(CALL)));
  expect(await warningsOf(second, runId)).toEqual([warning, "Cost limit 'hard' at 104.0%: $0.5200 / $0.5000"]);

  const third = await goesOnAfterARaise(second, runId);
  // The one that was stopped began anew, with one turn as the others behind it.
  expect(sumOf(await recordsOf(third, runId))).toBe(toE10('1.64'));
  expect(model.questions()).toHaveLength(13 + 28);
});

it('of both at once: whichever comes first, at most one call of the command-line agent goes beyond', async () => {
  const inputs = 'inputs: {prompt: "Say that it is done.", max_tokens: 5}';
  project.addWorkflow(
    'many',
    [
      [
        ...['parallel:', '  calls:', '    - for_each: "{{ range(32) | list }}"', '      concurrency: 32'],
        ...['      steps:', `        - {id: ask, action: agent.run, agent: openai, ${inputs}}`],
        ...['  program:', `    - {id: work, action: agent.run, agent: claude-code, ${inputs}}`],
      ],
    ],
    ['execution: {max_concurrent_steps: 33}'],
  );
  let turns = 0;
  model.script(({ format }, n) => {
    if (format === 'openai' || ++turns % 3 === 0) return { text: 'Done.', usage: USAGE };
    return { toolCalls: [{ name: 'Read', input: { file_path: `${n}.txt` } }], usage: USAGE };
  });
  const first = await project.serve(env);
  await setLimit(first);
  const runId = await project.run(first, 'many');
  const { spent, reserved } = await hardOf(first);
  expect(reserved).toBe('0');
  expect(toE10(spent)).toBeGreaterThan(toE10('0.4'));
  expect(toE10(spent) - toE10('0.5')).toBeLessThanOrEqual(toE10(String(CALL)));
  expect((await warningsOf(first, runId)).length).toBeGreaterThan(0);
  const second = await goesOnAfterARaise(first, runId);
  const agents = Map.groupBy(await recordsOf(second, runId), ({ agent_name: agent }) => agent);
  expect(agents.get('openai')).toHaveLength(32);
  expect(agents.get('claude-code')?.length).toBeGreaterThan(0);
});
