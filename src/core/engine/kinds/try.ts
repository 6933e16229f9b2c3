import { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import type { FrameFailure } from '../../../shared/model/events.ts';
import type { StepOf } from '../../../shared/model/workflow.ts';
import { errorNames } from '../error-names.ts';
import { matchesError } from '../retry-policy.ts';
import type { FrameRecord } from '../run-state.ts';
import { type Block, type FrameStart, frameOf, type KindRules, type Move } from './block-kind.ts';

/** `try`: its steps, on a failure the first handler that takes it, and `finally` whatever happened (SPEC §1.4). */
export const TRY: KindRules<'try'> = {
  decide: () => ({}),
  next: (block) => {
    const frames = Array.from(block.record.frames, (path) => frameOf(block, path)).filter((one) => one !== undefined);
    const last = frames.at(-1);
    if (last === undefined) return { kind: 'open', frames: [place('try')] };
    if (last.status === 'open') return { kind: 'idle' };
    if (last.group === 'finally') return endAfter(frames.at(-2), last);
    const handler = last.group === 'try' && last.isHandled ? handlerFor(block.step, last.failure) : null;
    if (handler !== null) return { kind: 'open', frames: [place(handler)] };
    return hasFinally(block) ? { kind: 'open', frames: [place('finally')] } : endAfter(last, null);
  },
  handles: (step, group, failure) => group === 'try' && handlerFor(step, failure) !== null,
  locals: (block, frame) => {
    const { first } = block.record.frames;
    const failure = first === undefined ? null : (frameOf(block, first)?.failure ?? null);
    return frame.group.startsWith('catch') && failure !== null ? { error: errorNames(failure) } : {};
  },
  closing: (block) => {
    const hasBegun = block.record.frames.length > 0;
    const isDue = hasFinally(block) && !block.record.frames.includes(`${block.path}:finally`);
    return hasBegun && isDue ? place('finally') : null;
  },
};

const place = (group: string): FrameStart => ({ at: `:${group}`, group });

const hasFinally = ({ step }: Block<'try'>): boolean => step.groups.some(({ name }) => name === 'finally');

/** The group of the first handler for a failure. A step that itself says `stop` is caught by none. */
function handlerFor(step: StepOf<'try'>, failure: FrameFailure | null): string | null {
  if (failure === null || failure.isFinal) return null;
  const error = AppError.fromRecord(failure.error);
  const takes = (word: Json): boolean =>
    word === 'default' || ((typeof word === 'string' || typeof word === 'number') && matchesError(word, error));
  return step.detail.catch.find((one) => one.error.some(takes))?.group ?? null;
}

/** The block ends as its steps or its handler did, unless `finally` itself failed. */
function endAfter(work: FrameRecord | undefined, last: FrameRecord | null): Move {
  const failure = last?.failure ?? work?.failure ?? null;
  return failure === null ? { kind: 'end', output: work?.output ?? null } : { kind: 'fail', failure };
}
