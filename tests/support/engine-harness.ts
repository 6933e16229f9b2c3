import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Engine,
  type EngineHost,
  type EngineOptions,
  type EnginePorts,
  type RunnableVersion,
  type StartRequest,
} from '../../src/core/engine/index.ts';
import { createEventInbox } from '../../src/core/operations/event-inbox.ts';
import { createCatalog, type OperationTraits, type Tool, type ToolCall } from '../../src/core/tools/index.ts';
import { readWorkflow } from '../../src/core/workflow/index.ts';
import type { LiveEvent } from '../../src/shared/contract/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import type { Actor } from '../../src/shared/model/run.ts';
import { openStore, putFreshStore } from './fresh-store.ts';
import { type ScriptedAgentsOptions, scriptedAgents, scriptedCosts } from './scripted-agents.ts';

export const TESTER: Actor = { kind: 'user', id: 'tester', door: 'cli' };

/** A tool that lives in the engine's process: its operations are functions. */
export function inProcessTool(
  name: string,
  operations: Readonly<Record<string, (call: ToolCall) => unknown>>,
  traits: Partial<OperationTraits> = {},
): Tool {
  return {
    name,
    category: 'in_process',
    operations: Object.keys(operations),
    traits: () => ({ effect: 'effect', repeatable: false, timeoutMs: 300_000, ...traits }),
    check: () => [],
    execute: (call) => {
      const operation = operations[call.operation];
      if (operation === undefined) throw new Error(`no operation ${call.operation}`);
      const output = operation(call);
      return output instanceof Promise ? output.then((value: Json) => ({ output: value })) : { output: output as Json };
    },
  };
}

/** Time that only moves when told to. */
export class FakeClock {
  #now = Date.UTC(2026, 0, 22, 8, 0, 0);
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  readonly ports: EnginePorts = {
    now: () => this.#now,
    random: () => 0.5,
    randomHex: (bytes) => this.#hex(bytes),
    setTimer: (ms, callback) => {
      const timer = { at: this.#now + ms, callback };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      };
    },
  };

  #counter = 0;
  #hex(bytes: number): string {
    this.#counter += 1;
    return this.#counter.toString(16).padStart(bytes * 2, '0');
  }

  /** Instants of the timers that wait, relative to now, ascending. */
  waits(): readonly number[] {
    return this.#timers.map((one) => one.at - this.#now).sort((a, b) => a - b);
  }

