import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { StepStarted } from '../../shared/model/events.ts';
import type { Actor, StepWarning } from '../../shared/model/run.ts';
import { type ConversationStore, type DecisionMark, failpoint, type LogStore } from '../storage/index.ts';
import type { Tool } from '../tools/index.ts';
import type { Scope } from '../workflow/index.ts';
import { agentCallOf, endOpenCalls, hasCalledEffects } from './agent-calls.ts';
import {
  type Attempt,
  type AttemptContext,
  type AttemptOutcome,
  attemptOf,
  carryOut,
  type EngineTools,
  type Interruption,
  lookUp,
  resolveAction,
} from './attempt.ts';
import { AttemptSettler } from './attempt-settler.ts';
import { ConversationWriter } from './conversation-writer.ts';
import { decideStep, nextOpenStep, type StepDecision } from './decide.ts';
import { cancelRun, failRun, finishRun } from './finish.ts';
import { planWorkflow, type RunPlanning } from './plan.ts';
import type { EngineHost, EnginePorts, RunnableVersion } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';
import { isEnded, isSettled, type RunState } from './run-state.ts';
import { runScope } from './scope.ts';
import { settleAgentAttempt } from './settle-agent-attempt.ts';
import { createStepLog } from './step-log.ts';

export interface DriverOptions {
  readonly recorder: RunRecorder;
  readonly version: RunnableVersion;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  readonly builtIns: Tool;
  readonly logs: LogStore;
  readonly conversations: ConversationStore;
  readonly deciding: Pick<DecisionMark, 'during'>;
}

type Advance =
  | { readonly kind: 'attempt'; readonly attempt: Attempt; readonly warnings: readonly StepWarning[] }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'rest' };

/**
 * Drives one run from where it stands to its end, a pause or a doubt. One loop: decide, commit what was decided together with
 * the end of the step before, act, decide again. Invariants:
 * 1. An effect begins only after its `step.started` is committed.
 * 2. Between two commits nothing is awaited, so a commit holds everything that belongs together.
 * 3. After `stop()` nothing is begun.
 * 4. While a commit is awaited anybody may stop, cancel or pause: what was decided before it is looked at again after it.
 */
