import { AppError } from '../../shared/errors.ts';
import { type RollbackCause, type StepUndo, type UndoEnd, undoPathOf } from '../../shared/model/undo.ts';
import type { EngineTools } from './attempt.ts';
import type { AttemptSettler } from './attempt-settler.ts';
import { openRollback } from './fold-rollback.ts';
import type { RunPlanning } from './plan.ts';
import type { RunnableVersion } from './ports.ts';
import { gapOf, NOTHING_WRITTEN, savepointAt, stepsToUndo, transactionAt, undoOf } from './rollbacks.ts';
import type { RunRecorder } from './run-recorder.ts';
import { ROOT, type RollbackRecord, type RunState, type StepRecord } from './run-state.ts';
import { renderUndo } from './undo-attempt.ts';
import type { Findings } from './walk.ts';

interface KeeperOptions {
  readonly recorder: RunRecorder;
  readonly planning: RunPlanning;
  readonly version: RunnableVersion;
  readonly tools: EngineTools;
  readonly settler: AttemptSettler;
  /** What the walk that is on its way has found so far. */
  readonly found: () => Findings;
  readonly isBusy: (path: string) => boolean;
  readonly isHeld: () => boolean;
  readonly now: () => number;
}

/** Why a rollback begins, and how far back it goes. */
export interface RollbackAsked {
  readonly by: RollbackCause;
  /** A savepoint; null = all. */
  readonly to: string | null;
}

/**
 * Rolls back: one step after the other in the order that was journaled when it began, each undo an attempt like any other (SPEC §3.10). What
 * fails is said and the rest goes on; one in doubt holds everything before it, as it holds a run. It emits and collects, as the walk does.
 */
export class UndoKeeper {
  readonly #options: KeeperOptions;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Begins the rollback of a block, or goes on with it; true when it is through. */
  advance(owner: string, { by, to }: RollbackAsked): boolean {
    if (openRollback(this.#state, owner) === null) {
      if (this.#options.isHeld()) return false;
      const inside = transactionAt(this.#state, owner);
      // Where the run has not come to the savepoint, nothing says what may stay.
      const behind = (to === null ? null : savepointAt(this.#state, owner, to)) ?? 0;
      this.#begin(owner, { by, to }, stepsToUndo(this.#state, { inside, behind }));
    }
    return this.goOn(owner);
  }

  /** Begins the rollback of the whole run. */
  beginRun(by: RollbackCause): void {
    this.#begin(ROOT, { by, to: null }, stepsToUndo(this.#state, { inside: null, behind: 0 }));
  }

  /** Goes on with the rollback of an owner where one is on its way; true when none is, any more. */
  goOn(owner: string): boolean {
    const { recorder } = this.#options;
    for (;;) {
      const rollback = openRollback(this.#state, owner);
      if (rollback === null) return true;
      const path = rollback.steps[rollback.ends.length];
      if (path === undefined) recorder.emit({ type: 'rollback.ended', owner });
      else if (!this.#undo(path, rollback)) return false;
    }
  }

  get #state(): RunState {
    return this.#options.recorder.state;
  }

  #begin(owner: string, asked: RollbackAsked, steps: readonly Readonly<StepRecord>[]): void {
    this.#options.recorder.emit({ type: 'rollback.started', owner, ...asked, steps: steps.map(({ path }) => path) });
  }

  /** True when the step is through. */
  #undo(path: string, { owner }: RollbackRecord): boolean {
    const record = this.#state.steps.get(path);
    if (record === undefined) throw new Error(`no step ${path}`);
    const undo = undoOf(record) ?? NOTHING_WRITTEN;
    const gap = gapOf(record, undo);
    const end =
      gap === null ? this.#endOf(record, undo) : ({ status: 'skipped', strategy: undo.strategy, gap } as const);
    if (end === null) return false;
    this.#options.recorder.emit({ type: 'undo.ended', owner, path, ...end });
    return true;
  }

  /** Null = it is on its way. */
  #endOf(record: Readonly<StepRecord>, { strategy, actions }: StepUndo): UndoEnd | null {
    if (strategy === 'none') return { status: 'skipped', strategy };
    let status: UndoEnd['status'] = 'completed';
    for (const at of actions.keys()) {
      const ended = this.#bring(record, at);
      if (ended === null) return null;
      if (ended === 'failed') status = 'failed';
    }
    return { status, strategy };
  }

  /** Brings one action as far as it goes now; null = it has not ended. */
  #bring(record: Readonly<StepRecord>, at: number): 'completed' | 'failed' | null {
    const { found, isBusy, isHeld, now } = this.#options;
    const path = undoPathOf(record.path, at);
    const undo = this.#state.steps.get(path);
    if (undo?.status === 'completed' || undo?.status === 'failed') return undo.status;
    if (undo?.status === 'in_doubt') found().hasDoubt = true;
    else if (isBusy(path) || isHeld()) return null;
    else if (undo?.retryAt != null && undo.retryAt > now()) found().wakeBy(undo.retryAt);
    else {
      this.#start(record, at);
      return this.#state.steps.get(path)?.status === 'failed' ? 'failed' : null;
    }
    return null;
  }

  #start(record: Readonly<StepRecord>, at: number): void {
    const { recorder, settler, found, planning } = this.#options;
    const rendered = renderUndo(record, at, { ...this.#options, state: this.#state, now: this.#options.now() });
    recorder.emit(rendered.event);
    if (!(rendered.attempt instanceof AppError)) {
      found().starts.push({ attempt: rendered.attempt, warnings: [], isShielded: true });
      return;
    }
    const { path, attempt } = rendered.event;
    const step = planning.at(path)?.step;
    if (step === undefined) throw new Error(`no step ${path}`);
    settler.fail({ step, path, attempt, role: 'undo', isRepeatable: false, agent: null }, rendered.attempt, []);
  }
}
