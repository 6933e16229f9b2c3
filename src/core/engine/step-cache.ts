import { canonicalJson } from '../../shared/json.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import { sha256Hex } from '../crypto/index.ts';
import type { OutputCache } from '../storage/index.ts';
import { hasCalledEffects } from './agent-calls.ts';
import type { Attempt, AttemptOutcome } from './attempt.ts';
import type { EnginePorts, RunnableVersion } from './ports.ts';
import type { RunState } from './run-state.ts';

interface CacheOptions {
  readonly outputs: OutputCache;
  readonly version: RunnableVersion;
  readonly ports: Pick<EnginePorts, 'now'>;
  readonly state: () => RunState;
}

/** `cache` of a step (SPEC §1.5): the output of the same action, inputs and version is used again for so long. */
export class StepCache {
  readonly #options: CacheOptions;

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /** What is said of a step whose output cannot be used again: its effect must happen each time, or nobody can tell what it depends on. */
  warningsFor(attempt: Attempt): readonly StepWarning[] {
    const { step, tool, operation } = attempt;
    if (step.cacheMs === undefined || this.#keyOf(attempt) !== null) return [];
    const action = `${tool.name}.${operation}`;
    const why =
      tool.category === 'built_in'
        ? `${action} must happen each time.`
        : attempt.effect === 'effect'
          ? `${action} has an effect that must happen each time. Where it may be left out, write 'idempotent: true' at the step.`
          : `nobody can tell whether ${tool.name} stays the same.`;
    return [{ code: 'engine.not_cached', message: `The output is not kept: ${why}` }];
  }

  /** The kept output as the end of an attempt that is not carried out; null = it is. */
  find(attempt: Attempt): Extract<AttemptOutcome, { kind: 'completed' }> | null {
    const key = this.#keyOf(attempt);
    const { outputs, ports } = this.#options;
    const kept = key === null ? null : outputs.find(key, { now: ports.now(), maxAgeMs: attempt.step.cacheMs ?? 0 });
    if (kept === null) return null;
    const metadata = { cached: true, cached_at: new Date(kept.madeAt).toISOString() };
    return { kind: 'completed', output: kept.output, warnings: [], metadata };
  }

  /** Keeps what an attempt came to, unless an agent has called something with an effect for it. */
  keep(attempt: Attempt, outcome: AttemptOutcome): void {
    const key = this.#keyOf(attempt);
    if (key === null || outcome.kind !== 'completed') return;
    const { outputs, ports, state } = this.#options;
    const { runId } = state();
    if (hasCalledEffects(state(), attempt.path)) return;
    const at = ports.now();
    outputs.keep(key, outcome.output, { runId, at, until: at + (attempt.step.cacheMs ?? 0) });
  }

  /** Stands for all that the output depends on: never the same over other secrets, agents or versions of the tool. */
  #keyOf({ step, tool, operation, inputs, effect, agent }: Attempt): string | null {
    if (step.cacheMs === undefined || effect === 'effect' || tool.category === 'built_in') return null;
    const fingerprint = tool.fingerprint?.() ?? null;
    if (tool.category === 'service' && fingerprint === null) return null;
    const { version, state } = this.#options;
    const { agent: atStart, model } = state().created;
    const who = agent === null ? null : [agent, atStart, model, step.id];
    return sha256Hex(canonicalJson([tool.name, operation, inputs, version.hash, version.env, fingerprint, who]));
  }
}
