import { afterEach, describe, expect, it } from 'vitest';
import { resultOf } from '../../src/core/engine/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { NO_USAGE } from '../../src/shared/model/agent.ts';
import { type HarnessOptions, inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';
import type { ScriptedAgent } from '../support/scripted-agents.ts';

type Harness = ReturnType<typeof openHarness>;
let harness: Harness;
afterEach(() => harness?.close());

const open = (agents: HarnessOptions['agents'], tools: HarnessOptions['tools'] = []): Harness => {
  harness = openHarness({ agents: agents ?? {}, tools });
  return harness;
};
const remember = (list: unknown[], one: unknown): null => {
  list.push(one);
  return null;
};
const BY_PROJECT = { agent: 'primary', agentFrom: 'project' } as const;
const eventsOf = (runId: string): readonly string[] =>
  harness.store.journal.readRun(runId).map(({ event }) => event.type);

describe('an agent step', () => {
  it('gives its output, what it said and what it cost', async () => {
    open({
      agents: {
        primary: async ({ agent, inputs }) => {
          agent?.note({ kind: 'text', text: 'Hello ' });
          agent?.note({ kind: 'text', text: 'you' });
          const usage = { ...NO_USAGE, inputTokens: 10, outputTokens: 4 };
          await agent?.spent({ model: 'm', usage, reportedCost: null, durationMs: 5, error: null });
          await agent?.spent({ model: 'free-range', usage, reportedCost: null, durationMs: 5, error: null });
          return { said: inputs.task ?? null };
        },
      },
    });
    const state = await harness.run(
      workflowText([['action: agent.run', 'inputs: {task: "{{ 1 + 1 }} things"}', 'output_variable: a']]),
      {},
      BY_PROJECT,
    );
    expect(state.status).toBe('completed');
    expect(state.variables.get('a')).toEqual({ said: '2 things' });
    const result = resultOf(state, harness.versions.get('hash-0')?.workflow ?? never());
    expect(result.cost).toBe(0.01);
    expect(result.step_results[0]?.metadata).toMatchObject({
      agent_used: 'primary',
      agents_tried: ['primary'],
      model: 'free-range',
      cost: '0.01',
      unpriced_calls: 1,
      usage: { input_tokens: 20, output_tokens: 8, total_tokens: 28 },
    });
    expect(harness.store.runs.find(state.runId)?.cost).toEqual({ usd: '0.01', calls: 2, unpricedCalls: 1 });
    const { entries } = harness.store.conversations.read(state.runId, { from: 1, limit: 10 });
    expect(entries.map(({ entry, agent, item }) => [entry, agent, item])).toEqual([
      [1, 'primary', { kind: 'text', text: 'Hello you' }],
      [2, 'primary', expect.objectContaining({ kind: 'call_end', model: 'm', cost: '0.01' })],
      [3, 'primary', expect.objectContaining({ kind: 'call_end', model: 'free-range', cost: null })],
    ]);
    expect(harness.agents.counted).toEqual(['success primary']);
  });

  it('that got no further asks, and begins anew when somebody says so', async () => {
    let asked = 0;
    open({
      agents: {
        primary: () => {
          asked += 1;
          if (asked === 1) throw new AppError('agent.no_progress', 'Nothing new came of 8 turns.');
          return `asked ${asked} times`;
        },
      },
    });
    const { runId } = await harness.run(workflowText([['action: agent.run', 'output_variable: a']]), {}, BY_PROJECT);
    expect(harness.store.runs.list({ needsPerson: true, limit: 5 }).runs).toMatchObject([
      { runId, status: 'paused', error: { code: 'agent.no_progress' } },
    ]);
    // It is the agent's matter, not its health.
    expect(harness.agents.counted).toEqual([]);
    await harness.engine.resume(runId, TESTER);
    await harness.engine.settled(runId);
    expect(harness.engine.stateOf(runId).state.variables.get('a')).toBe('asked 2 times');
  });

  it('takes no count of tokens that is none', async () => {
    open({
      agents: {
        primary: async ({ agent }) => {
          const usage = { ...NO_USAGE, inputTokens: -5, outputTokens: 1e300 };
          await agent?.spent({ model: 'm', usage, reportedCost: null, durationMs: 5, error: null });
          return null;
        },
      },
    });
    const state = await harness.run(workflowText([['action: agent.run']]), {}, BY_PROJECT);
    expect(state.steps.get('step_1')?.spending?.usage).toEqual({ ...NO_USAGE, isEstimated: true });
    expect(harness.store.costs.summary({}).total_output_tokens).toBe(0);
  });

  it('renders its templates in two phases and lays the hints of its agent over its inputs', async () => {
    const seen: unknown[] = [];
    open({ agents: { primary: ({ inputs }) => remember(seen, inputs) } });
    await harness.run(
      workflowText([
        [
          'action: agent.generate',
          'agent_hints: {primary: {tone: dry}, other: {tone: loud}}',
          'inputs:',
          '  tone: warm',
          '  data: {name: Ann, total: "{{ 2 * 3 }}"}',
          '  context: {name: Bob, place: here}',
          '  template: "{{ name }} has {{ total }} {{ place }}, {{ tone }}"',
        ],
      ]),
      {},
      BY_PROJECT,
    );
    expect(seen).toEqual([
      {
        tone: 'dry',
        data: { name: 'Ann', total: 6 },
        context: { name: 'Bob', place: 'here' },
        template: 'Ann has 6 here, dry',
      },
    ]);
  });

  it('asks for what later steps use, with the types of their uses', async () => {
    const wanted: unknown[] = [];
    open({ agents: { primary: ({ agent }) => remember(wanted, agent?.wanted) } });
    await harness.run(
      workflowText([
        ['action: agent.run', 'output_variable: review'],
        ['action: workflow.noop', 'condition: review.verdict == "good"'],
        ['action: workflow.set_outputs', 'inputs: {all: "{{ review.issues | length }}", no: "{{ run.id }}"}'],
      ]),
      {},
      BY_PROJECT,
    );
    const properties = { verdict: { type: 'string', examples: ['good'] }, issues: { type: 'array', items: {} } };
    expect(wanted).toEqual([
      { kind: 'object', schema: { type: 'object', properties, required: ['verdict', 'issues'] } },
    ]);
  });

  it('needs an agent that somebody named', async () => {
    open({});
    const state = await harness.run(workflowText([['action: agent.run']]));
    expect(state.error?.message).toBe("Step 'step_1' failed: No agent adapter configured");
  });

  it('is done by whom the start names, else its own agent, else the one of the run', async () => {
    const who: string[] = [];
    const note = (name: string) => () => remember(who, name);
    open({ agents: { primary: note('primary'), own: note('own'), cli: note('cli') } });
    const text = workflowText([['action: agent.run'], ['action: agent.run', 'agent: own']]);
    await harness.run(text, {}, BY_PROJECT);
    await harness.run(text, {}, { agent: 'cli', agentFrom: 'start' });
    expect(who).toEqual(['primary', 'own', 'cli', 'cli']);
  });
});

const never = (): never => {
  throw new Error('not there');
};

describe('tool calls of an agent', () => {
  const REQUIRES = ['requirements:', '  tools: [files]'];
  const files = (effect: 'effect' | 'idempotent', calls: string[] = []) =>
    inProcessTool(
      'files',
      {
        read: ({ inputs }) => {
          calls.push(String(inputs.name));
          return `text of ${inputs.name}`;
        },
        fail: () => {
          throw new AppError('tool.failed', 'No such file.');
        },
      },
      { effect, repeatable: effect === 'idempotent' },
    );

  it('are steps of their own under the agent step and count for nothing else', async () => {
    open(
      {
        agents: {
          primary: async ({ agent }) => {
            const first = await agent?.callTool('files.read', { name: 'a' });
            await agent?.callTool('files.fail', {}).catch(() => null);
            return first?.output ?? null;
          },
        },
      },
      [files('idempotent')],
    );
    const state = await harness.run(
      workflowText([['action: agent.run', 'output_variable: a']], REQUIRES),
      {},
      BY_PROJECT,
    );
    expect(state.variables.get('a')).toBe('text of a');
    expect([state.succeeded, state.failed, state.outcome]).toEqual([1, 0, 'success']);
    expect([...state.steps.values()].map((one) => [one.path, one.name, one.status])).toEqual([
      ['step_1', 'Step 1', 'completed'],
      ['step_1.call[0]', 'files.read', 'completed'],
      ['step_1.call[1]', 'files.fail', 'failed'],
    ]);
    expect(eventsOf(state.runId)).toEqual([
      'run.created',
      'run.started',
      'step.started',
      'step.started',
      'step.completed',
      'step.started',
      'step.failed',
      'step.completed',
      'run.completed',
    ]);
  });

  it('are refused outside what the workflow requires and the step grants', async () => {
    const calls: string[] = [];
    const denied: unknown[] = [];
    open(
      {
        agents: {
          primary: async ({ agent, stepId }) => {
            const tool = stepId === 'step_1' ? 'secret.read' : 'files.read';
            await agent?.callTool(tool, { name: 'x' }).catch((error: AppError) => denied.push(error.code));
            return null;
          },
        },
      },
      [files('idempotent', calls), inProcessTool('secret', { read: () => calls.push('secret') })],
    );
    const state = await harness.run(
      workflowText([['action: agent.run'], ['action: agent.run', 'inputs: {tools: [other]}']], REQUIRES),
      {},
      BY_PROJECT,
    );
    expect(state.status).toBe('completed');
    expect([denied, calls]).toEqual([['tool.denied', 'tool.denied'], []]);
  });

  it('with an effect are never repeated by a retry or another agent', async () => {
    const calls: string[] = [];
    open(
      {
        failover: { fallbackAgents: ['spare'] },
        agents: {
          primary: async ({ agent }) => {
            await agent?.callTool('files.read', { name: 'sent' });
            throw new AppError('agent.overloaded', 'Busy.');
          },
          spare: () => 'spare',
        },
      },
      [files('effect', calls)],
    );
    const state = await harness.run(workflowText([['action: agent.run']], REQUIRES), {}, BY_PROJECT);
    expect([state.status, calls, harness.agents.counted]).toEqual(['failed', ['sent'], ['failure primary']]);
  });
});

describe('an engine that dies', () => {
  const REQUIRES = ['requirements:', '  tools: [files]'];
  const TEXT = workflowText([['action: agent.run', 'output_variable: a']], REQUIRES);

  /** Dies while the agent is at `point`, then another engine over the same store takes the run over. */
  async function dieAt(point: 'thinking' | 'calling', effect: 'effect' | 'idempotent') {
    let attempts = 0;
    const gate = Promise.withResolvers<void>();
    const tool = inProcessTool(
      'files',
      {
        send: () => {
          if (attempts > 1) return 'sent';
          gate.resolve();
          return new Promise(() => undefined);
        },
      },
      { effect, repeatable: effect === 'idempotent' },
    );
    const primary: ScriptedAgent = async ({ agent }) => {
      attempts += 1;
      if (point === 'thinking' && attempts === 1) {
        gate.resolve();
        await new Promise(() => undefined);
      }
      return (await agent?.callTool('files.send', {}))?.output ?? null;
    };
    const options = { agents: { agents: { primary } }, tools: [tool] };
    const dead = openHarness(options);
    const version = dead.versionOf(TEXT);
    const request = { version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER, ...BY_PROJECT } as const;
    const { runId } = await dead.engine.start(request);
    await gate.promise;
    dead.store.close();
    harness = openHarness({ ...options, dir: dead.dir });
    for (const [hash, one] of dead.versions) harness.versions.set(hash, one);
    await harness.engine.recoverAll();
    await harness.engine.settled(runId);
    return { runId, attempts: () => attempts, state: () => harness.engine.stateOf(runId).state };
  }

  it.each(['effect', 'idempotent'] as const)(
    'before any tool call: the step is done again (%s tool)',
    async (effect) => {
      const { state, attempts } = await dieAt('thinking', effect);
      expect([state().status, state().variables.get('a'), attempts()]).toEqual(['completed', 'sent', 2]);
    },
  );

  it('in a tool call without effect: the step is done again', async () => {
    const { state, attempts } = await dieAt('calling', 'idempotent');
    expect([state().status, state().variables.get('a'), attempts()]).toEqual(['completed', 'sent', 2]);
    expect([...state().steps.values()].map((one) => [one.path, one.status])).toEqual([
      ['step_1', 'completed'],
      ['step_1.call[0]', 'cancelled'],
      ['step_1.call[1]', 'completed'],
    ]);
  });

  it('in a tool call with an effect: a person decides about the step, never about the call', async () => {
    const { runId, state, attempts } = await dieAt('calling', 'effect');
    expect([state().status, attempts()]).toEqual(['in_doubt', 1]);
    expect([...state().steps.values()].map((one) => one.status)).toEqual(['in_doubt', 'in_doubt']);
    const word = { as: 'rerun', output: null } as const;
    await expect(harness.engine.resolve(runId, { ...word, path: 'step_1.call[0]' }, TESTER)).rejects.toMatchObject({
      code: 'run.illegal_state',
    });
    await harness.engine.resolve(runId, { ...word, path: 'step_1' }, TESTER);
    await harness.engine.settled(runId);
    expect([state().status, attempts()]).toEqual(['completed', 2]);
  });
});
