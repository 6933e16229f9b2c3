import { AppError } from '../../shared/errors.ts';
import type { AgentHealth } from '../../shared/model/agent.ts';
import type { AgentAdapter, AgentProbe } from '../agent-port/index.ts';
import type { Clock } from '../time/index.ts';

export interface HealthCacheOptions {
  /** How long a result is kept (SPEC §3.7). */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** What a check found; the error is null for a healthy agent. */
interface Checked {
  readonly health: AgentHealth;
  readonly error: AppError | null;
  /** False when something has happened since that makes the result worthless. */
  isFresh: boolean;
}

/** Failures of a check that say why by themselves; every other means that the agent is unhealthy. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'agent.not_installed',
  'agent.not_configured',
  'agent.not_logged_in',
  'agent.unhealthy',
]);

/** Health checks of agents (SPEC §3.7): one at a time for each, with a time limit, kept for the interval. */
export class HealthCache {
  readonly #options: HealthCacheOptions;
  readonly #checked = new Map<string, Checked>();
  readonly #running = new Map<string, Promise<Checked>>();
  readonly #ends = new Set<AbortController>();

  constructor(options: HealthCacheOptions) {
    this.#options = options;
  }

  /** What the last check found, however old. Starts nothing. */
  last(name: string): AgentHealth {
    return this.#checked.get(name)?.health ?? neverChecked(name);
  }

  /** Null when the agent is healthy, else why not. A result of the last interval counts, unless `anew`. */
  async check(adapter: AgentAdapter, options: { readonly anew?: boolean } = {}): Promise<AppError | null> {
    const known = this.#checked.get(adapter.name);
    const age =
      known === undefined ? Number.POSITIVE_INFINITY : this.#options.clock.now() - (known.health.lastCheck ?? 0);
    const isKept = known?.isFresh === true && age >= 0 && age < this.#options.intervalMs;
    if (known !== undefined && isKept && options.anew !== true) return known.error;
    return (await this.#probe(adapter)).error;
  }

  /** The next check asks the agent itself. */
  forget(name: string): void {
    const known = this.#checked.get(name);
    if (known !== undefined) known.isFresh = false;
  }

  /** Ends checks that are running. */
  close(): void {
    for (const end of this.#ends) end.abort();
  }

  #probe(adapter: AgentAdapter): Promise<Checked> {
    const running = this.#running.get(adapter.name);
    if (running !== undefined) return running;
    const probing = this.#measure(adapter).finally(() => this.#running.delete(adapter.name));
    this.#running.set(adapter.name, probing);
    return probing;
  }

  async #measure(adapter: AgentAdapter): Promise<Checked> {
    const { clock, onChange } = this.#options;
    const startedAt = clock.now();
    const outcome = await this.#limited(adapter);
    const error = outcome instanceof AppError ? outcome : null;
    const before = this.#checked.get(adapter.name)?.health;
    const checked: Checked = {
      health: {
        agentName: adapter.name,
        isHealthy: error === null,
        lastCheck: clock.now(),
        error: error === null ? null : error.toRecord(),
        latencyMs: clock.now() - startedAt,
        consecutiveFailures: error === null ? 0 : (before?.consecutiveFailures ?? 0) + 1,
        version: outcome instanceof AppError ? (before?.version ?? null) : outcome.version,
      },
      error,
      isFresh: true,
    };
    this.#checked.set(adapter.name, checked);
    onChange();
    return checked;
  }

  async #limited(adapter: AgentAdapter): Promise<AgentProbe | AppError> {
    const { clock, timeoutMs } = this.#options;
    const end = new AbortController();
    this.#ends.add(end);
    const late = Promise.withResolvers<AppError>();
    const stopTimer = clock.setTimer(timeoutMs, () => {
      late.resolve(new AppError('agent.unhealthy', `Health check timed out after ${timeoutMs / 1000}s`));
      end.abort();
    });
    try {
      return await Promise.race([adapter.probe(end.signal), late.promise]);
    } catch (thrown) {
      return toHealthError(adapter.name, thrown);
    } finally {
      stopTimer();
      this.#ends.delete(end);
    }
  }
}

function toHealthError(name: string, thrown: unknown): AppError {
  if (thrown instanceof AppError && OWN_WORDS.has(thrown.code)) return thrown;
  const why = thrown instanceof AppError ? `: ${thrown.message}` : '.';
  return new AppError('agent.unhealthy', `The agent ${name} is not healthy${why}`, {
    hint: thrown instanceof AppError ? thrown.hint : 'Check it: aiworkflow agent check',
    cause: thrown,
  });
}

const neverChecked = (name: string): AgentHealth => ({
  agentName: name,
  isHealthy: false,
  lastCheck: null,
  error: null,
  latencyMs: null,
  consecutiveFailures: 0,
  version: null,
});
