import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { type HarnessOptions, openHarness, workflowText } from '../support/engine-harness.ts';
import { waitUntil } from '../support/wait-until.ts';

type Harness = ReturnType<typeof openHarness>;
let harness: Harness;
afterEach(() => harness?.close());

const open = (agents: HarnessOptions['agents'], tools: HarnessOptions['tools'] = []): Harness => {
  harness = openHarness({ agents: agents ?? {}, tools });
  return harness;
};
const BY_PROJECT = { agent: 'primary', agentFrom: 'project' } as const;
const lost = (): never => {
  throw new AppError('agent.failed', 'It went away.');
};

describe('failover', () => {
  const spare = { failover: { fallbackAgents: ['spare', 'demo'] } };
  const FLAKY = workflowText([
    ['action: agent.run', 'max_retries: 0', 'output_variable: a'],
    ['action: agent.run', 'output_variable: b'],
  ]);

  it('gives the step and the later ones to the next healthy agent, and says so everywhere', async () => {
    open({ ...spare, agents: { primary: lost, spare: ({ agent }) => `${agent?.name} ${agent?.model}` } });
    const state = await harness.run(FLAKY, {}, BY_PROJECT);
    expect(state.status).toBe('completed');
    expect([...state.variables.values()]).toEqual(['spare spare-model', 'spare spare-model']);
    expect(state.failovers).toEqual([
      {
        timestamp: expect.any(String),
        from_agent: 'primary',
        to_agent: 'spare',
        reason: 'step_execution_failed',
        step_index: 0,
        error: 'It went away.',
      },
    ]);
    expect(harness.agents.counted).toEqual(['failure primary', 'asked spare', 'success spare', 'success spare']);
    const first = state.steps.get('step_1');
    expect(first?.attempts.map((one) => [one.agent, one.status])).toEqual([
      ['primary', 'failed'],
      ['spare', 'completed'],
    ]);
    expect(first?.warnings.map((one) => one.message)).toEqual([
      "Step 'Step 1' failed with agent 'primary', attempting failover",
      "Failing over from 'primary' to 'spare'",
    ]);
    const log = harness.store.logs.read(state.runId, { from: 1, limit: 10 }).lines.map((line) => line.text);
    expect(log).toEqual([
      "Step 'Step 1' failed with agent 'primary', attempting failover",
      "Failing over from 'primary' to 'spare'",
    ]);
  });

  it('lanes that lose one agent share one failover, those that lose it later too', async () => {
    const late = Promise.withResolvers<void>();
    let done = 0;
    open({
      ...spare,
      agents: {
        primary: async ({ inputs }) => {
          if (inputs.n === 5) await late.promise;
          return lost();
        },
        spare: ({ inputs }) => {
          done += 1;
          if (done === 4) late.resolve();
          return inputs.n ?? null;
        },
      },
    });
    const lanes = workflowText([
      [
        'id: all',
        'for_each: [1, 2, 3, 4, 5]',
        'as: n',
        'concurrency: 5',
        'steps: [{id: ask, action: agent.run, max_retries: 0, inputs: {n: "{{ n }}"}}]',
        'output_variable: said',
      ],
      ['action: agent.run', 'inputs: {n: 6}', 'output_variable: last'],
    ]);
    const state = await harness.run(lanes, {}, BY_PROJECT);
    expect([state.status, state.variables.get('said'), state.variables.get('last')]).toEqual([
      'completed',
      [1, 2, 3, 4, 5],
      6,
    ]);
    expect(state.failovers.map(({ from_agent, to_agent }) => [from_agent, to_agent])).toEqual([['primary', 'spare']]);
    expect(harness.bugs).toEqual([]);
  });

  it('retries first, then fails over; the next agent has its own retries', async () => {
    let primary = 0;
    let second = 0;
    open({
      ...spare,
      agents: {
        primary: () => {
          primary += 1;
          throw new AppError('agent.overloaded', 'Busy.');
        },
        spare: () => {
          second += 1;
          if (second === 1) throw new AppError('agent.overloaded', 'Busy.');
          return 'done';
        },
      },
    });
    const running = harness.run(
      workflowText([['action: agent.run', 'retry: {max_retries: 1}', 'output_variable: a']]),
      {},
      BY_PROJECT,
    );
    for (const count of [1, 2]) {
      await waitUntil(`retry ${count}`, async () => harness.clock.waits().length > 0);
      harness.clock.advance(2_000);
    }
    const state = await running;
    expect([primary, second, state.variables.get('a')]).toEqual([2, 2, 'done']);
  });

  it('passes by agents that are sick, never goes to demo, and names everybody when nobody is left', async () => {
    open({
      failover: { fallbackAgents: ['sick', 'tired', 'demo'] },
      sick: {
        sick: new AppError('agent.unhealthy', 'No.'),
        tired: new AppError('agent.breaker_open', 'Its breaker is open.'),
      },
      agents: { primary: lost, demo: () => 'demo' },
    });
    const state = await harness.run(FLAKY, {}, BY_PROJECT);
    const everybody =
      "All agents exhausted for step 'Step 1': primary: It went away; sick: No; tired: Its breaker is open";
    expect(state.status).toBe('failed');
    const step = state.steps.get('step_1');
    expect(step?.warnings.map((one) => one.message)).toEqual([
      "Step 'Step 1' failed with agent 'primary', attempting failover",
      everybody,
    ]);
    expect(step?.error).toMatchObject({ code: 'agent.failed', message: everybody });
    expect(step?.attempts.map((one) => one.error?.message)).toEqual(['It went away.']);
    expect(state.error).toMatchObject({ code: 'step.failed', message: `Step 'step_1' failed: ${everybody}` });
  });

  it('names also those who had the step before, who are not asked again yet, and who cannot be asked any more', async () => {
    const broken = (name: string) => (): never => {
      throw new AppError('agent.failed', `${name} is broken.`);
    };
    open({
      failover: { fallbackAgents: ['second', 'third', 'fourth'] },
      agents: {
        primary: broken('The first'),
        second: ({ stepId }) => (stepId === 'step_1' ? 'done' : broken('The second')()),
        third: broken('The third'),
      },
    });
    const state = await harness.run(FLAKY, {}, BY_PROJECT);
    expect(state.steps.get('step_2')?.error?.message).toBe(
      "All agents exhausted for step 'Step 2': second: The second is broken; third: The third is broken; " +
        'fourth: not asked, a run changes hands 2 times at most; ' +
        'primary: not asked again so soon after it failed: The first is broken',
    );
  });

  it('rules of on_error still go by what the last agent failed with', async () => {
    open({ ...spare, agents: { primary: lost, spare: lost } });
    const state = await harness.run(
      workflowText([
        [
          'action: agent.run',
          'max_retries: 0',
          'output_variable: a',
          'on_error: [{error_code: agent.failed, action: continue, fallback: "by hand"}]',
        ],
        ['action: workflow.noop'],
      ]),
      {},
      BY_PROJECT,
    );
    expect([state.outcome, state.variables.get('a')]).toEqual(['partial', 'by hand']);
  });

  it.each(['agent.not_installed', 'agent.not_configured', 'agent.not_logged_in'] as const)(
    'what is not set up (%s) says nothing about health: the breaker does not count it',
    async (code) => {
      open({
        ...spare,
        agents: {
          primary: () => {
            throw new AppError(code, 'Not set up.');
          },
          spare: () => 'done',
        },
      });
      const state = await harness.run(FLAKY, {}, BY_PROJECT);
      expect(state.status).toBe('completed');
      expect(harness.agents.counted).toEqual(['asked spare', 'success spare', 'success spare']);
    },
  );

  it.each([
    ['a failure that every agent would meet', 'agent.unknown_operation', {}],
    ['a failure that is not the agent’s', 'template.type_error', {}],
    ['a timeout where timeouts do not', 'agent.timed_out', { onTimeout: false }],
    ['a failure where failures do not', 'agent.failed', { onStepFailure: false }],
    ['with no attempts left', 'agent.failed', { maxAttempts: 0 }],
  ] as const)('does not go over: %s', async (_what, code, failover) => {
    open({
      failover: { fallbackAgents: ['spare'], ...failover },
      agents: {
        primary: () => {
          throw new AppError(code, 'It failed.');
        },
        spare: () => 'spare',
      },
    });
    const state = await harness.run(FLAKY, {}, BY_PROJECT);
    expect(state.status).toBe('failed');
    expect(harness.agents.counted).not.toContain('asked spare');
  });

  it('lets the primary come back when it has rested', async () => {
    let isWell = false;
    open({
      failover: { fallbackAgents: ['spare'], retryPrimaryAfterMs: 1_000 },
      agents: {
        primary: () => (isWell ? 'primary' : lost()),
        spare: ({ stepId }) => {
          if (stepId === 'step_1') return 'spare';
          isWell = true;
          harness.clock.advance(1_000);
          return lost();
        },
      },
    });
    const state = await harness.run(
      workflowText([
        ['action: agent.run', 'max_retries: 0', 'output_variable: a'],
        ['action: agent.run', 'max_retries: 0', 'output_variable: b'],
        ['action: agent.run', 'output_variable: c'],
      ]),
      {},
      BY_PROJECT,
    );
    expect([...state.variables.values()]).toEqual(['spare', 'primary', 'primary']);
  });
});

