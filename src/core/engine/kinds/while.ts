import { AppError } from '../../../shared/errors.ts';
import { frameOf, type KindRules, ownFailure } from './block-kind.ts';

/** `while`: tested before each turn, at most `max_iterations` turns (SPEC §1.4). */
export const WHILE: KindRules<'while'> = {
  decide: () => ({}),
  next: (block, evaluate) => {
    const { step, record, path, state } = block;
    const turns = record.frames.length;
    const { last } = record.frames;
    const frame = last === undefined ? undefined : frameOf(block, last);
    if (frame?.status === 'open') return { kind: 'idle' };
    if (frame != null && frame.failure !== null) return { kind: 'fail', failure: frame.failure };
    const delayMs = step.detail.delay_ms ?? 0;
    const due = (frame?.endedAt ?? 0) + delayMs;
    if (frame !== undefined && due > evaluate.now) return { kind: 'wait', until: due };
    if (!evaluate.condition(step.detail.while)) {
      const output = state.frames.all(record.frames).map((one) => one?.output ?? null);
      return { kind: 'end', output };
    }
    if (turns >= step.detail.max_iterations) {
      const error = new AppError('engine.loop_limit', `The loop '${path}' did not end within ${turns} turns.`, {
        hint: 'Look at its condition, or raise max_iterations.',
        details: { max_iterations: step.detail.max_iterations },
      });
      return { kind: 'fail', failure: ownFailure(block, error) };
    }
    return { kind: 'open', frames: [{ at: `[${turns}]`, group: 'body', number: turns }] };
  },
  handles: () => false,
  locals: (_block, frame) => {
    const index0 = frame.number ?? 0;
    return { loop: { index: index0 + 1, index0, first: index0 === 0 } };
  },
};
