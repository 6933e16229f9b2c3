import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { StepStarted } from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Scope } from '../workflow/index.ts';
import { agentCallOf, bookLostCalls, endOpenCalls, hasCalledEffects } from './agent-calls.ts';
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
  writeStepFile,
} from './attempt.ts';
import type { AttemptSettler } from './attempt-settler.ts';
import type { RunNames } from './block-context.ts';
import { ConversationWriter } from './conversation-writer.ts';
import { endAgentAttempt } from './end-agent-attempt.ts';
import { coveredBy, type TakenAfter, takeAfter, takeBefore } from './files-around.ts';
import { keyPathOf } from './frame-paths.ts';
import { isKeyAway } from './key-away.ts';
import type { Ending, OpenAttemptSet, Opened } from './open-attempts.ts';
import type { RunPlanning } from './plan.ts';
import type { DriverOptions } from './run-driver.ts';
import { isSettled, ROOT, type RunState } from './run-state.ts';
import { StepCache } from './step-cache.ts';
import { createStepLog } from './step-log.ts';
import type { AttemptStart, BlockWrite } from './walk.ts';

interface RunnerOptions extends DriverOptions {
  readonly planning: RunPlanning;
  readonly names: RunNames;
  readonly tools: EngineTools;
  readonly settler: AttemptSettler;
  readonly open: OpenAttemptSet;
  readonly isStopping: () => boolean;
}

/** An attempt that is being made. */
interface Making {
  readonly opened: Opened;
  readonly context: AttemptContext;
  readonly warnings: readonly StepWarning[];
}

/**
 * Makes the attempts of a run: begins them, and takes up those that an engine which died has left open. One end for both: retries,
 * failover and breakers count the same. What an attempt came to is not written down here but given to the loop as an {@link Ending}.
 */
