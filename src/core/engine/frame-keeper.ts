import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { FrameFailure } from '../../shared/model/events.ts';
import { pathIn } from './frame-paths.ts';
import { type Block, type BlockStep, type Evaluator, type FrameStart, rulesOf } from './kinds/index.ts';
import type { PlannedStep } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { FrameRecord } from './run-state.ts';

interface KeeperOptions {
  readonly recorder: RunRecorder;
  readonly evaluator: (frame: string, path: string) => Evaluator;
}

/** Writes down that frames begin and end, and what they give. */
export class FrameKeeper {
  readonly #options: KeeperOptions;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** A block begins a list of its steps; gives the path of its frame. */
  open(path: string, { at, group, number, itemKey, isolated }: FrameStart): string {
    const frame = `${path}${at}`;
    this.#options.recorder.emit({
      type: 'frame.opened',
      frame,
      path,
      group,
      number: number ?? null,
      ...(itemKey === undefined ? {} : { itemKey }),
      isolated: isolated ?? false,
    });
    return frame;
  }

  /** All steps of the frame are through, or one has ended it by its failure. */
  end(frame: FrameRecord, block: Block, steps: readonly PlannedStep[]): void {
    const step = block.step as BlockStep;
    let { failure } = frame;
    let output: Json = null;
    if (failure === null) [output, failure] = this.#outputOf(frame, block, steps);
    this.#options.recorder.emit({
      type: 'frame.ended',
      frame: frame.path,
      path: block.path,
      status: failure === null ? 'completed' : 'failed',
      output,
      failure,
      isHandled: failure !== null && rulesOf(step).handles(step, frame.group, failure),
    });
  }

  /** The frame was called off. */
  cancel(frame: FrameRecord): void {
    this.#options.recorder.emit({
      type: 'frame.ended',
      frame: frame.path,
      path: frame.block ?? '',
      status: 'cancelled',
      output: null,
      failure: null,
      isHandled: false,
    });
  }

  #outputOf(frame: FrameRecord, block: Block, steps: readonly PlannedStep[]): [Json, FrameFailure | null] {
    const step = block.step as BlockStep;
    const written = rulesOf(step).outputOf?.(step);
    if (written === undefined) {
      const last = steps
        .map((one) => block.state.steps.get(pathIn(frame, one.step.id)))
        .findLast((record) => record?.status === 'completed' || record?.fallbackUsed === true);
      return [last?.output ?? null, null];
    }
    try {
      return [this.#options.evaluator(frame.path, block.path).value(written), null];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return [null, { error: error.toRecord(), path: block.path, isFinal: false }];
    }
  }
}
