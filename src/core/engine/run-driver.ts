import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { ChildEnded, StepStarted } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import {
  type ConversationStore,
  type DecisionMark,
  failpoint,
  type LogStore,
  type OutputCache,
} from '../storage/index.ts';
import type { Tool } from '../tools/index.ts';
import { type ApprovalWord, proposerOf } from './approval-request.ts';
import type { Interruption } from './attempt.ts';
import { AttemptRunner } from './attempt-runner.ts';
import { AttemptSettler } from './attempt-settler.ts';
import { createRunNames, type RunNames } from './block-context.ts';
import { EventLook } from './event-look.ts';
import { cancelRun, failRun, finishRun, outOfTime, stepFailed } from './finish.ts';
import { openRollback, rollbackOf } from './fold-rollback.ts';
import { OpenAttemptSet } from './open-attempts.ts';
import { openCopy } from './open-copy.ts';
import { planWorkflow, type RunPlanning } from './plan.ts';
import { type PlayedRun, playOn, playsOn } from './play-on.ts';
import type { Playback } from './playback.ts';
import type { Arrival, EngineHost, EnginePorts, EventInbox, RunnableVersion } from './ports.ts';
import { isRollingBack, rollbackDue } from './rollbacks.ts';
import { ENGINE_ACTOR, type RunRecorder } from './run-recorder.ts';
import { isEnded, ROOT, type RunState } from './run-state.ts';
import { Scheduler } from './scheduler.ts';
import type { SubRuns } from './sub-runs.ts';
import { Telling } from './telling.ts';
import { createUndoPlanner, resolvedStep, type UndoPlanner } from './undo-attempt.ts';
import type { Walk } from './walk.ts';

export interface DriverOptions {
  readonly recorder: RunRecorder;
  readonly version: RunnableVersion;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  readonly builtIns: Tool;
  readonly logs: LogStore;
  readonly conversations: ConversationStore;
  readonly outputs: OutputCache;
  readonly deciding: Pick<DecisionMark, 'during'>;
  readonly subRuns: Pick<SubRuns, 'tend' | 'cancel'>;
  readonly inbox: EventInbox;
  /** Set for a run that is answered from a recording. */
  readonly playback?: Playback;
}

/** Steps that rest for longer than this are not waited for by a driver. */
const HELD_WAIT_MS = 1_000;
/** The same for what comes by itself between two attempts or turns. */
const HELD_PAUSE_MS = 60_000;

/**
 * Drives one run from where it stands to its end, a pause, a wait or a doubt. One loop: write down what has ended, walk the tree, commit what
 * was decided together, begin attempts, wait for the next end. Invariants:
 * 1. An effect begins only after its `step.started` is committed, and told to the control center of a run that is worked on for another.
 * 2. From taking an end to the commit nothing is awaited, so a commit holds everything that belongs together.
 * 3. After `stop()` nothing is begun.
 * 4. While a commit is awaited anybody may stop, cancel or pause: what was decided before it is looked at again after it.
 * 5. The loop leaves only when no attempt is open and nothing goes on by itself.
 */
