import { expect, it } from 'vitest';
import type { RunView } from '../../../shared/contract/index.ts';
import { NO_USAGE } from '../../../shared/model/agent.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { agentsAtWork, handOversOf, hasAgentPart, hasDemoAnswers, isAgentAction, spentBy } from './run-agents.ts';

const done = (agentUsed: string): StepState =>
  ({
    agent: { agentUsed, agentsTried: [agentUsed], model: null, usage: NO_USAGE, cost: '0', calls: 1, unpricedCalls: 0 },
  }) as unknown as StepState;
const tool = { agent: null } as unknown as StepState;
const viewOf = (agent: string | null, action: string, steps: readonly StepState[]): RunView =>
  ({
    run: { agent },
    plan: [{ action: null, groups: [{ name: 'body', steps: [{ action, groups: [] }] }] }],
    steps,
    folded: { agents: [], tokens: 0 },
  }) as unknown as RunView;

it('names the agents that worked, else the one that is to, and none where no agent takes part', () => {
  expect(agentsAtWork(viewOf('primary', 'agent.run', [done('a'), tool, done('b'), done('a')]))).toEqual(['a', 'b']);
  expect(agentsAtWork(viewOf('primary', 'agent.run', [tool]))).toEqual(['primary']);
  expect(agentsAtWork(viewOf('primary', 'git.log', [tool]))).toEqual([]);
  expect(hasAgentPart(viewOf(null, 'agent.analyze', []))).toBe(true);
  expect(hasAgentPart(viewOf('primary', 'agents.list', [tool]))).toBe(false);
  expect([isAgentAction('agent.run'), isAgentAction('agentic.run'), isAgentAction(null)]).toEqual([true, false, false]);
});

it('knows where the demo agent answered', () => {
  const folded = { agents: [], tokens: 0 };
  expect(hasDemoAnswers({ steps: [tool, done('demo')], folded })).toBe(true);
  expect(hasDemoAnswers({ steps: [tool, done('demo-two')], folded })).toBe(false);
  expect(hasDemoAnswers({ steps: [], folded: { agents: ['demo'], tokens: 1 } })).toBe(true);
});

it('tells from the attempts how a step changed hands', () => {
  const attempt = (agent: string | null, message: string | null) => ({
    attempt: 1,
    startedAt: 0,
    completedAt: 1,
    status: 'failed' as const,
    agent,
    error:
      message === null ? null : { code: 'agent.failed' as const, kind: 'external' as const, message, retryable: false },
  });
  expect(handOversOf({ attempts: [attempt('a', 'busy'), attempt('a', 'gone'), attempt('b', null)] })).toEqual([
    { from: 'a', to: 'b', message: 'gone' },
  ]);
  expect(handOversOf({ attempts: [attempt(null, 'x'), attempt(null, null)] })).toEqual([]);
});

it('adds up what the run or one of its steps has spent, and says so only of calls that have ended', () => {
  const step = (path: string, calls: number, unpricedCalls = 0): StepState => {
    const usage = { ...NO_USAGE, inputTokens: calls * 10, outputTokens: calls };
    const agent = { agentUsed: 'a', agentsTried: ['a'], model: null, usage, cost: String(calls - unpricedCalls) };
    return { path, agent: { ...agent, calls, unpricedCalls } } as unknown as StepState;
  };
  const run = { cost: { usd: '3', calls: 4, unpricedCalls: 1 } } as unknown as RunView['run'];
  const folded = { agents: ['a'], tokens: 100 };
  const view = {
    run,
    folded,
    steps: [step('one', 3, 1), step('two', 1), step('asking', 0), { ...tool, path: 'tool' }],
  };
  expect(spentBy(view, null)).toEqual({ tokens: 144, cost: { usd: '3', calls: 4, unpricedCalls: 1 } });
  expect(spentBy(view, 'one')).toEqual({ tokens: 33, cost: { usd: '2', calls: 3, unpricedCalls: 1 } });
  expect(spentBy(view, 'asking').cost.calls).toBe(0);
  expect(spentBy(view, 'tool')).toEqual({ tokens: 0, cost: { usd: '0', calls: 0, unpricedCalls: 0 } });
});
