import { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import { type Block, frameOf, type KindRules, type Move, ownFailure } from './block-kind.ts';

/** `parallel`: all branches at once, or as many as `concurrency` says (SPEC §1.4). */
export const PARALLEL: KindRules<'parallel'> = {
  decide: () => ({}),
  next: (block) => {
    const { step, record } = block;
    const { branches, concurrency = branches.length, on_branch_error: policy } = step.detail;
    if (record.failed !== null && policy === 'stop') return record.open.size > 0 ? { kind: 'close' } : failed(block);
    const begun = record.frames.length;
    const room = Math.min(concurrency - record.open.size, branches.length - begun);
    if (room > 0) {
      const frames = branches.slice(begun, begun + room).map((branch) => {
        const group = `branch:${branch}`;
        return { at: `:${group}`, group, isolated: true };
      });
      return { kind: 'open', frames };
    }
    if (record.open.size > 0) return { kind: 'idle' };
    return record.failed === null ? end(block) : failed(block);
  },
  handles: (step, _group, failure) => step.detail.on_branch_error === 'continue' && !failure.isFinal,
};

function failed(block: Block<'parallel'>): Move {
  const failure = frameOf(block, block.record.failed ?? '')?.failure;
  return failure == null ? { kind: 'idle' } : { kind: 'fail', failure };
}

/** The output by branch; a name that two branches have set belongs to neither. */
function end(block: Block<'parallel'>): Move {
  const output: Record<string, Json> = {};
  const writers = new Map<string, string>();
  for (const path of block.record.frames) {
    const frame = frameOf(block, path);
    const branch = frame?.group.slice('branch:'.length) ?? '';
    output[branch] = frame?.status === 'completed' ? frame.output : null;
    for (const name of frame?.variables?.keys() ?? []) {
      const other = writers.get(name);
      if (other !== undefined) return { kind: 'fail', failure: ownFailure(block, conflict(name, other, branch)) };
      writers.set(name, branch);
    }
  }
  return { kind: 'end', output };
}

const conflict = (name: string, one: string, other: string): AppError =>
  new AppError('engine.branch_conflict', `The branches '${one}' and '${other}' both set '${name}'.`, {
    hint: 'Give the variable another name in one of them.',
    details: { variable: name, branches: [one, other] },
  });
