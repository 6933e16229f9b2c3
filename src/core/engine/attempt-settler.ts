import { AppError } from '../../shared/errors.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Attempt, AttemptOutcome, Interruption } from './attempt.ts';
import { decideFailure, findErrorRule } from './error-policy.ts';
import type { EngineHost, EnginePorts, RunnableVersion } from './ports.ts';
import { isRetryable, retryDelayMs, retryPolicyFor } from './retry-policy.ts';
import type { RunRecorder } from './run-recorder.ts';

interface SettlerOptions {
  readonly recorder: RunRecorder;
  readonly version: RunnableVersion;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
}

/** Turns what an attempt came to into the event that says so: completed, tried again, failed for good, cancelled, in doubt. */
export class AttemptSettler {
  readonly #options: SettlerOptions;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** Takes over what an attempt came to, or that it was cut short. */
  settle(
    attempt: Attempt,
    outcome: AttemptOutcome,
    warnings: readonly StepWarning[],
    interruption: Interruption | null,
  ): void {
    if (outcome.kind === 'completed') this.#complete(attempt, outcome, warnings);
    else if (outcome.error.code === 'step.in_doubt') this.doubt(attempt, 'result_unreadable');
    else if (interruption === null) this.fail(attempt, outcome.error, [...warnings, ...outcome.warnings]);
    else this.#settleInterrupted(attempt, interruption);
  }

  #complete(
    attempt: Attempt,
    outcome: Extract<AttemptOutcome, { kind: 'completed' }>,
    warnings: readonly StepWarning[],
  ): void {
    const isBuiltIn = attempt.tool.category === 'built_in';
    const values =
      isBuiltIn && (attempt.operation === 'set_outputs' || attempt.operation === 'set') ? attempt.inputs : null;
    this.#options.recorder.emit({
      type: 'step.completed',
      path: attempt.path,
      attempt: attempt.attempt,
      output: outcome.output,
      outputs: attempt.operation === 'set_outputs' ? values : null,
      variables: attempt.operation === 'set' ? values : null,
      warnings: warnings.length === 0 ? outcome.warnings : [...warnings, ...outcome.warnings],
    });
  }

  /** An attempt that was cut short: what it did cannot be known unless it has no effect (DESIGN decision 8). */
  #settleInterrupted(attempt: Attempt, interruption: Interruption): void {
    const { recorder } = this.#options;
    const { path } = attempt;
    if (interruption === 'host_stopped') {
      if (attempt.effect === 'effect') this.doubt(attempt, 'host_stopped');
      return;
    }
    if (interruption === 'cancel') {
      recorder.emit({ type: 'step.cancelled', path, attempt: attempt.attempt });
      return;
    }
    const error = new AppError('run.timed_out', 'The time limit of the run was reached while this step ran.');
    recorder.emit({
      type: 'step.failed',
      path,
      attempt: attempt.attempt,
      error: error.toRecord(),
      retryAt: null,
      fallback: null,
      policy: 'stop',
      warnings: [],
    });
  }

  /** Nobody can know how the attempt ended: the run waits for a person. */
  doubt(
    attempt: Pick<Attempt, 'path' | 'attempt'>,
    reason: 'engine_died' | 'host_stopped' | 'result_unreadable',
  ): void {
    this.#options.recorder.emit({ type: 'step.in_doubt', path: attempt.path, attempt: attempt.attempt, reason });
    this.#options.recorder.emit({ type: 'run.in_doubt' });
  }

  /** A failed attempt: tried again, or failed for good with what the policies say. */
  fail(
    attempt: Pick<Attempt, 'step' | 'path' | 'attempt' | 'role' | 'isRepeatable'>,
    error: AppError,
    warnings: readonly StepWarning[],
  ): void {
    const { recorder, version, ports, host } = this.#options;
    const { step, path } = attempt;
    const failures = recorder.state.steps.get(path)?.failures ?? 0;
    const policy = retryPolicyFor(
      {
        step,
        rule: findErrorRule(step, error),
        workflowRetries: version.workflow.execution.maxRetries,
        bundleRetries: version.config.maxRetries,
        projectRetries: host.defaultRetries,
        isRepeatable: attempt.isRepeatable,
      },
      error,
    );
    const mayRetry =
      attempt.role === 'main' && failures < policy.maxRetries && isRetryable(policy, error, attempt.isRepeatable);
    const base = { type: 'step.failed', path, attempt: attempt.attempt, error: error.toRecord(), warnings } as const;
    if (mayRetry) {
      const retryAt = Math.round(ports.now() + retryDelayMs(policy, failures + 1, ports.random()));
      recorder.emit({ ...base, retryAt, fallback: null, policy: 'continue' });
      return;
    }
    recorder.emit({
      ...base,
      retryAt: null,
      ...decideFailure(step, version.workflow, error, attempt.role === 'fallback'),
    });
  }
}