export class RunDriver {
  readonly #options: DriverOptions;
  readonly #planning: RunPlanning;
  readonly #names: RunNames;
  readonly #undoFor: UndoPlanner;
  readonly #settler: AttemptSettler;
  readonly #open = new OpenAttemptSet(() => this.#telling.lookAgain());
  readonly #runner: AttemptRunner;
  readonly #scheduler: Scheduler;
  readonly #events: EventLook;
  /** Steps whose run was looked after since the run is driven. */
  readonly #tended = new Set<string>();
  #isStopping = false;
  #isTimeUp = false;
  readonly #telling: Telling;
  #stopTimeout: (() => void) | null = null;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#planning = planWorkflow(options.version.workflow);
    const { recorder, builtIns, host } = options;
    this.#telling = new Telling(host);
    const tools = { builtIns, agent: host.agents.tool };
    this.#names = createRunNames({ ...options, planning: this.#planning, state: () => recorder.state });
    this.#undoFor = createUndoPlanner({ ...options, tools, names: this.#names, state: () => recorder.state });
    const own = { planning: this.#planning, names: this.#names, undoFor: this.#undoFor, open: this.#open };
    const shared = { ...options, ...own, tools };
    this.#settler = new AttemptSettler(shared);
    this.#runner = new AttemptRunner({ ...shared, settler: this.#settler, isStopping: () => this.#isStopping });
    if (options.playback !== undefined) options.playback.turns.onAsked = () => this.#open.nudge();
    const mark = <T>(work: () => T): T => this.#marked(work);
    this.#events = new EventLook({ ...shared, mark, state: () => recorder.state });
    this.#scheduler = new Scheduler({
      ...shared,
      settler: this.#settler,
      events: this.#events,
      open: {
        has: (path) => this.#open.has(path),
        callOff: (path) => this.#open.callOff(path, this.#isTimeUp ? 'run_timeout' : 'cancel'),
      },
      mark,
    });
  }

  get #state(): RunState {
    return this.#options.recorder.state;
  }
  /**
   * Resolves when the run rests: ended, paused, waiting, in doubt, or stopped. `interrupted` = the starts of attempts that a crash has left open.
   */
  async drive(interrupted: readonly StepStarted[] = []): Promise<void> {
    this.#armTimeout();
    try {
      if (this.#options.version.workflow.worksInCopy === true && !(await openCopy(this.#options))) return;
      // Nothing is awaited on the way to a first step: its start is durable together with the run.
      if (interrupted.length > 0) {
        const telling = this.#telling.ofReturn(this.#options.recorder, () => !this.#isStopping);
        if (telling !== null) await telling;
        await this.#runner.recover(interrupted);
      }
      for (;;) {
        this.#open.takeEnded();
        const walk = this.#isOver ? null : this.#walk();
        const isStill = walk === null || this.#isStill(walk);
        const isResting = isStill && !this.#settle(walk);
        await this.#options.recorder.commit();
        if (walk !== null) this.#lookAfterChildren(walk);
        if (isResting) return;
        if (walk === null || isStill) continue;
        const telling = walk.starts.length === 0 ? null : this.#telling.begin(this.#state.runId);
        if (telling !== null) await this.#telling.until(this.#state.runId, telling, () => this.#begins(walk));
        for (const start of walk.starts) this.#runner.begin(start, this.#calledOff(start.isShielded));
        for (const one of walk.writes) if (this.#calledOff(one.isShielded) === null) this.#runner.write(one);
        if (!this.#open.hasEnded) await this.#nextEnd(walk);
      }
    } finally {
      this.#stopTimeout?.();
    }
  }

  #played(walk: Walk): PlayedRun {
    const isHeld = this.#isStopping || this.#state.pauseRequested;
    return { state: this.#state, walk, open: this.#open, isHeld, isTimeUp: this.#isTimeUp };
  }

  #begins({ starts }: Walk): boolean {
    return starts.some(({ isShielded }) => this.#calledOff(isShielded) === null);
  }

  get #isOver(): boolean {
    return isEnded(this.#state.status) && openRollback(this.#state, ROOT) === null;
  }

  get #isClosing(): boolean {
    return this.#state.cancelRequested || this.#isTimeUp;
  }

  #walk(): Walk {
    const isAsked = this.#state.pauseRequested || this.#settler.keyAway !== null;
    const isHeld = this.#isStopping || (isAsked && !this.#isClosing);
    return this.#scheduler.walk({ isClosing: this.#isClosing, isHeld });
  }

  /** True when nothing is being made, begins or goes on by itself. */
  #isStill(walk: Walk): boolean {
    if (playsOn(this.#options.playback, this.#played(walk))) return false;
    const { wakeAt, waitsFor } = walk;
    const held = waitsFor === null ? HELD_PAUSE_MS : HELD_WAIT_MS;
    // What a run takes back that has ended is waited for: nothing would wake it.
    const isNear = wakeAt !== null && (isEnded(this.#state.status) || wakeAt - this.#options.ports.now() <= held);
    const isOver = walk.calledOff.length === 0 || this.#isStopping;
    return this.#open.size === 0 && walk.starts.length === 0 && walk.writes.length === 0 && !isNear && isOver;
  }

  /** Why a start that was committed is not carried out; null = it is. */
  #calledOff(isShielded: boolean): Interruption | 'held' | null {
    if (this.#isStopping) return 'held';
    if (isShielded || !this.#isClosing) return null;
    return this.#isTimeUp ? 'run_timeout' : 'cancel';
  }

  /** The run has come to rest: says why. True = it goes on after all, with its rollback. */
  #settle(walk: Walk | null): boolean {
    const hasTo = walk !== null && !this.#awaitsFinally(walk);
    const by = hasTo ? rollbackDue(this.#state, this.#options.version.workflow, this.#isTimeUp) : null;
    if (walk !== null && by !== null && !this.#isStopping) {
      this.#scheduler.beginRollback(by);
      return true;
    }
    if (walk !== null && isEnded(this.#state.status)) this.#settleEnded(walk);
    else if (walk !== null) this.#settleOpen(walk, by !== null);
    return false;
  }

  /** A `finally` that rests is waited for, also by a run that is called off. */
  #awaitsFinally({ waitsFor, wakeAt }: Walk): boolean {
    return this.#isClosing && !this.#isStopping && (waitsFor !== null || wakeAt !== null);
  }

  /** The rollback of a run that had ended goes no further now; its status stays. */
  #settleEnded({ hasDoubt }: Walk): void {
    if (openRollback(this.#state, ROOT) === null) return;
    if (hasDoubt) this.#options.recorder.emit({ type: 'rollback.in_doubt' });
    else if (this.#isStopping) this.#options.recorder.emit({ type: 'run.stopped' });
  }

  #settleOpen(walk: Walk, isRollbackDue: boolean): void {
    const { recorder, version, ports } = this.#options;
    const state = this.#state;
    if (this.#awaitsFinally(walk)) {
      this.#rest(walk);
      return;
    }
    const isUndoing = isRollbackDue || isRollingBack(state);
    if (!isUndoing && this.#endIfDue(state)) return;
    if (!isUndoing && this.#scheduler.isThrough) {
      const now = ports.now();
      recorder.emit(this.#marked(() => finishRun(state, version.workflow, this.#names.scopeIn(ROOT, now), now)));
      return;
    }
    const { wakeAt } = walk;
    if (walk.hasDoubt && state.status !== 'in_doubt')
      recorder.emit({ type: 'run.in_doubt', ...(wakeAt === null ? {} : { until: wakeAt }) });
    if (this.#isStopping) recorder.emit({ type: 'run.stopped' });
    else if (!walk.hasDoubt && this.#settler.keyAway !== null)
      recorder.emit({ type: 'run.paused', reason: this.#settler.keyAway.toRecord() });
    else if (!walk.hasDoubt && state.pauseRequested) recorder.emit({ type: 'run.paused' });
    else if (!walk.hasDoubt) this.#rest(walk);
  }

  /** Nobody drives the run until what it waits for comes, or its time limit. */
  #rest({ wakeAt, waitsFor, hears }: Walk): void {
    const { runId, drivenSince, created } = this.#state;
    if (wakeAt === null && waitsFor === null) throw new Error(`run ${runId} stands still`);
    const isLimited = !this.#isClosing && waitsFor !== 'approval' && drivenSince !== null && created.timeoutMs !== null;
    const limit = isLimited ? drivenSince + created.timeoutMs : null;
    const until = wakeAt === null || limit === null ? (wakeAt ?? limit) : Math.min(wakeAt, limit);
    const heard = hears.length === 0 ? {} : { hears };
    this.#options.recorder.emit({ type: 'run.waiting', for: waitsFor ?? 'time', until, ...heard });
  }

  /** Ends the run for a reason that is not its last step; true when it did. */
  #endIfDue(state: RunState): boolean {
    const { recorder } = this.#options;
    if (this.#isClosing && this.#isStopping && this.#scheduler.hasOpenBlock) return false;
    if (state.cancelRequested) {
      recorder.emit(cancelRun(state));
      return true;
    }
    if (this.#isTimeUp) {
      recorder.emit(failRun(state, outOfTime(state)));
      return true;
    }
    const failure = state.frames.get(ROOT)?.failure ?? null;
    if (failure === null) return false;
    recorder.emit(failRun(state, stepFailed(failure, rollbackOf(state, ROOT) !== null)));
    return true;
  }

  /** Cancels: the running attempts are ended for real, none but those of `finally` begins. Durable when it resolves. */
  async cancel(actor: Actor): Promise<void> {
    if (this.#state.cancelRequested || this.#isOver) return;
    this.#options.recorder.emit({ type: 'run.cancel_requested' }, actor);
    const committed = this.#options.recorder.commit();
    this.#open.nudge();
    await committed;
  }

  /** A person's word on a step in doubt; whoever calls drives on afterwards. Durable when it resolves. */
  async resolveDoubt(
    path: string,
    word: { readonly as: 'completed' | 'failed' | 'rerun'; readonly output: Json },
    actor: Actor,
  ): Promise<void> {
    const { recorder } = this.#options;
    const step = this.#planning.at(path)?.step;
    const record = this.#state.steps.get(path);
    if (step === undefined || record === undefined) return;
    const role = record.attempts.at(-1)?.role ?? 'main';
    const undo =
      word.as === 'completed' ? this.#undoFor(resolvedStep(step, record, this.#options.ports.now()), word.output) : {};
    recorder.emit({ type: 'step.resolved', path, as: word.as, output: word.output, ...undo }, actor);
    if (word.as === 'failed') {
      const error = new AppError('step.in_doubt', `${actor.id} marked this step as failed after its result was lost.`);
      this.#settler.fail({ step, path, attempt: record.attempt, role, isRepeatable: false, agent: null }, error, []);
    }
    await recorder.commit();
  }

  /** A person's word about a request, with what follows from it; whoever calls drives on afterwards. Durable when it resolves. */
  async decide({ path, id, decision, comment, to }: ApprovalWord, actor: Actor): Promise<void> {
    const { recorder } = this.#options;
    const planned = this.#planning.at(path);
    const record = this.#state.steps.get(path);
    if (planned === undefined || record === undefined) return;
    const { attempt, frame } = record;
    const from =
      decision === 'revise' ? proposerOf(planned, record, { state: this.#state, planning: this.#planning }) : path;
    const handed = to === undefined ? {} : { to };
    recorder.emit({ type: 'approval.decided', path, attempt, id, decision, comment, ...handed }, actor);
    if (decision === 'revise') {
      recorder.emit({ type: 'approval.reopened', path, attempt, from, reason: 'revised', comment });
      this.#scheduler.rewind(frame);
    } else this.#scheduler.resolve({ ...planned, path, frame });
    const committed = recorder.commit();
    this.#open.nudge();
    await committed;
  }

  /** The run that a step waits for has ended. Durable when it resolves. */
  async tell(path: string, child: ChildEnded): Promise<void> {
    const { recorder } = this.#options;
    const attempt = this.#state.steps.get(path)?.attempt ?? 1;
    recorder.emit({ type: 'waitpoint.resolved', path, attempt, by: 'child', child });
    const committed = recorder.commit();
    this.#open.nudge();
    await committed;
  }

  /** Whether a step waits for what has come; without it, for anything that came since the run was started. */
  isHeard(arrival?: Arrival): boolean {
    return this.#events.isHeard(this.#options.ports.now(), arrival);
  }

  /** Something may have come that a step waits for: it is looked. */
  nudge(): void {
    this.#open.nudge();
  }

  /** Runs that steps wait for: started, gone on with or called off, once their steps are durable. */
  #lookAfterChildren({ children, calledOff }: Walk): void {
    const { subRuns } = this.#options;
    for (const path of children) {
      if (this.#tended.has(path)) continue;
      this.#tended.add(path);
      subRuns.tend(this.#state, path);
    }
    if (!this.#isStopping) for (const path of calledOff) subRuns.cancel(this.#state, path, ENGINE_ACTOR);
  }

  /** Running steps end, none begins. */
  async pause(actor: Actor): Promise<void> {
    if (this.#state.pauseRequested || this.#state.status !== 'running') return;
    this.#options.recorder.emit({ type: 'run.pause_requested' }, actor);
    const committed = this.#options.recorder.commit();
    this.#open.nudge();
    await committed;
  }

  /** No new steps from now on; the running ones may end. */
  stop(): void {
    this.#isStopping = true;
    this.#open.nudge();
  }

  /** Ends the running attempts because the host goes down. */
  kill(): void {
    this.#isStopping = true;
    this.#runner.kill();
    this.#open.callOffAll('host_stopped');
    this.#open.nudge();
  }

  #armTimeout(): void {
    const { drivenSince, created } = this.#state;
    if (created.timeoutMs === null || drivenSince === null || isEnded(this.#state.status)) return;
    const left = drivenSince + created.timeoutMs - this.#options.ports.now();
    if (left <= 0) this.#isTimeUp = true;
    if (this.#isTimeUp) return;
    this.#stopTimeout = this.#options.ports.setTimer(left, () => {
      this.#isTimeUp = true;
      this.#open.nudge();
    });
  }

  /** What works something out for the workflow may be the last that this engine does (SPEC §3.8). */
  #marked<T>(work: () => T): T {
    return this.#options.deciding.during(this.#state.runId, () => {
      failpoint('run.deciding');
      return work();
    });
  }

  /** Resolves when an attempt has ended, the instant has come, or somebody wants something. */
  async #nextEnd(walk: Walk): Promise<void> {
    const { ports, playback } = this.#options;
    const { wakeAt } = walk;
    if (playOn(playback, this.#played(walk))) this.#isTimeUp = true;
    const stopTimer =
      wakeAt === null ? null : ports.setTimer(Math.max(0, wakeAt - ports.now()), () => this.#open.nudge());
    await this.#open.next();
    stopTimer?.();
    // Lanes that end together share one commit, and none of them waits for the commit of another.
  }
}