export class AttemptRunner {
  readonly #options: RunnerOptions;
  readonly #cache: StepCache;
  /** Outputs that are taken over, by what their step keys are made of. */
  #kept: ReadonlyMap<string, Json> | null = null;
  readonly #killed = Promise.withResolvers<'killed'>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#cache = new StepCache({ ...options, state: () => this.#state });
  }

  /** The start is committed. `calledOff` = why it is not carried out all the same. */
  begin(
    { attempt, warnings }: Pick<AttemptStart, 'attempt' | 'warnings'>,
    calledOff: Interruption | 'held' | null,
  ): void {
    const { open, settler } = this.#options;
    const { path } = attempt;
    const opened = open.add(path);
    if (calledOff !== null) {
      open.end(path, () => settler.neverBegan(attempt, calledOff));
      return;
    }
    const context = this.#context(attempt, opened);
    const kept = this.#takenOver(attempt) ?? this.#cache.find(attempt);
    if (kept !== null) {
      // The kept output is the end of the attempt: no tool and no agent is asked.
      writeStepFile(attempt, context, kept).then((outcome) =>
        open.end(path, () => settler.settle(attempt, outcome, warnings, opened.interruption())),
      );
      return;
    }
    const said = [...warnings, ...this.#cache.warningsFor(attempt)];
    const patterns = this.#coveredBy(attempt);
    if (patterns !== null) {
      this.#end(path, this.#watch(attempt, patterns, { opened, context, warnings: said }));
      return;
    }
    const working = carryOut(attempt, context);
    if (working instanceof Promise) this.#follow(attempt, working, { opened, context, warnings: said });
    else open.end(path, () => this.#settle(attempt, working, said, opened));
  }

  /** What the step gave in the run that this one retries, where that is taken over: it is not done again. */
  #takenOver({ keyPath, role }: Attempt): Extract<AttemptOutcome, { kind: 'completed' }> | null {
    const { kept, linkedRunId } = this.#state.created;
    if (kept === undefined || role !== 'main') return null;
    this.#kept ??= new Map(kept.map((one) => [one.keyPath, one.output]));
    const output = this.#kept.get(keyPath);
    return output === undefined
      ? null
      : { kind: 'completed', output, warnings: [], metadata: { taken_from: linkedRunId } };
  }

  /** Writes down what an attempt came to, and keeps it where the step says so. */
  #settle(attempt: Attempt, outcome: AttemptOutcome, warnings: readonly StepWarning[], opened: Opened): void {
    this.#options.settler.settle(attempt, outcome, warnings, opened.interruption());
    this.#cache.keep(attempt, outcome);
  }

  /** A block ends when its output stands in its file; where an engine dies meanwhile it is written again. */
  write({ one, end }: BlockWrite): void {
    const { open, settler, names, ports } = this.#options;
    const { step, path, frame } = one;
    const now = this.#state.steps.get(path)?.now ?? ports.now();
    open.add(path);
    const scope = (): Scope => names.scopeIn(frame, now);
    const context = { ...this.#options, runId: this.#state.runId, scope };
    writeStepFile({ step, now }, context, { kind: 'completed', output: end.output, warnings: [] }).then((outcome) =>
      open.end(path, () => {
        if (outcome.kind === 'completed') settler.completeBlock(one, end);
        else settler.failBlock(one, { error: outcome.error.toRecord(), path, isFinal: false }, end.warnings);
      }),
    );
  }

  /** SPEC §3.8: a started step without an end is looked up first, all of them at once. Durable before anything is waited for. */
  async recover(interrupted: readonly StepStarted[]): Promise<void> {
    const { recorder, planning, version, tools, open } = this.#options;
    for (const started of interrupted) {
      const step = planning.at(started.path)?.step;
      if (step === undefined || isSettled(this.#state.steps.get(started.path))) continue;
      const keyPath = keyPathOf(this.#state, started.frame ?? ROOT, started.path);
      const attempt = attemptOf(started, { step, keyPath }, resolveAction(started.action, version, tools));
      endOpenCalls(recorder, started.path, false);
      const opened = open.add(started.path);
      this.#end(started.path, this.#lookUp(attempt, opened));
    }
    await recorder.commit();
  }

  /** The host goes down: nobody waits for a look-up any more. */
  kill(): void {
    this.#killed.resolve('killed');
  }

  get #state(): RunState {
    return this.#options.recorder.state;
  }

  /** What a recording answers changes no file. */
  #coveredBy(attempt: Attempt): readonly string[] | null {
    const { playback, version } = this.#options;
    return playback?.covers(attempt.path) === true ? null : coveredBy(attempt, version.workflow);
  }

  #follow(attempt: Attempt, working: Promise<AttemptOutcome>, more: Making): void {
    this.#end(
      attempt.path,
      working.then((outcome) => this.#endingOf(attempt, outcome, more)),
    );
  }

  /** A bug in the machinery of an attempt ends the run's loop, not nobody. */
  #end(path: string, ending: Promise<Ending>): void {
    const { open } = this.#options;
    ending.then(
      (end) => open.end(path, end),
      (thrown: unknown) => open.end(path, rethrow(thrown)),
    );
  }

  /** Makes an attempt with what it may change taken down before and after it. */
  async #watch(attempt: Attempt, patterns: readonly string[], making: Making): Promise<Ending> {
    const { settler, isStopping } = this.#options;
    const { opened, context, warnings } = making;
    const before = await takeBefore(attempt, patterns, this.#options);
    // Called off while that was done: it has not begun.
    const calledOff = opened.interruption() ?? (isStopping() ? 'held' : null);
    if (calledOff !== null) return () => settler.neverBegan(attempt, calledOff);
    const outcome = await carryOut(attempt, context);
    const after = await takeAfter(attempt, patterns, this.#options);
    const said = [...warnings, ...before, ...after.warnings];
    return this.#withFiles(after, await this.#endingOf(attempt, outcome, { ...making, warnings: said }));
  }

  #withFiles(after: TakenAfter | null, ending: Ending): Ending {
    return () => {
      if (after !== null) this.#options.recorder.emit(after.event);
      ending();
    };
  }

  async #endingOf(attempt: Attempt, outcome: AttemptOutcome, { opened, context, warnings }: Making): Promise<Ending> {
    const { isStopping } = this.#options;
    if (attempt.agent === null) return () => this.#settle(attempt, outcome, warnings, opened);
    const ending = await endAgentAttempt(attempt, outcome, {
      ...this.#options,
      warnings,
      context,
      interruption: opened.interruption,
      isStopping,
    });
    return () => {
      ending();
      this.#cache.keep(attempt, outcome);
    };
  }

  async #lookUp(attempt: Attempt, opened: Opened): Promise<Ending> {
    const { settler } = this.#options;
    // What comes back may hold the secrets that the attempt was given: they have to be known first.
    const { inputs } = attempt;
    const { host, version } = this.#options;
    const away = await host.fillSecrets({ inputs, env: version.env }, this.#state).then(() => null, keyAwayOf);
    if (away !== null) return () => settler.standStill(away);
    // A look-up is not cut short by a cancel, but what is asked after it is.
    const begun = this.#state.steps.get(attempt.path)?.attempts.at(-1)?.startPosition ?? 0;
    const lookingUp = host.wasElsewhere(this.#state.runId, begun)
      ? Promise.resolve('unknown' as const)
      : lookUp(attempt, this.#context(attempt, new AbortController()));
    const found = await Promise.race([lookingUp, this.#killed.promise]);
    // Killed: the start stays open and the next engine looks it up again.
    if (found === 'killed') return () => undefined;
    if (attempt.agent !== null && (found === 'never_began' || found === 'unknown'))
      bookLostCalls(attempt, found === 'unknown', this.#options);
    if (found === 'never_began') return () => undefined;
    const patterns = this.#coveredBy(attempt);
    const after = patterns === null ? null : await takeAfter(attempt, patterns, this.#options);
    if (found !== 'unknown') {
      const making = { opened, context: this.#context(attempt, opened), warnings: after?.warnings ?? [] };
      return this.#withFiles(after, await this.#endingOf(attempt, found, making));
    }
    const isEffect = attempt.effect === 'effect' || hasCalledEffects(this.#state, attempt.path);
    return this.#withFiles(after, isEffect ? () => settler.doubt(attempt, 'engine_died') : () => undefined);
  }

  #context(attempt: Attempt, opened: Pick<Opened, 'signal'>): AttemptContext {
    const { version, host, ports, logs, recorder, conversations, deciding, names } = this.#options;
    const { runId } = this.#state;
    const stepLog = createStepLog({ logs, runId, path: attempt.path, now: ports.now, host });
    const frame = this.#state.steps.get(attempt.path)?.frame ?? ROOT;
    const context: AttemptContext = {
      runId,
      created: this.#state.created,
      starter: this.#state.actor,
      version,
      host,
      ports,
      deciding,
      signal: opened.signal,
      scope: () => names.scopeIn(frame, attempt.now),
      ...stepLog,
    };
    if (attempt.agent === null) return context;
    const contextOf = (call: Attempt): AttemptContext => this.#context(call, opened);
    const { path, agent } = attempt;
    const place = { runId, path, attempt: attempt.attempt, agent: agent?.name ?? '' };
    const conversation = new ConversationWriter({ ...place, conversations, host, now: ports.now });
    const options = { recorder, conversation, contextOf, now: ports.now };
    return { ...context, conversation, agentCall: agentCallOf(attempt, context, options) };
  }
}

/** Null = the key is there; a secret that is gone or not allowed any more stops no look-up. */
const keyAwayOf = (thrown: unknown): AppError | null =>
  thrown instanceof AppError && isKeyAway(thrown) ? thrown : null;

const rethrow = (thrown: unknown): Ending => {
  return () => {
    throw thrown;
  };
};