export class RunDriver {
  readonly #options: DriverOptions;
  readonly #planning: RunPlanning;
  readonly #settler: AttemptSettler;
  #cursor = 0;
  #isStopping = false;
  #interruption: Interruption | null = null;
  #abort: AbortController | null = null;
  #wake: (() => void) | null = null;
  #stopTimeout: (() => void) | null = null;
  readonly #killed = Promise.withResolvers<'killed'>();

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#planning = planWorkflow(options.version.workflow);
    this.#settler = new AttemptSettler({ ...options, scopeAt: (now) => this.#scope(now) });
  }

  get #tools(): EngineTools {
    return { builtIns: this.#options.builtIns, agent: this.#options.host.agents.tool };
  }

  get #state(): RunState {
    return this.#options.recorder.state;
  }

  /** Resolves when the run rests: ended, paused, in doubt, or stopped. `interrupted` = the start of a step left open by a crash. */
  async drive(interrupted: StepStarted | null = null): Promise<void> {
    this.#armTimeout();
    try {
      if (interrupted !== null) await this.#recover(interrupted);
      for (;;) {
        const next = this.#advance();
        await this.#options.recorder.commit();
        if (next.kind === 'rest' && !this.#isCancelDue()) return;
        if (next.kind === 'wait' && !this.#isCalledOff()) await this.#waitUntil(next.until);
        if (next.kind === 'attempt') await this.#act(next.attempt, next.warnings);
      }
    } finally {
      this.#stopTimeout?.();
    }
  }

  /** Cancelled while the commit of a pause or a doubt was on its way: that was not the end yet. */
  #isCancelDue(): boolean {
    return this.#state.cancelRequested && !isEnded(this.#state.status);
  }

  /** True when the driver must decide again instead of waiting for the next attempt. */
  #isCalledOff(): boolean {
    return this.#isStopping || this.#interruption !== null || this.#state.pauseRequested;
  }

  /** Cancels: the running attempt is ended for real, no other begins. Durable when it resolves. */
  async cancel(actor: Actor): Promise<void> {
    if (this.#state.cancelRequested || isEnded(this.#state.status)) return;
    this.#options.recorder.emit({ type: 'run.cancel_requested' }, actor);
    const committed = this.#options.recorder.commit();
    this.#interrupt('cancel');
    await committed;
  }

  /** A person's word on a step in doubt; whoever calls drives on afterwards. Durable when it resolves. */
  async resolveDoubt(
    path: string,
    word: { readonly as: 'completed' | 'failed' | 'rerun'; readonly output: Json },
    actor: Actor,
  ): Promise<void> {
    const { recorder } = this.#options;
    const one = this.#planning.steps.find((candidate) => candidate.path === path);
    const record = this.#state.steps.get(path);
    if (one === undefined || record === undefined) return;
    const role = record.attempts.at(-1)?.role ?? 'main';
    recorder.emit({ type: 'step.resolved', path, as: word.as, output: word.output }, actor);
    if (word.as === 'failed') {
      const error = new AppError('step.in_doubt', `${actor.id} marked this step as failed after its result was lost.`);
      this.#settler.fail(
        { step: one.step, path, attempt: record.attempt, role, isRepeatable: false, agent: null },
        error,
        [],
      );
    }
    await recorder.commit();
  }

  /** Running steps end, none begins. */
  async pause(actor: Actor): Promise<void> {
    if (this.#state.pauseRequested || this.#state.status !== 'running') return;
    this.#options.recorder.emit({ type: 'run.pause_requested' }, actor);
    const committed = this.#options.recorder.commit();
    this.#wake?.();
    await committed;
  }

  /** No new steps from now on; the running one may end. */
  stop(): void {
    this.#isStopping = true;
    this.#wake?.();
  }

  /** Ends the running attempt because the host goes down. */
  kill(): void {
    this.#isStopping = true;
    this.#killed.resolve('killed');
    this.#interrupt('host_stopped');
  }

  #interrupt(reason: Interruption): void {
    this.#interruption ??= reason;
    this.#abort?.abort(this.#interruption);
    this.#wake?.();
  }

  #armTimeout(): void {
    const { drivenSince, created } = this.#state;
    if (created.timeoutMs === null || drivenSince === null) return;
    const left = drivenSince + created.timeoutMs - this.#options.ports.now();
    this.#stopTimeout = this.#options.ports.setTimer(Math.max(0, left), () => this.#interrupt('run_timeout'));
  }

  /** Emits until something must be awaited. */
  #advance(): Advance {
    const { recorder } = this.#options;
    for (;;) {
      const state = this.#state;
      if (this.#endIfDue(state)) return { kind: 'rest' };
      if (this.#isStopping) {
        recorder.emit({ type: 'run.stopped' });
        return { kind: 'rest' };
      }
      this.#cursor = nextOpenStep(this.#planning, state, this.#cursor);
      const one = this.#planning.steps[this.#cursor];
      if (one === undefined) {
        const now = this.#options.ports.now();
        const { workflow } = this.#options.version;
        recorder.emit(this.#marked(() => finishRun(state, workflow, this.#scope(now), now)));
        return { kind: 'rest' };
      }
      const record = state.steps.get(one.path);
      if (record?.status === 'in_doubt') {
        if (state.status !== 'in_doubt') recorder.emit({ type: 'run.in_doubt' });
        return { kind: 'rest' };
      }
      if (state.pauseRequested) {
        recorder.emit({ type: 'run.paused' });
        return { kind: 'rest' };
      }
      const now = this.#options.ports.now();
      if (record?.retryAt != null && record.retryAt > now) return { kind: 'wait', until: record.retryAt };
      const next = this.#begin(one.path, now);
      if (next !== null) return next;
    }
  }

  /** Ends the run for a reason that is not its last step; true when it did. */
  #endIfDue(state: RunState): boolean {
    if (isEnded(state.status)) return true;
    const { recorder } = this.#options;
    if (state.cancelRequested) {
      this.#settler.leaveOpenSteps();
      recorder.emit(cancelRun(state));
      return true;
    }
    if (this.#interruption === 'run_timeout') {
      this.#settler.leaveOpenSteps();
      const seconds = (state.created.timeoutMs ?? 0) / 1000;
      recorder.emit(
        failRun(
          state,
          new AppError('run.timed_out', `The run took longer than its limit of ${seconds} seconds.`, {
            hint: 'Raise execution.timeout, or look for the step that hangs.',
          }),
        ),
      );
      return true;
    }
    if (state.stoppedBy === null) return false;
    const failed = state.steps.get(state.stoppedBy);
    const message = failed?.error?.message ?? 'unknown';
    recorder.emit(
      failRun(
        state,
        new AppError('step.failed', `Step '${state.stoppedBy}' failed: ${message}`, {
          hint: failed?.error?.hint,
          details: { step: state.stoppedBy, code: failed?.error?.code ?? null },
        }),
      ),
    );
    return true;
  }

  /** Decides about the step at the cursor; null = it was settled without waiting, look again. */
  #begin(path: string, now: number): Advance | null {
    const { recorder, version, host } = this.#options;
    const one = this.#planning.steps[this.#cursor];
    if (one === undefined) return null;
    const stepNow = this.#state.steps.get(path)?.now ?? now;
    const decide = (): StepDecision =>
      decideStep(one, {
        state: this.#state,
        version,
        planning: this.#planning,
        tools: this.#tools,
        agents: host.agents,
        scope: this.#scope(stepNow),
        now,
      });
    const decision = this.#planning.isTemplated(path) ? this.#marked(decide) : decide();
    recorder.emit(decision.event);
    if (decision.kind === 'skip') return null;
    if (decision.kind === 'attempt') return { kind: 'attempt', attempt: decision.attempt, warnings: decision.warnings };
    this.#settler.fail(
      {
        step: one.step,
        path,
        attempt: decision.event.attempt,
        role: decision.event.role,
        isRepeatable: false,
        agent: null,
      },
      decision.error,
      [],
    );
    return null;
  }

  /** What works something out for the workflow may be the last that this engine does (SPEC §3.8). */
  #marked<T>(work: () => T): T {
    return this.#options.deciding.during(this.#state.runId, () => {
      failpoint('run.deciding');
      return work();
    });
  }

  async #act(attempt: Attempt, warnings: readonly StepWarning[]): Promise<void> {
    if (this.#isStopping || this.#interruption !== null) {
      this.#settler.neverBegan(attempt, this.#interruption);
      return;
    }
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const context = this.#context(attempt, signal);
    const working = carryOut(attempt, context);
    const outcome = working instanceof Promise ? await working : working;
    await this.#settle(attempt, outcome, { warnings, context });
    this.#abort = null;
  }

  /** The one end of an attempt, whether this engine made it or one that died: retries, failover and breakers count the same. */
  async #settle(
    attempt: Attempt,
    outcome: AttemptOutcome,
    { warnings, context }: { readonly warnings: readonly StepWarning[]; readonly context: AttemptContext },
  ): Promise<void> {
    if (attempt.agent === null) {
      this.#settler.settle(attempt, outcome, warnings, this.#interruption);
      return;
    }
    await settleAgentAttempt(attempt, outcome, {
      ...this.#options,
      settler: this.#settler,
      warnings,
      context,
      interruption: () => this.#interruption,
      isStopping: () => this.#isStopping,
    });
  }

  /** SPEC §3.8: a started step without an end is looked up first. */
  async #recover(started: StepStarted): Promise<void> {
    const { recorder, version } = this.#options;
    const one = this.#planning.steps.find((candidate) => candidate.path === started.path);
    if (one === undefined || isSettled(this.#state.steps.get(started.path))) return;
    const attempt = attemptOf(started, one.step, resolveAction(started.action, version, this.#tools));
    endOpenCalls(recorder, started.path, false);
    // Durable before anything is waited for (invariant 2).
    await recorder.commit();
    // A look-up is not cut short by a cancel, but what is asked after it is.
    const lookingUp = lookUp(attempt, this.#context(attempt, new AbortController().signal));
    const found = await Promise.race([lookingUp, this.#killed.promise]);
    // Killed: the start stays open and the next engine looks it up again.
    if (found === 'never_began' || found === 'killed') return;
    if (found === 'unknown') {
      if (started.effect === 'effect' || hasCalledEffects(this.#state, started.path))
        this.#settler.doubt(attempt, 'engine_died');
    } else {
      this.#abort = new AbortController();
      if (this.#interruption !== null) this.#abort.abort(this.#interruption);
      await this.#settle(attempt, found, { warnings: [], context: this.#context(attempt, this.#abort.signal) });
      this.#abort = null;
    }
    await recorder.commit();
  }

  #waitUntil(until: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stopTimer();
        this.#wake = null;
        resolve();
      };
      const stopTimer = this.#options.ports.setTimer(Math.max(0, until - this.#options.ports.now()), done);
      this.#wake = done;
    });
  }

  #scope(now: number): Scope {
    const { version, host } = this.#options;
    return runScope({
      state: this.#state,
      workflow: version.workflow,
      env: { ...host.allowedEnv, ...version.env },
      now,
    });
  }

  #context(attempt: Attempt, signal: AbortSignal): AttemptContext {
    const { version, host, ports, logs, recorder, conversations, deciding } = this.#options;
    const { runId } = this.#state;
    const redact = (text: string): string => host.redact(text);
    const stepLog = createStepLog({ logs, runId, path: attempt.path, now: ports.now, redact });
    const context: AttemptContext = {
      runId,
      originRunId: this.#state.created.originRunId,
      version,
      host,
      ports,
      deciding,
      signal,
      scope: this.#scope(attempt.now),
      ...stepLog,
    };
    if (attempt.agent === null) return context;
    const contextOf = (call: Attempt): AttemptContext => this.#context(call, signal);
    const { path, agent } = attempt;
    const place = { runId, path, attempt: attempt.attempt, agent: agent?.name ?? '' };
    const conversation = new ConversationWriter({ ...place, conversations, host, now: ports.now });
    const options = { recorder, conversation, contextOf, now: ports.now };
    return { ...context, conversation, agentCall: agentCallOf(attempt, context, options) };
  }
}