describe("a provider's rate limit", () => {
  const ASK = workflowText([['action: agent.run', 'max_retries: 0', 'output_variable: a']]);
  /** The first call is too much; from a given time on there is room again. */
  const limited = (waitMs: number | null, said = 'done') => {
    let asked = 0;
    return () => {
      asked += 1;
      if (asked > 1) return said;
      const details = waitMs === null ? {} : { retry_after_ms: waitMs };
      throw new AppError('agent.rate_limited', 'No more calls for now.', { details });
    };
  };

  it('parks the run until it is reset, with that time, and then the step is done', async () => {
    open({ agents: { primary: limited(3_600_000) } });
    const state = await harness.run(ASK, {}, BY_PROJECT);
    const found = () => harness.store.runs.find(state.runId);
    const at = harness.clock.ports.now() + 3_600_000;
    expect(found()).toMatchObject({ status: 'waiting', waitsFor: 'time', wakeAt: at });
    expect(state.steps.get('step_1')?.error).toMatchObject({ code: 'agent.rate_limited' });
    harness.clock.advance(3_600_000);
    await waitUntil('it has gone on', () => found()?.status === 'completed');
    expect(harness.engine.stateOf(state.runId).state.variables.get('a')).toBe('done');
  });

  it('is no reason to wait where another agent takes over, or where the workflow says what to do', async () => {
    open({
      ...{ failover: { fallbackAgents: ['spare'] } },
      agents: { primary: limited(3_600_000), spare: () => 'spare' },
    });
    expect((await harness.run(ASK, {}, BY_PROJECT)).variables.get('a')).toBe('spare');
    await harness.close();
    open({ agents: { primary: limited(3_600_000) } });
    const written = workflowText([['action: agent.run', 'on_error: {fallback: later}', 'output_variable: a']]);
    expect((await harness.run(written, {}, BY_PROJECT)).variables.get('a')).toBe('later');
  });

  it('of which nobody knows the end fails the step', async () => {
    open({ agents: { primary: limited(null) } });
    expect((await harness.run(ASK, {}, BY_PROJECT)).status).toBe('failed');
  });
});
