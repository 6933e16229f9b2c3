import type { AttemptSettler } from './attempt-settler.ts';
import { blockAt } from './block-context.ts';
import type { FrameKeeper } from './frame-keeper.ts';
import { placed } from './frame-paths.ts';
import { type Block, type BlockStep, rulesOf } from './kinds/index.ts';
import type { RunPlanning } from './plan.ts';
import type { PlacedStep } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';
import { type FrameRecord, isSettled, type RunState, type StepRecord } from './run-state.ts';
import type { UndoKeeper } from './undo-keeper.ts';
import type { Findings, OpenAttempts } from './walk.ts';

interface ClosingOptions {
  readonly recorder: RunRecorder;
  readonly planning: RunPlanning;
  readonly settler: AttemptSettler;
  readonly open: OpenAttempts;
  readonly frames: FrameKeeper;
  readonly undo: UndoKeeper;
  readonly found: () => Findings;
  readonly isHeld: () => boolean;
  /** Goes on with a frame that only the end of the host cuts short. */
  readonly goThrough: (frame: FrameRecord) => void;
  /** The frame is not gone through any more. */
  readonly forget: (frame: string) => void;
}

/** Calls off what has begun, from the inside out: a `finally` that is due still runs, and what is being undone is undone to its end. */
export class Closing {
  readonly #options: ClosingOptions;

  constructor(options: ClosingOptions) {
    this.#options = options;
  }

  get #state(): RunState {
    return this.#options.recorder.state;
  }

  get #found(): Findings {
    return this.#options.found();
  }

  #frame(path: string): FrameRecord {
    const frame = this.#state.frames.get(path);
    if (frame === undefined) throw new Error(`no frame ${path}`);
    return frame;
  }

  /** Calls off what has begun in a frame; true when nothing of it goes on any more. */
  steps(frame: FrameRecord): boolean {
    let isOver = true;
    for (const step of this.#options.planning.stepsOf(frame)) {
      const one = placed(step, frame);
      const record = this.#state.steps.get(one.path);
      if (record === undefined || isSettled(record) || record.status === 'in_doubt') continue;
      if (this.#options.open.has(one.path)) {
        this.#options.open.callOff(one.path);
        isOver = false;
      } else if (this.#found.starts.some(({ attempt }) => attempt.path === one.path)) {
        this.#found.starts = this.#found.starts.filter(({ attempt }) => attempt.path !== one.path);
        this.#options.settler.leave(record);
      } else if (isAwaitingRun(record)) {
        this.#found.calledOff.push(one.path);
        isOver = false;
      } else if (this.#found.writes.some((write) => write.one.path === one.path)) {
        this.#found.writes = this.#found.writes.filter((write) => write.one.path !== one.path);
        this.#options.settler.leave(record);
      } else if (record.block !== null && record.status === 'running') isOver = this.#closeBlock(one) && isOver;
      else if (record.status === 'running' || record.status === 'waiting' || record.retryAt !== null)
        this.#options.settler.leave(record);
    }
    return isOver;
  }

  /** Calls a frame off, when nothing in it goes on any more. */
  frame(frame: FrameRecord): void {
    if (frame.status !== 'open' || !this.steps(frame)) return;
    this.#options.frames.cancel(frame);
    this.#options.forget(frame.path);
  }

  /** True when the block has ended. */
  #closeBlock(one: PlacedStep): boolean {
    const block = blockAt(one.path, this.#state, this.#options.planning);
    if (block !== null && !this.framesOf(one, block)) return false;
    if (block !== null)
      this.#options.settler.leave({ path: one.path, attempt: this.#state.steps.get(one.path)?.attempt ?? 1 });
    return true;
  }

  /** Calls off what a block holds, from the inside out; true when all of it has ended, a `finally` that is due included. */
  framesOf(one: PlacedStep, block: Block): boolean {
    // What is being undone is undone to its end.
    if (!this.#options.undo.goOn(one.path)) return false;
    for (const path of [...block.record.open]) {
      const frame = this.#frame(path);
      if (frame.group === 'finally') this.#options.goThrough(frame);
      else this.frame(frame);
    }
    if (block.record.open.size > 0) return false;
    const last = rulesOf(block.step as BlockStep).closing?.(block) ?? null;
    if (last !== null) {
      if (this.#options.isHeld()) return false;
      this.#options.goThrough(this.#frame(this.#options.frames.open(one.path, last)));
      if (block.record.open.size > 0) return false;
    }
    return true;
  }
}

/** True for a step that waits for a run of its own. */
export const isAwaitingRun = ({ status, waitpoint }: StepRecord): boolean =>
  status === 'waiting' && waitpoint !== null && waitpoint.child !== null && waitpoint.resolved === null;
