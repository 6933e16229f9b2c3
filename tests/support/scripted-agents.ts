import type { AgentHost, CostHost, FailoverSettings } from '../../src/core/engine/index.ts';
import type { ToolCall } from '../../src/core/tools/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Json } from '../../src/shared/json.ts';

/** What an agent does with an attempt: gives the output, or throws. */
export type ScriptedAgent = (call: ToolCall) => Json | Promise<Json>;

export interface ScriptedAgentsOptions {
  readonly agents?: Readonly<Record<string, ScriptedAgent>>;
  readonly failover?: Partial<FailoverSettings>;
  /** Agents that cannot take a step over, with why. */
  readonly sick?: Readonly<Record<string, AppError>>;
}

/** An agent host for tests of the engine: agents are functions, everything that was counted can be read. */
export function scriptedAgents(options: ScriptedAgentsOptions = {}): AgentHost & { readonly counted: string[] } {
  const counted: string[] = [];
  return {
    counted,
    failover: {
      fallbackAgents: [],
      maxAttempts: 2,
      onStepFailure: true,
      onTimeout: true,
      retryPrimaryAfterMs: 300_000,
      ...options.failover,
    },
    tool: {
      name: 'agent',
      category: 'agent',
      operations: ['run', 'analyze', 'generate'],
      traits: () => ({ effect: 'idempotent', repeatable: true, timeoutMs: 60_000 }),
      check: () => [],
      execute: async (call) => {
        const agent = options.agents?.[call.agent?.name ?? ''];
        if (agent === undefined) throw new AppError('agent.not_found', `Agent not found: ${call.agent?.name}`);
        return { output: await agent(call) };
      },
    },
    timeoutMs: () => 60_000,
    modelOf: (name) => (name === 'primary' ? null : `${name}-model`),
    canTake: async (name) => {
      counted.push(`asked ${name}`);
      return options.sick?.[name] ?? null;
    },
    countFailure: (name) => counted.push(`failure ${name}`),
    countSuccess: (name) => counted.push(`success ${name}`),
  };
}

/** Prices for tests: what was reported, else one cent a call; the model `free-range` has no price. */
export const scriptedCosts: CostHost = {
  reserve: async () => ({ leftUsd: null, release: () => undefined }),
  lostCalls: () => [],
  alerts: () => [],
  priceSoFar: ({ reportedCost }) => reportedCost,
  price: ({ model, reportedCost }) => {
    if (reportedCost !== null) return { cost: reportedCost, source: 'reported', warning: null };
    return model === 'free-range'
      ? { cost: null, source: 'computed', warning: null }
      : { cost: '0.01', source: 'computed', warning: null };
  },
};
