import { AppError } from '../../shared/errors.ts';
import type { ApprovalReopened } from '../../shared/model/events.ts';
import type { RollbackCause } from '../../shared/model/undo.ts';
import { approvalBefore, changeSince } from './approval-request.ts';
import type { EngineTools } from './attempt.ts';
import type { AttemptSettler } from './attempt-settler.ts';
import { blockAt, markedEvaluator, type RunNames } from './block-context.ts';
import { isOverdue, timeoutOf } from './block-deadline.ts';
import { BlockWarnings } from './block-warnings.ts';
import { Closing, isAwaitingRun } from './closing.ts';
import { decideStep, type StepDecision } from './decide.ts';
import type { EventLook } from './event-look.ts';
import { openRollback, rollbackOf } from './fold-rollback.ts';
import { FrameKeeper } from './frame-keeper.ts';
import { pathIn, placed } from './frame-paths.ts';
import { type Block, type BlockStep, type Evaluator, type Move, rulesOf } from './kinds/index.ts';
import { PauseKeeper } from './pause-keeper.ts';
import type { RunPlanning } from './plan.ts';
import { leftPlan } from './plan-watch.ts';
import type { Playback } from './playback.ts';
import type { EngineHost, EnginePorts, PlacedStep, PlannedStep, RunnableVersion } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';
import { type FrameRecord, isSettled, ROOT, type RunState, type StepRecord } from './run-state.ts';
import type { UndoPlanner } from './undo-attempt.ts';
import { UndoKeeper } from './undo-keeper.ts';
import { Findings, type OpenAttempts, type Walk, type WalkMode } from './walk.ts';

interface SchedulerOptions {
  readonly recorder: RunRecorder;
  readonly planning: RunPlanning;
  readonly version: RunnableVersion;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  readonly tools: EngineTools;
  readonly settler: AttemptSettler;
  readonly undoFor: UndoPlanner;
  readonly names: RunNames;
  readonly open: OpenAttempts;
  /** Whatever is worked out for the workflow may be the last that this engine does (SPEC §3.8). */
  readonly mark: <T>(work: () => T) => T;
  readonly events: EventLook;
  readonly playback?: Playback;
}

