import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { AgentHealth, AgentInfo } from '../../shared/model/agent.ts';
import { parseDuration } from '../../shared/parse-duration.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import type { AgentAdapter, AgentSettings } from '../agent-port/index.ts';
import { AGENT_BREAKER, type BreakerPass, type BreakerStore, Breakers } from '../breakers/index.ts';
import type { Clock } from '../time/index.ts';
import { type AgentRecord, agentRecords, notReachable } from './agent-record.ts';
import { type AgentFailover, DEMO, failoverOf } from './agent-settings.ts';
import type { CapabilityFile } from './capabilities/read-capability-file.ts';
import { HealthCache } from './health-cache.ts';
import { type AgentSelection, type SelectionRequest, selectAgent } from './selection/select-agent.ts';

export interface AgentDirectoryOptions {
  readonly adapters: readonly AgentAdapter[];
  readonly settings: AgentSettings;
  /** `capabilities.yaml` of the project. */
  readonly file: CapabilityFile;
  readonly breakers: BreakerStore;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** `features.auto_healing`: failover and repair. */
  readonly isHealing: boolean;
  /** Health, a breaker, the primary or who is busy has changed. */
  readonly onChange: () => void;
  /** Hears of a breaker that could not be stored. */
  readonly onBug: (error: unknown) => void;
}

/** An agent that a step has been let through to. `end` must be called once. */
export interface AgentSeat {
  readonly record: AgentRecord & { readonly adapter: AgentAdapter };
  /** `isGood` = the answer came; the engine still counts it as a success. */
  readonly end: (isGood: boolean) => void;
}

/** Failures after which only the agent itself can say whether it is well. */
const DOUBTS_HEALTH: ReadonlySet<string> = new Set([
  'agent.not_installed',
  'agent.not_logged_in',
  'agent.connection_lost',
  'agent.unhealthy',
]);

/** The agents of a project: who there is, how they are, who is busy, and who is to do a step (SPEC §3.5, §3.7, §4.3). */
export class AgentDirectory {
  readonly failover: AgentFailover;
  readonly isHealing: boolean;
  readonly #options: AgentDirectoryOptions;
  readonly #records: ReadonlyMap<string, AgentRecord>;
  readonly #health: HealthCache;
  readonly #breakers: Breakers;
  readonly #running = new Map<string, number>();
  #primary: string | null;

