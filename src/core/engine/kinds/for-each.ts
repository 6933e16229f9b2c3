import { AppError } from '../../../shared/errors.ts';
import { grouped } from '../../../shared/grouped.ts';
import { canonicalJson, isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import type { StepOf } from '../../../shared/model/workflow.ts';
import { sha256Hex } from '../../crypto/index.ts';
import { errorNames } from '../error-names.ts';
import { impliedList, impliedVariables } from '../implied-loops.ts';
import { type Block, type FrameStart, frameOf, type KindRules } from './block-kind.ts';

/** `for_each`: a window over its items; a new one begins as soon as one has ended (SPEC §1.4). */
export const FOR_EACH: KindRules<'for_each'> = {
  decide: (step, evaluate) => {
    const { implied, for_each: written } = step.detail;
    return { items: itemsOf(step, implied === undefined ? evaluate.value(written) : impliedList(implied, evaluate)) };
  },
  next: (block) => {
    const { step, record } = block;
    const items = listOf(block);
    if (record.failed !== null) {
      if (record.open.size > 0) return { kind: 'close' };
      const failure = frameOf(block, record.failed)?.failure;
      if (failure != null) return { kind: 'fail', failure };
    }
    const begun = record.frames.length;
    const room = Math.min(step.detail.concurrency - record.open.size, items.length - begun);
    if (room > 0) return { kind: 'open', frames: Array.from({ length: room }, (_, at) => start(items, begun + at)) };
    return record.open.size > 0 ? { kind: 'idle' } : end(block);
  },
  handles: (step, _group, failure) => step.detail.on_item_error === 'continue' && !failure.isFinal,
  outputOf: (step) => step.detail.output,
  locals: (block, frame) => turnNames(block.step, listOf(block), frame.number ?? 0),
};

/** The names of one turn: `loop`, the item and, where it is asked for, its number. */
export function turnNames({ detail }: StepOf<'for_each'>, items: readonly Json[], at: number): JsonMap {
  const { as, index_as: indexAs } = detail;
  const loop = {
    index: at + 1,
    index0: at,
    first: at === 0,
    last: at === items.length - 1,
    length: items.length,
    previtem: items[at - 1] ?? null,
    nextitem: items[at + 1] ?? null,
  };
  return { loop, [as]: items[at] ?? null, ...(indexAs === undefined ? {} : { [indexAs]: at }) };
}

function itemsOf({ id, detail }: StepOf<'for_each'>, value: Json): readonly Json[] {
  const items = Array.isArray(value)
    ? value
    : isJsonMap(value)
      ? Object.entries(value).map(([key, one]) => ({ key, value: one }))
      : null;
  if (items === null) {
    const found = value === null ? 'nothing' : `a ${typeof value}`;
    throw new AppError('engine.not_a_list', `'for_each' of '${id}' needs a list or a map, it got ${found}.`, {
      hint: 'Look at the step that gives the list, or write a default: {{ items | default([]) }}.',
    });
  }
  if (items.length > detail.max_items)
    throw new AppError(
      'engine.loop_limit',
      `'for_each' of '${id}' has ${grouped(items.length)} items, at most ${grouped(detail.max_items)} are run.`,
      {
        hint: 'Raise max_items (up to 10,000), or split the list.',
        details: { items: items.length, max_items: detail.max_items },
      },
    );
  return items;
}

const listOf = (block: Block<'for_each'>): readonly Json[] => block.record.decision.items as readonly Json[];

const keysOfLists = new WeakMap<readonly Json[], readonly string[]>();

/** The hash of each item, and which of its like it is (SPEC §3.8): an item keeps its key when the list shifts. */
function keysOf(items: readonly Json[]): readonly string[] {
  let keys = keysOfLists.get(items);
  if (keys === undefined) {
    const seen = new Map<string, number>();
    keys = items.map((item) => {
      const hash = sha256Hex(canonicalJson(item)).slice(0, 32);
      const repetition = seen.get(hash) ?? 0;
      seen.set(hash, repetition + 1);
      return `${hash}#${repetition}`;
    });
    keysOfLists.set(items, keys);
  }
  return keys;
}

const start = (items: readonly Json[], number: number): FrameStart => ({
  at: `[${number}]`,
  group: 'body',
  number,
  itemKey: keysOf(items)[number] ?? '',
  isolated: true,
});

/** `null` for items that failed. */
function end(block: Block<'for_each'>): { readonly kind: 'end'; readonly output: Json; readonly variables?: JsonMap } {
  const { step, record } = block;
  const items = listOf(block);
  const frames = block.state.frames.all(record.frames);
  const output = frames.map((frame) => (frame?.status === 'completed' ? frame.output : null));
  const { errors_variable: name, implied } = step.detail;
  if (implied !== undefined) return { kind: 'end', output, variables: impliedVariables(step, frames) };
  if (name === undefined) return { kind: 'end', output };
  const errors = frames.flatMap((frame) =>
    frame?.failure == null
      ? []
      : [{ index: frame.number, item: items[frame.number ?? 0] ?? null, error: errorNames(frame.failure) }],
  );
  return { kind: 'end', output, variables: { [name]: errors } };
}
