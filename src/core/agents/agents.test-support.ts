import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { AgentCapabilities, ConversationItem, FunctionTool } from '../../shared/model/agent.ts';
import type { AgentAdapter, AgentReply, AgentRequest, AgentSettings, McpServerSpec } from '../agent-port/index.ts';
import type { BreakerRecord } from '../breakers/index.ts';
import type { Clock } from '../time/index.ts';
import type { AgentCall, ModelCall, Tool, ToolCall } from '../tool-port/index.ts';
import { AgentDirectory, type AgentDirectoryOptions } from './agent-directory.ts';
import { NO_CAPABILITY_FILE, parseCapabilityFile } from './capabilities/read-capability-file.ts';

/** Time that only goes on when a test says so; timers fire on the way. */
export class TestClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now = (): number => this.#now;

  setTimer = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  get timers(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

export const STRONG: AgentCapabilities = {
  toolCalling: 'native',
  reasoning: 'advanced',
  streaming: true,
  codeExecution: true,
  fileCreation: true,
  mcpNative: false,
  mcpViaBridge: true,
  extendedReasoning: true,
  multiTurn: true,
  contextWindow: 200_000,
  webSearch: false,
};

/** An agent that answers what the test says and keeps what it was asked. */
export interface ScriptedAdapter extends AgentAdapter {
  readonly asked: AgentRequest[];
  probes: number;
}

export type Answer = string | AgentReply | AppError | ((request: AgentRequest) => Promise<AgentReply> | AgentReply);

export const reply = (text: string, more: Partial<AgentReply> = {}): AgentReply => ({
  text,
  model: 'm1',
  usage: null,
  reportedCost: null,
  ...more,
});

/** Answers come in order, the last one again and again. */
export function scriptedAdapter(
  name: string,
  answers: readonly Answer[],
  more: Partial<AgentAdapter> = {},
): ScriptedAdapter {
  const asked: AgentRequest[] = [];
  const adapter: ScriptedAdapter = {
    name,
    provider: 'test',
    kind: 'http',
    capabilities: STRONG,
    defaultModel: 'm1',
    timeoutMs: 120_000,
    enforces: ['hosts', 'env'],
    reportsCalls: false,
    asked,
    probes: 0,
    isInstalled: async () => true,
    probe: async () => {
      adapter.probes += 1;
      return { version: '9.9' };
    },
    ask: async (request) => {
      asked.push(request);
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? '';
      if (answer instanceof AppError) throw answer;
      if (typeof answer === 'function') return answer(request);
      return typeof answer === 'string' ? reply(answer) : answer;
    },
    close: async () => undefined,
    ...more,
  };
  return adapter;
}

export const SETTINGS: AgentSettings = {
  primary: 'alpha',
  isPrimaryWritten: true,
  fallback: null,
  selectionStrategy: 'manual',
  autoSelection: [],
  failover: {
    fallbackAgents: [],
    maxFailoverAttempts: 2,
    healthCheckIntervalMs: 60_000,
    healthCheckTimeoutMs: 10_000,
    failoverOnStepFailure: true,
    failoverOnTimeout: true,
    retryPrimaryAfterMs: 300_000,
  },
  configs: {},
};

export interface TestDirectory {
  readonly directory: AgentDirectory;
  readonly clock: TestClock;
  readonly stored: Map<string, BreakerRecord>;
  readonly changes: () => number;
}

export function testDirectory(
  adapters: readonly AgentAdapter[],
  more: Partial<Omit<AgentDirectoryOptions, 'settings' | 'file'>> & {
    readonly settings?: Partial<AgentSettings>;
    readonly yaml?: string;
    readonly stored?: Map<string, BreakerRecord>;
  } = {},
): TestDirectory {
  const { settings, yaml, stored = new Map<string, BreakerRecord>(), ...rest } = more;
  const clock = new TestClock();
  let changes = 0;
  const directory = new AgentDirectory({
    adapters,
    settings: { ...SETTINGS, ...settings },
    file: yaml === undefined ? NO_CAPABILITY_FILE : parseCapabilityFile(yaml),
    breakers: {
      load: (kind, name) => stored.get(`${kind}/${name}`) ?? null,
      save: (kind, name, record) => void stored.set(`${kind}/${name}`, record),
    },
    hostEnv: {},
    clock,
    isHealing: true,
    onChange: () => {
      changes += 1;
    },
    onBug: (error) => {
      throw error;
    },
    ...rest,
  });
  return { directory, clock, stored, changes: () => changes };
}

/** A tool of the catalog with one function, and a server where a spec is given. */
export function offeredTool(
  name: string,
  functions: readonly FunctionTool[],
  server: McpServerSpec | null = null,
): Tool {
  return {
    name,
    category: 'service',
    operations: null,
    traits: () => ({ effect: 'idempotent', repeatable: true, timeoutMs: 1_000 }),
    check: () => [],
    functions: async () => functions,
    mcpServer: async () => server,
    execute: () => ({ output: null }),
  };
}

export interface TestCall {
  readonly call: ToolCall;
  readonly notes: ConversationItem[];
  readonly spent: ModelCall[];
  readonly toolCalls: (readonly [string, JsonMap])[];
  readonly logged: string[];
}

export function testCall(
  agent: string,
  inputs: JsonMap,
  more: Partial<ToolCall> & {
    readonly as?: Partial<AgentCall>;
    readonly tools?: readonly Tool[];
    readonly result?: Json;
  } = {},
): TestCall {
  const { as, tools = [], result = 'done', ...rest } = more;
  const notes: ConversationItem[] = [];
  const spent: ModelCall[] = [];
  const toolCalls: (readonly [string, JsonMap])[] = [];
  const logged: string[] = [];
  const call: ToolCall = {
    operation: 'analyze',
    inputs,
    runId: 'run-1',
    stepId: 'step_1',
    path: 'step_1',
    attempt: 1,
    stepNow: 0,
    stepKey: 'k',
    timeoutMs: 60_000,
    workDir: '',
    runDir: '',
    env: {},
    signal: new AbortController().signal,
    log: (_stream, text) => void logged.push(text),
    agent: {
      name: agent,
      model: null,
      permissions: null,
      wanted: null,
      tools: { get: (name) => tools.find((one) => one.name === name), names: () => tools.map((one) => one.name) },
      note: (item) => void notes.push(item),
      reserve: async () => ({ leftUsd: null, release: () => undefined }),
      meter: ({ reportedCost }) => reportedCost,
      spent: async (call) => {
        spent.push(call);
        return call.reportedCost;
      },
      callTool: async (action, input) => {
        toolCalls.push([action, input]);
        return { output: result };
      },
      ...as,
    },
    ...rest,
  };
  return { call, notes, spent, toolCalls, logged };
}
