import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { FrameFailure } from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { DecisionMark, LogStore } from '../storage/index.ts';
import { renderValue } from '../workflow/index.ts';
import { hasCalledEffects } from './agent-calls.ts';
import { approvalBefore, toolChangeText } from './approval-request.ts';
import type { Attempt, AttemptOutcome, Interruption } from './attempt.ts';
import type { RunNames } from './block-context.ts';
import { effectsInside } from './effects-inside.ts';
import { decideFailure, type FailureDecision, findErrorRule, isHandledAbove, triesAgain } from './error-policy.ts';
import { failoverReason } from './failover.ts';
import { asksPerson, isKeyAway } from './key-away.ts';
import { limitResetMs } from './limit-reset.ts';
import { notify } from './notify.ts';
import type { RunPlanning } from './plan.ts';
import { instantAfter, type Playback } from './playback.ts';
import type { EngineHost, EnginePorts, PlacedStep, RunnableVersion } from './ports.ts';
import { atLeastRetryAfter, isLongReset, isRetryable, retryDelayMs, retryPolicyFor } from './retry-policy.ts';
import type { RunRecorder } from './run-recorder.ts';
import { ROOT } from './run-state.ts';
import { errorScope } from './scope.ts';
import { toJson } from './to-json.ts';
import { completedStep, type UndoPlanner } from './undo-attempt.ts';

interface SettlerOptions {
  readonly recorder: RunRecorder;
  readonly version: RunnableVersion;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  readonly deciding: Pick<DecisionMark, 'during'>;
  readonly planning: RunPlanning;
  readonly names: RunNames;
  readonly undoFor: UndoPlanner;
  readonly logs: LogStore;
  readonly playback?: Playback;
}

/** What a block that is through gives. */
export interface BlockEnd {
  readonly output: Json;
  readonly variables: JsonMap | null;
  readonly warnings: readonly StepWarning[];
}

/** What must be known of an attempt that has failed. */
export type FailedAttempt = Pick<Attempt, 'step' | 'path' | 'attempt' | 'role' | 'isRepeatable' | 'agent'>;

interface SettledFailure extends FailureDecision {
  readonly warnings: readonly StepWarning[];
}

