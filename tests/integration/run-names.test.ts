import { afterEach, describe, expect, it } from 'vitest';
import { planRetry } from '../../src/core/engine/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { inProcessTool, TESTER, workflowText } from '../support/engine-harness.ts';
import { closeAll, harness, reopen } from './scripted-engine.ts';

/** What a run says about itself in templates (SPEC §2.2), and one end for attempts of this engine and of one that died (§3.7, §3.8). */

afterEach(closeAll);

const SHOW = workflowText([
  ['action: t.flaky', 'retry: false'],
  [
    'action: workflow.set_outputs',
    'inputs: {n: "{{ run.attempt }}", of: "{{ run.replay_of }}", costs: "{{ workflow_context.costs }}"}',
  ],
]);

function flaky() {
  const control = { isBroken: true };
  const tool = inProcessTool('t', {
    flaky: () => {
      if (control.isBroken) throw new AppError('tool.script_failed', 'broken');
      return 1;
    },
  });
  return { control, tool };
}

describe('run.attempt', () => {
  it('is one more with each resume, and a retry goes on counting; a replay begins anew', async () => {
    const { control, tool } = flaky();
    const one = harness({ tools: [tool] });
    const first = await one.run(SHOW);
    expect([first.status, first.attempt]).toEqual(['failed', 1]);
    await one.engine.resume(first.runId, TESTER);
    await one.engine.settled(first.runId);
    const failedAgain = one.engine.stateOf(first.runId).state;
    expect([failedAgain.status, failedAgain.attempt]).toEqual(['failed', 2]);

    control.isBroken = false;
    const version = one.versionOf(SHOW);
    const { carried } = planRetry(failedAgain, version.workflow, null);
    const retried = await one.run(
      SHOW,
      {},
      {
        linkedRunId: first.runId,
        originRunId: first.runId,
        attemptsBefore: failedAgain.attempt,
        carried,
      },
    );
    expect(retried.outputs).toMatchObject({ n: 3, of: null });
    const replayed = await one.run(SHOW, {}, { linkedRunId: first.runId });
    expect(replayed.outputs).toMatchObject({ n: 1, of: first.runId });
    // A restart of the engine is no attempt of a person.
    const next = reopen(one, { tools: [tool] });
    expect(next.engine.stateOf(retried.runId).state.attempt).toBe(3);
  });
});

describe('workflow_context.costs', () => {
  it('is what the calls of models have come to so far, by step', async () => {
    const { control, tool } = flaky();
    control.isBroken = false;
    const usage = {
      inputTokens: 100,
      outputTokens: 10,
      cachedTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      isEstimated: false,
    };
    const agents = {
      agents: {
        primary: async (call: Parameters<Parameters<typeof inProcessTool>[1][string]>[0]) => {
          for (const reportedCost of ['0.25', '0.50'])
            await call.agent?.spent({ model: 'm', usage, reportedCost, durationMs: 1, error: null });
          return 'said';
        },
      },
    };
    const one = harness({ tools: [tool], agents });
    const text = workflowText([
      ['action: agent.run', 'inputs: {task: x}'],
      ['action: workflow.set_outputs', 'inputs: {costs: "{{ workflow_context.costs }}"}'],
    ]);
    const state = await one.run(text, {}, { agent: 'primary' });
    const spent = {
      total_cost: 0.75,
      total_requests: 2,
      unpriced_requests: 0,
      total_input_tokens: 200,
      total_output_tokens: 20,
    };
    expect(state.outputs).toEqual({ costs: { ...spent, currency: 'USD', steps: { step_1: spent } } });
  });

  it('is nothing where no model was called', async () => {
    const { control, tool } = flaky();
    control.isBroken = false;
    const state = await harness({ tools: [tool] }).run(SHOW);
    expect(state.outputs.costs).toMatchObject({ total_cost: 0, total_requests: 0, steps: {} });
  });
});

describe('an agent that failed while no engine lived', () => {
  it('is counted, and the next one takes the step over', async () => {
    const hung = { agents: { primary: () => new Promise<never>(() => undefined), second: () => 'done' } };
    const failover = { fallbackAgents: ['second'] };
    const text = workflowText([['action: agent.run', 'inputs: {task: x}', 'max_retries: 0', 'output_variable: a']]);
    const dead = harness({ agents: { ...hung, failover } });
    const version = dead.versionOf(text);
    const { runId } = await dead.engine.start({
      version,
      inputs: {},
      trigger: { type: 'manual' },
      actor: TESTER,
      agent: 'primary',
    });
    const next = reopen(dead, { agents: { ...hung, failover } });
    const error = new AppError('agent.failed', 'It gave up while nobody looked.');
    Object.assign(next.agents.tool, { recover: async () => ({ kind: 'failed', error }) });
    await next.engine.recoverAll();
    await next.engine.settled(runId);
    const { state } = next.engine.stateOf(runId);
    expect([state.status, state.variables.get('a')]).toEqual(['completed', 'done']);
    expect(state.failovers).toMatchObject([{ from_agent: 'primary', to_agent: 'second' }]);
    expect(next.agents.counted).toEqual(['failure primary', 'asked second', 'success second']);
  });
});