  /** Time passes on a machine that is too busy for its timers: the next `advance` calls them. */
  lag(ms: number): void {
    this.#now += ms;
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((one) => one.at <= this.#now).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter((one) => one.at > this.#now);
    for (const one of due) one.callback();
  }
}

export interface HarnessOptions {
  readonly tools?: readonly Tool[];
  readonly dir?: string;
  readonly maxRuns?: number;
  readonly limits?: NonNullable<EngineOptions['limits']>;
  readonly sync?: 'FULL' | 'NORMAL';
  readonly clock?: FakeClock;
  readonly agents?: ScriptedAgentsOptions;
  /** Hears what is published: after each commit. */
  readonly onLive?: (event: LiveEvent) => void;
}

/** A real engine over a real store in a folder of its own, with in-process tools. */
export function openHarness(options: HarnessOptions = {}) {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'aiw-engine-'));
  mkdirSync(dir, { recursive: true });
  const clock = options.clock ?? new FakeClock();
  const { ports } = clock;
  const live: LiveEvent[] = [];
  const bugs: unknown[] = [];
  const written = new Map<string, string>();
  const versions = new Map<string, RunnableVersion>();
  putFreshStore(dir);
  const store = openStore(dir, options.sync ?? 'NORMAL');
  const agents = scriptedAgents(options.agents);
  const host: EngineHost = {
    loadVersion: async ({ versionHash }) => {
      const version = versions.get(versionHash);
      if (version === undefined) throw new AppError('workflow.version_not_found', `Version not found: ${versionHash}`);
      return version;
    },
    prepareChild: async ({ versionHash, inputs }, { created: { agent, agentFrom, model } }) => {
      const version = await host.loadVersion({ versionHash, workflowPath: '' });
      return { version, inputs, sealed: [], agent, agentFrom, model };
    },
    beforeEffect: () => undefined,
    keepsWork: () => null,
    untilTold: () => null,
    wasElsewhere: () => false,
    notify: () => undefined,
    requireDeciders: () => undefined,
    openCopy: async () => null,
    prepareFolders: async () => ({ workDir: dir, runDir: dir }),
    writeOutputFile: async (_runId, path, text) => {
      written.set(path, text);
      return path;
    },
    takeFiles: async () => ({ taken: { tree: null }, warnings: [] }),
    restoreFiles: async () => [],
    git: {
      revert: async () => ({ revertedBy: '', wasThere: false }),
      createBranch: async () => ({ commit: '', wasOn: null }),
      deleteBranch: async () => ({ keptAs: '', wasGone: false }),
      resetHard: async () => ({ before: '', keptAs: '' }),
    },
    forgetRun: async () => undefined,
    projectRetry: { maxRetries: undefined, backoff: 'exponential', delayMs: 1_000, maxDelayMs: 60_000 },
    allowedEnv: {},
    secretMarkers: () => ({}),
    holdsSecret: () => false,
    fillSecrets: () => Promise.resolve(null),
    agents,
    costs: scriptedCosts,
    redact: (value) => value,
    withoutSecrets: (value) => value,
    heldBack: () => 0,
  };
  const engine = new Engine({
    maxRuns: options.maxRuns ?? 1_000,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    store,
    host,
    ports,
    inbox: createEventInbox(store.deliveries, () => null),
    publish: (event) => {
      live.push(event);
      options.onLive?.(event);
    },
    onBug: (error) => bugs.push(error),
  });

  const versionOf = (text: string, config: Partial<RunnableVersion['config']> = {}): RunnableVersion => {
    const { workflow, diagnostics } = readWorkflow(text, { file: 'workflow.md', fallbackId: 'test' });
    const errors = diagnostics.filter((one) => one.severity === 'error');
    if (errors.length > 0) throw new Error(errors.map((one) => one.message).join('; '));
    const hash = `hash-${versions.size}`;
    const version: RunnableVersion = {
      hash,
      workflow,
      workflowPath: 'workflow.md',
      config: { agent: null, fallbackAgent: null, ...config },
      tools: createCatalog(options.tools ?? []),
      env: {},
    };
    versions.set(hash, version);
    return version;
  };

  return {
    dir,
    clock,
    agents,
    store,
    engine,
    live,
    bugs,
    written,
    versions,
    versionOf,
    start: (text: string, inputs: JsonMap = {}) =>
      engine.start({ version: versionOf(text), inputs, trigger: { type: 'manual' }, actor: TESTER }),
    /** Starts and waits until the run rests. */
    run: async (text: string, inputs: JsonMap = {}, more: Partial<StartRequest> = {}) => {
      const { runId } = await engine.start({
        version: versionOf(text),
        inputs,
        trigger: { type: 'manual' },
        actor: TESTER,
        ...more,
      });
      await engine.settled(runId);
      return engine.stateOf(runId).state;
    },
    close: async () => {
      await engine.close(0);
      store.close();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A workflow file from step blocks: name -> YAML lines. */
export function workflowText(steps: readonly (readonly string[])[], frontmatter: readonly string[] = []): string {
  const head = ['---', 'workflow:', '  id: test', '  name: Test', ...frontmatter, '---', '', '# Test', ''];
  const body = steps.flatMap((lines, index) => [
    `## Step ${index + 1}: Step ${index + 1}`,
    '',
    '```yaml',
    ...lines,
    '```',
    '',
  ]);
  return [...head, ...body].join('\n');
}