/** Turns what an attempt came to into the event that says so: completed, tried again, failed for good, cancelled, in doubt. */
export class AttemptSettler {
  readonly #options: SettlerOptions;
  /** Approved steps whose tool has changed, and how. */
  readonly #changed = new Map<string, string>();
  #keyAway: AppError | null = null;

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
    else if (interruption === null && attempt.role !== 'undo' && this.#standsStill(attempt, outcome.error)) {
      this.#keyAway = outcome.error;
      this.neverBegan(attempt, 'held');
    } else if (interruption === null && this.#isVoid(attempt, outcome.error)) {
      this.#changed.set(attempt.path, toolChangeText(outcome.error));
      this.neverBegan(attempt, 'held');
    } else if (interruption === null) this.fail(attempt, outcome.error, [...warnings, ...outcome.warnings]);
    else this.#settleInterrupted(attempt, interruption);
  }

  /** Nothing was done that would be repeated: the run rests, and the step begins anew when it goes on. */
  #standsStill({ path }: Attempt, error: AppError): boolean {
    return isKeyAway(error) || (asksPerson(error) && !hasCalledEffects(this.#options.recorder.state, path));
  }

  /** Nothing begins before a person has looked: an earlier attempt cannot be looked up without the key, or a step leaves the plan. */
  standStill(error: AppError): void {
    this.#keyAway = error;
  }

  /** Why the run stands: secrets that a step needs cannot be opened, or a limit of spending has no room; nothing was called. Null = it does not. */
  get keyAway(): AppError | null {
    return this.#keyAway;
  }

  /** A tool that describes itself differently was not called: where that call was approved, it is asked about anew (SPEC §12.2). */
  #isVoid({ step, path, role, agent }: Attempt, { code }: AppError): boolean {
    if (code !== 'tool.changed' || role !== 'main' || agent !== null) return false;
    const { recorder, planning } = this.#options;
    const { state } = recorder;
    return approvalBefore({ step, path, frame: state.steps.get(path)?.frame ?? ROOT }, { state, planning }) !== null;
  }

  /** How the tool of an approved step has changed since it was called last; told once. Null = it has not. */
  takeChange(path: string): string | null {
    const change = this.#changed.get(path) ?? null;
    this.#changed.delete(path);
    return change;
  }

  /** Whether this failure is tried again with the same agent or tool. */
  wouldRetry(attempt: FailedAttempt, error: AppError): boolean {
    return this.#again(attempt, error) !== null;
  }

  /** The step goes on at once with another agent (SPEC §3.7). */
  failOver(
    attempt: Attempt,
    error: AppError,
    next: { readonly to: string; readonly isShared: boolean; readonly warnings: readonly StepWarning[] },
  ): void {
    const { recorder, ports } = this.#options;
    const { path, attempt: number } = attempt;
    const record = error.toRecord();
    recorder.emit({
      type: 'step.failed',
      path,
      attempt: number,
      error: record,
      retryAt: ports.now(),
      fallback: null,
      policy: 'continue',
      warnings: next.warnings,
    });
    recorder.emit({
      ...{ type: 'agent.failed_over', path, attempt: number },
      stepIndex: recorder.state.steps.get(path)?.index ?? 0,
      fromAgent: attempt.agent?.name ?? '',
      toAgent: next.to,
      reason: failoverReason(error),
      error: record,
      ...(next.isShared ? { isShared: true as const } : {}),
    });
  }

  /** An attempt whose start is written and that was called off before it began. */
  neverBegan({ path, attempt }: Attempt, why: Interruption | 'held'): void {
    const { recorder } = this.#options;
    if (why === 'run_timeout') this.#outOfTime(path, attempt);
    else
      recorder.emit({
        type: 'step.cancelled',
        path,
        attempt,
        ...(why === 'held' ? { isPostponed: true as const } : {}),
      });
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
      ...(outcome.metadata === undefined ? {} : { metadata: outcome.metadata }),
      ...this.#options.undoFor(completedStep(attempt, this.#options.recorder.state), outcome.output),
    });
  }

  /** An attempt that was cut short: what it did cannot be known unless it has no effect (DESIGN decision 8). */
  #settleInterrupted(attempt: Attempt, interruption: Interruption): void {
    const { recorder } = this.#options;
    const { path } = attempt;
    if (interruption === 'host_stopped') {
      if (this.#hasEffect(attempt)) this.doubt(attempt, 'host_stopped');
      return;
    }
    if (interruption === 'cancel') {
      recorder.emit({ type: 'step.cancelled', path, attempt: attempt.attempt });
      return;
    }
    this.#outOfTime(path, attempt.attempt);
  }

  #outOfTime(path: string, attempt: number): void {
    const error = new AppError('run.timed_out', 'The time limit of the run was reached while this step ran.');
    this.#options.recorder.emit({
      type: 'step.failed',
      path,
      attempt,
      error: error.toRecord(),
      retryAt: null,
      fallback: null,
      policy: 'stop',
      warnings: [],
    });
  }

  /** A step that does not go on: its part of the tree is called off. */
  leave({ path, attempt }: Pick<Attempt, 'path' | 'attempt'>): void {
    this.#options.recorder.emit({ type: 'step.cancelled', path, attempt });
  }

  /** A block could not deal with a failure in one of its frames, or has failed itself. */
  failBlock(
    { path, step }: Pick<PlacedStep, 'path' | 'step'>,
    failure: FrameFailure,
    warnings: readonly StepWarning[],
  ): void {
    const { recorder } = this.#options;
    const attempt = recorder.state.steps.get(path)?.attempt ?? 1;
    const error = AppError.fromRecord(failure.error);
    const again = failure.isFinal ? null : this.#blockRetry({ step, path }, error);
    if (again?.retryAt != null) {
      recorder.emit({
        ...{ type: 'step.failed', path, attempt, error: failure.error, retryAt: again.retryAt, fallback: null },
        ...{ policy: 'continue', warnings: [...warnings, ...again.warnings] },
        ...(failure.path === path ? {} : { cause: failure.path }),
      });
      return;
    }
    const { rollback } = failure;
    const decided = failure.isFinal
      ? ({
          policy: rollback === undefined ? 'stop' : 'rollback',
          fallback: null,
          isFinal: true,
          warnings: [],
          ...(rollback?.to == null ? {} : { rollbackTo: rollback.to }),
        } as const)
      : this.#decide({ step, path, role: 'main' }, error);
    this.#notify({ step, path }, error);
    recorder.emit({
      ...{ type: 'step.failed', path, attempt, error: failure.error, retryAt: null, ...decided },
      warnings: [...warnings, ...(again?.warnings ?? []), ...decided.warnings],
      ...(failure.path === path ? {} : { cause: failure.path }),
    });
  }

  /** SPEC §3.4 for a step that holds others: only what is written at itself lets it begin anew, and no effect inside is repeated. */
  #blockRetry(
    { step, path }: Pick<PlacedStep, 'path' | 'step'>,
    error: AppError,
  ): { readonly retryAt: number | null; readonly warnings: readonly StepWarning[] } {
    const { recorder, ports, host } = this.#options;
    const rule = findErrorRule(step, error);
    const none = { retryAt: null, warnings: [] };
    if (!triesAgain(step, rule)) return none;
    const inside = effectsInside(recorder.state, path);
    const isRepeatable = step.idempotent === true || !inside.hasEffects;
    const nothing = { workflowRetries: undefined, bundleRetries: undefined, project: host.projectRetry };
    const policy = retryPolicyFor({ step, rule, ...nothing, isRepeatable, isAgent: false }, error);
    const failures = recorder.state.steps.get(path)?.failures ?? 0;
    if (failures >= policy.maxRetries || !isRetryable(policy, error, isRepeatable)) return none;
    if (step.idempotent !== true && inside.done !== null) {
      const message = `It is not tried again: '${inside.done}' in it may have had its effect already.`;
      return { retryAt: null, warnings: [{ code: 'engine.not_repeatable', message }] };
    }
    const delayMs = retryDelayMs(policy, failures + 1, ports.random());
    return { retryAt: instantAfter(path, atLeastRetryAfter(policy, delayMs, error), this.#options), warnings: [] };
  }

  /** A block has come to its end. */
  completeBlock({ path }: Pick<PlacedStep, 'path'>, end: BlockEnd): void {
    const { recorder } = this.#options;
    const attempt = recorder.state.steps.get(path)?.attempt ?? 1;
    recorder.emit({ type: 'step.completed', path, attempt, outputs: null, ...end });
  }

  /** Nobody can know how the attempt ended: the run waits for a person. */
  doubt(
    attempt: Pick<Attempt, 'path' | 'attempt'>,
    reason: 'engine_died' | 'host_stopped' | 'result_unreadable',
  ): void {
    this.#options.recorder.emit({ type: 'step.in_doubt', path: attempt.path, attempt: attempt.attempt, reason });
  }

  /** A failed attempt: tried again, or failed for good with what the policies say. */
  fail(attempt: FailedAttempt, error: AppError, warnings: readonly StepWarning[]): void {
    const { recorder } = this.#options;
    const { path, attempt: number } = attempt;
    const base = { type: 'step.failed', path, attempt: number, error: error.toRecord(), warnings } as const;
    const again = this.#again(attempt, error);
    const resetMs = limitResetMs(attempt, error, recorder.state);
    const retryAt = again?.retryAt ?? (resetMs === null ? null : instantAfter(path, resetMs, this.#options));
    if (retryAt !== null) {
      const renew = this.#renews(attempt, error) ? { renew: true as const } : {};
      recorder.emit({ ...base, ...again, retryAt, fallback: null, policy: 'continue', ...renew });
      return;
    }
    if (attempt.role === 'undo') {
      recorder.emit({ ...base, retryAt: null, fallback: null, policy: 'continue' });
      return;
    }
    const decided = this.#decide(attempt, error);
    if (attempt.role === 'main') this.#notify(attempt, error);
    recorder.emit({ ...base, ...decided, retryAt: null, warnings: [...warnings, ...decided.warnings] });
  }

  #notify({ step, path }: Pick<PlacedStep, 'path' | 'step'>, error: AppError): void {
    const { recorder, names, ports } = this.#options;
    const { state } = recorder;
    const frame = state.steps.get(path)?.frame ?? ROOT;
    const scope = () => errorScope(names.scopeIn(frame, ports.now()), { error: error.toRecord(), path });
    notify({ step, path, state }, error, { ...this.#options, scope });
  }

  /** An agent's tool call with an effect is an effect of its step. */
  #hasEffect({ effect, path }: Pick<Attempt, 'effect' | 'path'>): boolean {
    return effect === 'effect' || hasCalledEffects(this.#options.recorder.state, path);
  }

  /** `refresh_credentials` (SPEC §1.6): once, and never over an effect of an agent's call. */
  #renews({ step, path, role }: FailedAttempt, error: AppError): boolean {
    const { state } = this.#options.recorder;
    if (role !== 'main' || findErrorRule(step, error)?.action !== 'refresh_credentials') return false;
    return state.steps.get(path)?.renewal === 'none' && !hasCalledEffects(state, path);
  }

  /** When the failed attempt is made again, UTC ms, and how many there may be in all; null = it is not. */
  #again(attempt: FailedAttempt, error: AppError): { readonly retryAt: number; readonly maxAttempts?: number } | null {
    const { recorder, version, ports, host } = this.#options;
    const { step, path } = attempt;
    if (this.#renews(attempt, error)) return { retryAt: ports.now() };
    // It was renewed, and the one attempt after it has met the same.
    if (findErrorRule(step, error)?.action === 'refresh_credentials') return null;
    const failures = recorder.state.steps.get(path)?.failures ?? 0;
    const hasCalled = hasCalledEffects(recorder.state, path);
    const isRepeatable = attempt.isRepeatable && !hasCalled;
    const policy = retryPolicyFor(
      {
        step,
        rule: findErrorRule(step, error),
        workflowRetries: version.workflow.execution.maxRetries,
        bundleRetries: version.config.maxRetries,
        project: host.projectRetry,
        isRepeatable,
        isAgent: attempt.agent !== null && !hasCalled,
      },
      error,
    );
    const mayRetry =
      (attempt.role === 'main' || attempt.role === 'undo') &&
      failures < policy.maxRetries &&
      isRetryable(policy, error, isRepeatable) &&
      !isLongReset(policy, error);
    if (!mayRetry) return null;
    const delayMs = retryDelayMs(policy, failures + 1, ports.random());
    return {
      retryAt: instantAfter(path, atLeastRetryAfter(policy, delayMs, error), this.#options),
      maxAttempts: policy.maxRetries + 1,
    };
  }

  /** What the policies say, with the fallback value worked out; where it cannot be, they decide without it. */
  #decide(attempt: Pick<Attempt, 'step' | 'path' | 'role'>, error: AppError): SettledFailure {
    const { version, ports, recorder, deciding, planning, names } = this.#options;
    const { step, path, role } = attempt;
    const record = recorder.state.steps.get(path);
    const frame = record?.frame ?? ROOT;
    const failure = { error: error.toRecord(), path, isFinal: false };
    const above = {
      hasRunFallback: role === 'fallback',
      isHandledAbove: isHandledAbove(recorder.state, planning, frame, failure),
    };
    const decision = decideFailure(step, version.workflow, error, above);
    if (decision.fallback === null) return { ...decision, warnings: [] };
    const now = record?.now ?? ports.now();
    try {
      const scope = errorScope(names.scopeIn(frame, now), failure);
      const written = decision.fallback.value;
      const render = (): ReturnType<typeof renderValue> => renderValue(written, scope, { now });
      const { value, warnings } = deciding.during(recorder.state.runId, render);
      return { ...decision, fallback: { value: toJson(value, []) }, warnings };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const onError = step.onError.map(({ fallback: _fallback, ...rule }) => rule);
      const plain = decideFailure({ ...step, onError }, version.workflow, error, above);
      const message = `The fallback value could not be worked out: ${thrown.message}`;
      return { ...plain, warnings: [{ code: thrown.code, message }] };
    }
  }
}