/**
 * Walks the tree of a run: ends the frames that are through, asks the blocks what comes next, decides about steps. Invariants:
 * 1. It emits and collects; it never starts an effect and awaits nothing, so all that it decides is one commit.
 * 2. What it decides follows from the fold alone (and the clock): the same state gives the same walk after a crash.
 * 3. A frame ends once, after everything in it has ended; a block ends once, after its frames.
 * 4. Closing goes from the inside out; a `finally` that is due runs before its block ends.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  /** Frame -> its first step that is not settled: nothing before it changes while the run is driven. */
  readonly #cursors = new Map<string, number>();
  readonly #warnings = new BlockWarnings();
  readonly #pauses: PauseKeeper;
  readonly #frames: FrameKeeper;
  readonly #undo: UndoKeeper;
  readonly #closing: Closing;
  #found = new Findings();
  #isHeld = false;
  /** A question has to be asked anew: its list is gone through once more. */
  #isRewound = false;
  #now = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const evaluator = (frame: string, path: string): Evaluator => this.#evaluator(frame, path);
    this.#pauses = new PauseKeeper({
      ...options,
      evaluator: (frame, path) => ({
        ...evaluator(frame, path),
        came: (of) => options.events.first({ ...of, frame, path, now: this.#now, warn: this.#warnings.into(path) }),
      }),
    });
    this.#frames = new FrameKeeper({ ...options, evaluator });
    const walking = {
      found: (): Findings => this.#found,
      isHeld: (): boolean => this.#isHeld,
      now: (): number => this.#now,
      isBusy: (path: string): boolean => this.#isBusy(path),
    };
    this.#undo = new UndoKeeper({ ...options, ...walking });
    this.#closing = new Closing({
      ...options,
      ...walking,
      frames: this.#frames,
      undo: this.#undo,
      goThrough: (frame) => this.#goThrough(frame, true),
      forget: (frame) => this.#cursors.delete(frame),
    });
  }

  walk({ isClosing, isHeld }: WalkMode): Walk {
    this.#found = new Findings();
    this.#isHeld = isHeld;
    this.#now = this.#options.ports.now();
    const root = this.#frame(ROOT);
    if (openRollback(this.#state, ROOT) !== null) this.#undo.goOn(ROOT);
    else if (isClosing) this.#closing.steps(root);
    else {
      do {
        this.#isRewound = false;
        this.#goThrough(root, false);
      } while (this.#isRewound);
    }
    this.#found.settle((path) => this.#state.steps.get(path)?.status === 'waiting');
    return this.#found;
  }

  /** A person has said something about a request: what follows from it is written down with the word itself. */
  resolve(one: PlacedStep): void {
    const record = this.#state.steps.get(one.path);
    this.#now = this.#options.ports.now();
    if (record?.status === 'waiting') this.#pauses.resolve(one, record);
  }

  /** Everything that the run has left behind is undone from now on, before it ends. */
  beginRollback(by: RollbackCause): void {
    this.#undo.beginRun(by);
  }

  /** Steps of the frame are open again that were through. */
  rewind(frame: string): void {
    this.#cursors.delete(frame);
  }

  /** True when every step of the run has ended. */
  get isThrough(): boolean {
    const { planning } = this.#options;
    return planning.steps.every(({ path }) => isSettled(this.#state.steps.get(path)));
  }

  /** True while a block of the run, or a run that it waits for, has not ended: a `finally` may be due. */
  get hasOpenBlock(): boolean {
    return [...this.#state.steps.notPutAway()].some(
      (record) => (record.block !== null && record.status === 'running') || isAwaitingRun(record),
    );
  }

  get #state(): RunState {
    return this.#options.recorder.state;
  }

  #frame(path: string): FrameRecord {
    const frame = this.#state.frames.get(path);
    if (frame === undefined) throw new Error(`no frame ${path}`);
    return frame;
  }

  #goThrough(frame: FrameRecord, isShielded: boolean): void {
    const steps = this.#options.planning.stepsOf(frame);
    if (frame.path === ROOT && this.#options.planning.hasNeeds) this.#goByNeeds(frame, steps);
    else this.#goInOrder(frame, steps, isShielded);
  }

  #goInOrder(frame: FrameRecord, steps: readonly PlannedStep[], isShielded: boolean): void {
    let at = this.#cursors.get(frame.path) ?? 0;
    while (frame.failure === null) {
      this.#cursors.set(frame.path, at);
      const step = steps[at];
      if (step === undefined || !this.#advance(placed(step, frame), isShielded)) break;
      at += 1;
    }
    const current = frame.path === ROOT ? undefined : steps[at];
    if (current !== undefined && this.#state.steps.get(pathIn(frame, current.step.id))?.status === 'cancelled') {
      this.#closing.frame(frame);
      return;
    }
    if (frame.path !== ROOT && (frame.failure !== null || at >= steps.length)) this.#endFrame(frame, steps);
  }

  /** SPEC §3.2: a step starts when those that it needs have ended, at most so many at once, in file order. */
  #goByNeeds(root: FrameRecord, steps: readonly PlannedStep[]): void {
    const { planning, version } = this.#options;
    const limit = version.workflow.execution.maxConcurrentSteps;
    const isOver = (path: string): boolean => isSettled(this.#state.steps.get(path));
    for (let hasEnded = true; hasEnded && root.failure === null; ) {
      hasEnded = false;
      let busy = 0;
      for (const step of steps) {
        if (isOver(step.path) || !planning.neededSteps(step.path).every(isOver)) continue;
        const { status } = this.#state.steps.get(step.path) ?? {};
        if (status !== 'running' && status !== 'waiting' && busy >= limit) continue;
        if (this.#advance(placed(step, root), false)) hasEnded = true;
        else if (this.#state.steps.get(step.path)?.status !== 'waiting') busy += 1;
        if (root.failure !== null) break;
      }
    }
    if (root.failure !== null) this.#closing.steps(root);
  }

  /** Brings a step as far as it goes now; true when it has ended. */
  #advance(one: PlacedStep, isShielded: boolean): boolean {
    for (;;) {
      const record = this.#state.steps.get(one.path);
      if (isSettled(record)) return true;
      // Called off: its frame closes.
      if (record?.status === 'cancelled' && one.frame !== ROOT) return false;
      if (record?.status === 'in_doubt') {
        this.#found.hasDoubt = true;
        return false;
      }
      if (this.#isBusy(one.path)) return false;
      if (record?.block != null && record.status === 'running' && !record.fallbackPending) {
        if (this.#runBlock(one, isShielded)) continue;
        if (record.block.deadlineAt !== null && !record.block.isTimedOut) this.#found.wakeBy(record.block.deadlineAt);
        return false;
      }
      if (this.#isHeld) return false;
      if (record?.status === 'waiting') {
        if (!this.#look(one, record)) return false;
        continue;
      }
      if (record?.retryAt != null && record.retryAt > this.#now) {
        this.#found.wakeBy(record.retryAt);
        return false;
      }
      if (!this.#begin(one, record, isShielded)) return false;
    }
  }

  #isBusy(path: string): boolean {
    return (
      this.#options.open.has(path) ||
      this.#found.starts.some(({ attempt }) => attempt.path === path) ||
      this.#found.writes.some(({ one }) => one.path === path)
    );
  }

  /** Decides about a step that is to begin; false = it has to wait for its start to be durable. */
  #begin(one: PlacedStep, record: StepRecord | undefined, isShielded: boolean): boolean {
    const { recorder, version, planning, tools, host, names, settler, mark, playback } = this.#options;
    const guard = approvalBefore(one, { state: this.#state, planning });
    const now = record?.now ?? playback?.nowOf(one.path, record) ?? guard?.now ?? this.#now;
    const scope = names.scopeIn(one.frame, now, one.path);
    const decide = (): StepDecision =>
      decideStep(one, { state: this.#state, version, planning, tools, host, scope, now, at: this.#now });
    const decision = planning.isTemplated(one.step.id) ? mark(decide) : decide();
    const isFirst = record === undefined || record.attempts.every(({ status }) => status === 'cancelled');
    if (decision.kind === 'attempt' && guard !== null) {
      const { tool, operation } = decision.attempt;
      const would = { ...decision.event, tool: tool.describes?.(operation) ?? null };
      const change = settler.takeChange(one.path) ?? (isFirst ? changeSince(guard, would) : null);
      if (change !== null)
        return this.#askAgain(guard.record, { from: guard.record.path, reason: 'changed', comment: change });
    }
    // What a `finally` does is done whatever happened.
    const left = decision.kind === 'attempt' && !isShielded ? leftPlan(decision.event, this.#state) : null;
    if (left !== null) {
      settler.standStill(left);
      return false;
    }
    recorder.emit(decision.event);
    if (decision.kind === 'skip') return true;
    if (decision.kind === 'pause' && playback?.covers(one.path) === true) {
      this.#warnings.begin(one.path, decision.warnings);
      this.#pauses.openPlayed(one, record, decision.opened);
      return true;
    }
    if (decision.kind === 'block') {
      this.#warnings.begin(one.path, decision.warnings);
      return true;
    }
    if (decision.kind === 'pause') {
      this.#warnings.begin(one.path, decision.warnings);
      this.#pauses.open(decision.opened);
      this.#options.events.opened(decision.opened);
      return true;
    }
    if (decision.kind === 'attempt') {
      this.#found.starts.push({ attempt: decision.attempt, warnings: decision.warnings, isShielded });
      return false;
    }
    const { attempt, role } = decision.event;
    settler.fail(
      { step: one.step, path: one.path, attempt, role, isRepeatable: false, agent: null },
      decision.error,
      [],
    );
    return true;
  }

  /** What was approved is not what would be done now, so that the approval is void; or a recording says that it was sent back. */
  #askAgain({ path, frame, attempt }: StepRecord, again: Pick<ApprovalReopened, 'from' | 'reason' | 'comment'>): false {
    this.#options.recorder.emit({
      type: 'approval.reopened',
      path,
      attempt,
      from: again.from,
      reason: again.reason,
      comment: again.comment,
    });
    this.rewind(frame);
    this.#isRewound = true;
    return false;
  }

  /** True when a step that rests has ended. */
  #look(one: PlacedStep, record: StepRecord): boolean {
    const again = this.#pauses.reopened(record);
    if (again !== null) return this.#askAgain(record, again);
    const resting = this.#pauses.look(one, record, () => this.#warnings.of(one.path));
    if (resting === null) {
      this.#warnings.take(one.path);
      return true;
    }
    this.#found.rests(one.path, resting);
    return false;
  }

  /** True when the attempt of the block has ended, well or not. */
  #runBlock(one: PlacedStep, isShielded: boolean): boolean {
    const { planning, recorder, settler } = this.#options;
    for (;;) {
      const block = blockAt(one.path, this.#state, planning);
      if (block === null) return true;
      if (this.#isHeld ? block.record.isTimedOut : isOverdue(block, this.#instant(block.record.deadlineAt), recorder)) {
        if (!this.#closing.framesOf(one, block) || !this.#undoneInTime(block)) return false;
        settler.failBlock(one, timeoutOf(block), this.#warnings.take(one.path));
        return true;
      }
      // What is about to be closed begins nothing more.
      let move: Move = block.record.failed === null ? { kind: 'idle' } : this.#next(one, block);
      if (move.kind !== 'close') {
        for (const path of [...block.record.open]) {
          const frame = this.#frame(path);
          this.#goThrough(frame, isShielded || frame.group === 'finally');
        }
        move = this.#next(one, block);
      }
      if (move.kind === 'open' && !this.#isHeld) for (const start of move.frames) this.#frames.open(one.path, start);
      else if (move.kind === 'close') {
        for (const path of [...block.record.open]) this.#closing.frame(this.#frame(path));
        if (block.record.open.size > 0) return false;
      } else if (move.kind === 'undo') {
        if (!this.#undo.advance(one.path, move)) return false;
      } else if (move.kind === 'end') {
        const warnings = this.#warnings.take(one.path);
        const { output, variables = null } = move;
        const end = { output, variables, warnings };
        if (one.step.outputFile !== undefined) {
          this.#found.writes.push({ one, end, isShielded });
          return false;
        }
        settler.completeBlock(one, end);
        return true;
      } else if (move.kind === 'fail') {
        settler.failBlock(one, move.failure, this.#warnings.take(one.path));
        return true;
      } else {
        if (move.kind === 'wait' && !this.#isHeld) this.#found.wakeBy(move.until);
        return false;
      }
    }
  }

  /** A transaction whose time is up is rolled back like any other that fails; true when nothing of that goes on. */
  #undoneInTime(block: Block): boolean {
    const { path, state } = block;
    const step = block.step as BlockStep;
    const isDue = step.kind === 'transaction' && step.detail.on_error === 'rollback';
    return !isDue || rollbackOf(state, path)?.endedAt != null || this.#undo.advance(path, { by: 'timeout', to: null });
  }

  /** The instant of the walk; where a recording is replayed, one that the run would wait for is as good as past. */
  #instant(awaited: number | null): number {
    const hasPassed = awaited !== null && this.#options.playback?.turns.hasPassed(awaited) === true;
    return hasPassed ? Math.max(awaited, this.#now) : this.#now;
  }

  /** What the block does next; what cannot be worked out is its failure. */
  #next(one: PlacedStep, block: Block): Move {
    const { next } = rulesOf(block.step as BlockStep);
    try {
      const move = next(block, this.#evaluator(one.frame, one.path));
      const at = move.kind === 'wait' ? this.#instant(move.until) : this.#now;
      return at === this.#now ? move : next(block, { ...this.#evaluator(one.frame, one.path), now: at });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { kind: 'fail', failure: { error: error.toRecord(), path: one.path, isFinal: false } };
    }
  }

  #evaluator(frame: string, path: string): Evaluator {
    const { names, mark } = this.#options;
    return markedEvaluator(names.scopeIn(frame, this.#now), this.#now, { mark, warn: this.#warnings.into(path) });
  }

  #endFrame(frame: FrameRecord, steps: readonly PlannedStep[]): void {
    const block = blockAt(frame.block ?? '', this.#state, this.#options.planning);
    if (block === null) return;
    this.#frames.end(frame, block, steps);
    this.#cursors.delete(frame.path);
  }
}