  constructor(options: AgentDirectoryOptions) {
    const { settings, adapters, file, clock, onChange } = options;
    this.#options = options;
    this.isHealing = options.isHealing;
    this.failover = failoverOf(settings, options.isHealing);
    this.#records = agentRecords(adapters, file, settings.configs);
    this.#primary = settings.isPrimaryWritten ? settings.primary : null;
    this.#health = new HealthCache({
      intervalMs: settings.failover.healthCheckIntervalMs,
      timeoutMs: settings.failover.healthCheckTimeoutMs,
      clock,
      onChange,
    });
    this.#breakers = new Breakers({
      kind: 'agent',
      settings: AGENT_BREAKER,
      store: options.breakers,
      now: clock.now,
      onSaveFailed: options.onBug,
    });
  }

  /** `agent.primary` as written; null = it is not. */
  get primary(): string | null {
    return this.#primary;
  }

  get strategy(): AgentSettings['selectionStrategy'] {
    return this.#options.settings.selectionStrategy;
  }

  get hasFile(): boolean {
    return this.#options.file.hasFile;
  }

  /** Primary first, then the fallbacks in order. */
  get failoverOrder(): readonly string[] {
    const { fallbackAgents } = this.failover;
    return [...new Set([...(this.#primary === null ? [] : [this.#primary]), ...fallbackAgents])];
  }

  /** Of all agents, also those that are only listed. */
  get names(): readonly string[] {
    return [...this.#records.keys()];
  }

  /** All agents, the shipped ones first. Starts no process and sends nothing. */
  list(): Promise<readonly AgentInfo[]> {
    return Promise.all([...this.#records.values()].map((record) => this.#toInfo(record)));
  }

  /** `agent.not_found`. */
  info(name: string): Promise<AgentInfo> {
    return this.#toInfo(this.record(name));
  }

  /** What is known of an agent. `agent.not_found` for a name that nobody has. */
  record(name: string): AgentRecord {
    const record = this.#records.get(name);
    if (record !== undefined) return record;
    const names = [...this.#records.keys()];
    throw new AppError('agent.not_found', `There is no agent '${name}'.`, {
      hint: didYouMean(name, names) ?? `Agents: ${names.join(', ')}.`,
      details: { agent: name },
    });
  }

  /** An agent that can be chosen. `agent.not_found` for one that is only listed. */
  available(name: string): AgentRecord & { readonly adapter: AgentAdapter } {
    const record = this.record(name);
    const { adapter } = record;
    if (adapter !== null && record.isAvailable) return { ...record, adapter };
    throw new AppError('agent.not_found', `The agent '${name}' is listed but cannot be used.`, {
      hint:
        adapter === null
          ? notReachable(name)
          : `capabilities.yaml says that it is ${record.status.replace('_', ' ')}: change its status to use it.`,
      details: { agent: name, status: record.status },
    });
  }

  /** Asks the agents themselves, now: one, or all that are available and installed. Never rejects for what an agent is. */
  async check(name?: string): Promise<readonly AgentHealth[]> {
    const adapters = name === undefined ? await this.#installed() : [this.available(name).adapter];
    await Promise.all(adapters.map((adapter) => this.#health.check(adapter, { anew: true })));
    return adapters.map((adapter) => this.#health.last(adapter.name));
  }

  /** Whom later runs go to. The settings file is the caller's. `agent.not_found`. */
  setPrimary(name: string): void {
    this.available(name);
    this.#primary = name;
    this.#options.onChange();
  }

  /** Closes the breaker by hand. `agent.not_found`. */
  resetBreaker(name: string): void {
    this.record(name);
    this.#breakers.reset(name);
    this.#options.onChange();
  }

  /** Who is to do the agent steps of a run for which nobody is named (SPEC §4.3 "Selection"). */
  select(request: SelectionRequest): Promise<AgentSelection> {
    const { settings, file } = this.#options;
    return selectAgent(request, {
      primary: this.#primary,
      fallbacks: this.failover.fallbackAgents,
      strategy: settings.selectionStrategy,
      autoSelection: settings.autoSelection,
      routingRules: file.routingRules,
      records: this.#records,
      named: new Set([...file.agents.keys(), ...Object.keys(settings.configs)]),
      isHealthy: async (adapter) => this.#breakers.allows(adapter.name) && (await this.#health.check(adapter)) === null,
      runningSteps: (name) => this.#running.get(name) ?? 0,
      now: this.#options.clock.now(),
    });
  }

  /** Per attempt: `agent.configs.<name>.timeout`, else what its adapter says. Ms. */
  timeoutMs(name: string): number {
    const { timeout } = this.#config(name);
    const written = typeof timeout === 'number' || typeof timeout === 'string' ? parseDuration(timeout) : null;
    if (written !== null && written.ms !== null && written.problem === undefined) return written.ms;
    return this.#records.get(name)?.adapter?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  /** `agent.configs.<name>.model`; null = the agent's default. */
  modelOf(name: string): string | null {
    const { model } = this.#config(name);
    return typeof model === 'string' && model !== '' ? model : null;
  }

  /** The model that it uses where nobody names one; null = it decides by itself, or is not known. */
  usualModel(name: string): string | null {
    return this.modelOf(name) ?? this.#records.get(name)?.adapter?.defaultModel ?? null;
  }

  /** Whether the agent may begin a step now: available, breaker closed, healthy. null = yes, else why not. */
  async canTake(name: string, signal: AbortSignal): Promise<AppError | null> {
    try {
      const { adapter } = this.available(name);
      if (!this.#breakers.allows(name)) return this.#breakerOpen(name);
      return await untilAborted(this.#health.check(adapter), signal);
    } catch (thrown) {
      if (thrown instanceof AppError) return thrown;
      throw thrown;
    }
  }

  /**
   * Lets a step through to an agent: breaker first, then health (kept for the interval). Rejects with `agent.not_found`,
   * `agent.breaker_open`, `agent.not_installed`, `agent.not_configured`, `agent.not_logged_in`, `agent.unhealthy`, `run.cancelled`.
   */
  async begin(name: string, signal: AbortSignal): Promise<AgentSeat> {
    const record = this.available(name);
    const pass = this.#breakers.begin(name);
    if (pass === null) throw this.#breakerOpen(name);
    this.#count(name, 1);
    try {
      const sick = await untilAborted(this.#health.check(record.adapter), signal);
      if (sick !== null) throw sick;
    } catch (thrown) {
      this.#end(name, pass, false);
      throw thrown;
    }
    return { record, end: (isGood) => this.#end(name, pass, isGood) };
  }

  /** What a failed call says about its agent: the next use asks the agent itself. */
  doubt(name: string, error: AppError): void {
    if (DOUBTS_HEALTH.has(error.code)) this.#health.forget(name);
  }

  /** A step failed for good on it, or ended well: its breaker counts. */
  countFailure(name: string): void {
    this.#breakers.count(name, 'failure');
    this.#options.onChange();
  }

  countSuccess(name: string): void {
    this.#breakers.count(name, 'success');
    this.#options.onChange();
  }

  /** Ends checks that run and closes the adapters. */
  async close(): Promise<void> {
    this.#health.close();
    await Promise.all(this.#options.adapters.map((adapter) => adapter.close()));
  }

  #config(name: string): JsonMap {
    return this.#options.settings.configs[name] ?? {};
  }

  #breakerOpen(name: string): AppError {
    return new AppError(
      'agent.breaker_open',
      `Calls to the agent ${name} are held back: it failed too often of late.`,
      {
        hint: `Wait for its pause to end, or close it by hand on the screen Agents. In a terminal: aiworkflow agent check ${name}`,
        details: { agent: name, opensAgainAt: this.#breakers.status(name).opensAgainAt },
      },
    );
  }

  #end(name: string, pass: BreakerPass, isVerdictPending: boolean): void {
    this.#breakers.end(name, pass, isVerdictPending);
    this.#count(name, -1);
  }

  #count(name: string, change: 1 | -1): void {
    this.#running.set(name, Math.max(0, (this.#running.get(name) ?? 0) + change));
    this.#options.onChange();
  }

  async #installed(): Promise<readonly AgentAdapter[]> {
    const wanted: readonly AgentAdapter[] = [...this.#records.values()].flatMap(({ adapter, isAvailable }) =>
      adapter !== null && isAvailable ? [adapter] : [],
    );
    const found = await Promise.all(wanted.map((adapter) => adapter.isInstalled()));
    return wanted.filter((_adapter, index) => found[index] === true);
  }

  async #toInfo(record: AgentRecord): Promise<AgentInfo> {
    const { name, adapter } = record;
    const rank = this.failoverOrder.indexOf(name);
    const model = this.modelOf(name) ?? adapter?.defaultModel ?? null;
    return {
      name,
      ...record.about,
      isAvailable: record.isAvailable,
      isInstalled: adapter !== null && (await adapter.isInstalled()),
      isPrimary: name === this.#primary,
      failoverRank: rank === -1 || (name === DEMO && name !== this.#primary) ? null : rank,
      model,
      models: [...new Set([...(model === null ? [] : [model]), ...record.about.models])],
      keys: record.keyNames.map((key) => ({ name: key, isSet: (this.#options.hostEnv[key] ?? '') !== '' })),
      capabilities: record.capabilities,
      health: this.#health.last(name),
      breaker: this.#breakers.status(name),
      runningSteps: this.#running.get(name) ?? 0,
    };
  }
}

/** A check serves everybody who waits for it and goes on; who is cancelled waits no longer. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(new AppError('run.cancelled', 'The run was stopped.'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Of an agent that nobody knows: the step fails before it counts. */
const DEFAULT_TIMEOUT_MS = 120_000;
