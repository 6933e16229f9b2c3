import { AppError } from '../../shared/errors.ts';
import type { FrameFailure } from '../../shared/model/events.ts';
import { type Block, ownFailure } from './kinds/index.ts';
import type { RunRecorder } from './run-recorder.ts';

/** Whether the deadline of a block has passed, UTC ms; that it has is written before anything is called off (SPEC §3.8). */
export function isOverdue({ path, record, state }: Block, now: number, recorder: RunRecorder): boolean {
  const { isTimedOut, deadlineAt } = record;
  if (!isTimedOut && deadlineAt !== null && deadlineAt <= now)
    recorder.emit({ type: 'block.timed_out', path, attempt: state.steps.get(path)?.attempt ?? 1 });
  return record.isTimedOut;
}

/** The failure of a block whose deadline has passed. */
export function timeoutOf(block: Block): FrameFailure {
  const text = `Step '${block.step.id}' timed out after ${(block.record.timeoutMs ?? 0) / 1000} seconds`;
  const hint = 'Raise its timeout, or look for the step in it that takes long.';
  return ownFailure(block, new AppError('step.timed_out', text, { hint }));
}
