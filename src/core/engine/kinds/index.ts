import type { Step } from '../../../shared/model/workflow.ts';
import type { BlockKind, KindRules } from './block-kind.ts';
import { FOR_EACH } from './for-each.ts';
import { IF } from './if.ts';
import { PARALLEL } from './parallel.ts';
import { SWITCH } from './switch.ts';
import { TRY } from './try.ts';
import { WHILE } from './while.ts';

const RULES: { readonly [K in BlockKind]: KindRules<K> } = {
  for_each: FOR_EACH,
  parallel: PARALLEL,
  if: IF,
  switch: SWITCH,
  while: WHILE,
  try: TRY,
};

/** A step that holds others. */
export type BlockStep = Extract<Step, { readonly kind: BlockKind }>;

export const isBlock = (step: Step): step is BlockStep => Object.hasOwn(RULES, step.kind);

/** The rules of a block's kind; they fit the step that they were asked for. */
export const rulesOf = (step: BlockStep): KindRules<BlockKind> => RULES[step.kind] as unknown as KindRules<BlockKind>;

export * from './block-kind.ts';
