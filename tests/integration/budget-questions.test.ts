import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/time/index.ts';
import type { BudgetQuestion } from '../../src/shared/model/cost-limit.ts';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { VirtualMachine } from '../support/virtual-machine.ts';

/** What runs ask that a limit with the action `pause` has parked (SPEC §11), and the three answers. */
let model: ModelServer;
let project: LocalProject;
beforeAll(async () => {
  model = await startModelServer();
  // $0.0075 a call.
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 1000, outputTokens: 500, cachedTokens: 0 } }));
});
afterAll(() => model.close());
beforeEach(() => {
  project = openProject();
});
afterEach(() => project.close());

function openProject(clock?: Clock): LocalProject {
  const opened = new LocalProject(
    [`agent: {primary: openai, configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}}}`],
    { isHost: true, ...(clock === undefined ? {} : { clock }) },
  );
  opened.addWorkflow('ask', [['action: agent.run', 'inputs: {prompt: "Say that it is done.", max_tokens: 500}']]);
  return opened;
}

const limit = (max_cost: string, period: string | null = null) =>
  project.call('costs.setLimit', {
    ...{ name: 'office', max_cost, period, timezone: 'Europe/Berlin', scope: 'global', scope_id: null },
    ...{ alert_threshold: null, action_on_limit: 'pause', allow_unpriced: false },
  });
const questions = async (): Promise<readonly BudgetQuestion[]> => (await project.call('costs.questions', {})).questions;
const questionOf = async (runId: string): Promise<BudgetQuestion> => {
  const found = (await questions()).find((one) => one.runId === runId);
  if (found === undefined) throw new Error(`${runId} asks nothing`);
  return found;
};
const statusOf = async (runId: string) => (await project.call('runs.get', { runId })).run.status;

it('are asked in the inbox over restarts; more for one run leaves the others, more for good lets all go on', async () => {
  await limit('0.01');
  expect(await statusOf(await project.run('ask'))).toBe('completed');
  const parked = [await project.run('ask'), await project.run('ask'), await project.run('ask')] as const;
  expect(await Promise.all(parked.map(statusOf))).toEqual(['paused', 'paused', 'paused']);
  expect((await project.call('runs.counts', {})).needsPerson).toBe(3);

  await project.reopen();
  const asked = await questions();
  expect(asked.map(({ runId }) => runId)).toEqual(parked);
  const [first] = asked;
  expect(first).toMatchObject({ workflowName: 'ask', stepName: 'step_1', others: 2, limit: { name: 'office' } });
  // 500 tokens of an answer are $0.005, its question a little more, and $0.0025 are left.
  expect(Number(first?.asked)).toBeGreaterThan(0.005);
  expect(Number(first?.needs)).toBeCloseTo(Number(first?.asked) - 0.0025, 9);
  expect((await project.call('costs.limits', {})).limits).toMatchObject([{ name: 'office', waiting_runs: 3 }]);

  const answer = {
    runId: parked[0],
    limit: 'office',
    hash: (await questionOf(parked[0])).hash,
    by: '0.02',
    once: true,
  };
  await expect(project.call('costs.raise', { ...answer, by: '0.0001' })).rejects.toMatchObject({
    code: 'contract.invalid_input',
    details: { problems: [{ name: 'by' }] },
  });
  await expect(project.call('costs.raise', { ...answer, hash: 'another' })).rejects.toMatchObject({
    code: 'cost.question_changed',
  });
  await project.call('costs.raise', answer);
  await project.settled();
  expect(await Promise.all(parked.map(statusOf))).toEqual(['completed', 'paused', 'paused']);
  await expect(project.call('costs.raise', answer)).rejects.toMatchObject({ code: 'cost.not_asked' });

  const second = await questionOf(parked[1]);
  expect(second).toMatchObject({ others: 1, limit: { max_cost: '0.01', spent: '0.015' } });
  expect(
    await project.call('costs.raise', { runId: parked[1], limit: 'office', hash: second.hash, by: '1', once: false }),
  ).toMatchObject({
    max_cost: '1.01',
  });
  await project.settled();
  expect(await Promise.all(parked.map(statusOf))).toEqual(['completed', 'completed', 'completed']);
  expect(await questions()).toEqual([]);

  const { events } = await project.call('audit.query', { eventType: 'config.changed', limit: 10 });
  const raised = events.filter(
    ({ action, success, details }) => action === 'costs.raise' && success && details.phase === 'outcome',
  );
  expect(raised.map(({ details }) => details.after)).toMatchObject([{ max_cost: '1.01' }, { max_cost: '0.01' }]);
  const { text } = await project.call('audit.evidence', { runId: parked[0] ?? '' });
  const said = text.split('\n').filter((line) => line.startsWith('{"part":"raise"'));
  expect(said.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { limit: 'office', usd: '0.02', once: true, raised: { by: 'tester', event: raised[1]?.seq } },
  ]);
});

it('end with a run that is stopped, and are of nothing when the limit is taken away', async () => {
  await limit('0.001');
  const [stopped, freed] = [await project.run('ask'), await project.run('ask')];
  await project.call('runs.cancel', { runId: stopped });
  await project.settled();
  expect([await statusOf(stopped), (await questions()).map(({ runId }) => runId)]).toEqual(['cancelled', [freed]]);
  await project.call('costs.removeLimit', { name: 'office' });
  await project.settled();
  expect([await statusOf(freed), await questions()]).toEqual(['completed', []]);
});

describe('when there is room again by itself', () => {
  let machine: VirtualMachine;
  beforeEach(async () => {
    await project.close();
    // A minute before December begins in Berlin.
    machine = new VirtualMachine('2026-11-30T22:59:00Z');
    project = openProject(machine.ports);
  });
  /** One call is paid for, and there is no room for the next. */
  const park = async (): Promise<string> => {
    expect(await statusOf(await project.run('ask'))).toBe('completed');
    const parked = await project.run('ask');
    expect(await statusOf(parked)).toBe('paused');
    return parked;
  };
  const pass = async (ms: number): Promise<void> => {
    await machine.run(ms);
    await project.settled();
  };

  it('a run goes on with the month that begins, and its question says when', async () => {
    await limit('0.01', 'month');
    const parked = await park();
    expect((await questionOf(parked)).goesOnAt).toBe(Date.parse('2026-11-30T23:00:00Z'));
    await pass(58_000);
    expect(await statusOf(parked)).toBe('paused');
    await pass(5000);
    expect([await statusOf(parked), await questions()]).toEqual(['completed', []]);
  });

  it('a run goes on when the app is opened after that', async () => {
    await limit('0.01', 'month');
    const parked = await park();
    await project.leave();
    machine.sleep(120_000);
    await project.center();
    await pass(0);
    expect(await statusOf(parked)).toBe('completed');
  });

  it('a run goes on when enough has slid out of the window', async () => {
    await limit('0.01', '2m');
    const parked = await park();
    const at = (await questionOf(parked)).goesOnAt ?? 0;
    expect(at - machine.now).toBeGreaterThan(115_000);
    await pass(at - machine.now - 1);
    expect(await statusOf(parked)).toBe('paused');
    await pass(1);
    expect(await statusOf(parked)).toBe('completed');
  });

  it('only an answer helps a call that costs more than the whole limit, and where nothing ever begins anew', async () => {
    await limit('0.001', 'month');
    const [dear, second] = [await project.run('ask'), await project.run('ask')];
    expect([(await questionOf(dear)).goesOnAt, (await questionOf(second)).goesOnAt]).toEqual([null, null]);
    await limit('0.002');
    await project.settled();
    expect((await questionOf(dear)).goesOnAt).toBeNull();
  });
});
