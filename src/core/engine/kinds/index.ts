import type { Step } from '../../../shared/model/workflow.ts';
import { APPROVAL } from './approval.ts';
import type { BlockKind, KindRules } from './block-kind.ts';
import { FOR_EACH } from './for-each.ts';
import { IF } from './if.ts';
import { PARALLEL } from './parallel.ts';
import type { PauseKind, PauseRules } from './pause-kind.ts';
import { ROLLBACK_TO, SAVEPOINT } from './savepoint.ts';
import { SUB_WORKFLOW } from './sub-workflow.ts';
import { SWITCH } from './switch.ts';
import { TRANSACTION } from './transaction.ts';
import { TRY } from './try.ts';
import { WAIT } from './wait.ts';
import { WHILE } from './while.ts';

const RULES: { readonly [K in BlockKind]: KindRules<K> } = {
  for_each: FOR_EACH,
  parallel: PARALLEL,
  if: IF,
  switch: SWITCH,
  while: WHILE,
  try: TRY,
  transaction: TRANSACTION,
  savepoint: SAVEPOINT,
  rollback_to: ROLLBACK_TO,
};

const PAUSES: { readonly [K in PauseKind]: PauseRules<K> } = { wait: WAIT, approval: APPROVAL, workflow: SUB_WORKFLOW };

/** A step that holds others. */
export type BlockStep = Extract<Step, { readonly kind: BlockKind }>;

/** Whether a step holds steps of its own. */
export const isBlock = (step: Step): step is BlockStep => Object.hasOwn(RULES, step.kind);

/** The rules of a block's kind; they fit the step that they were asked for. */
export const rulesOf = (step: BlockStep): KindRules<BlockKind> => RULES[step.kind] as KindRules<BlockKind>;

/** A step that rests until something comes. */
export type PauseStep = Extract<Step, { readonly kind: PauseKind }>;

/** Whether a step waits for something. */
export const isPause = (step: Step): step is PauseStep => Object.hasOwn(PAUSES, step.kind);

/** The rules of a resting step's kind; they fit the step that they were asked for. */
export const pauseRulesOf = (step: PauseStep): PauseRules<PauseKind> => PAUSES[step.kind] as PauseRules<PauseKind>;

export * from './block-kind.ts';
export { turnNames } from './for-each.ts';
export type { Look, PauseEnd, PauseEvaluator } from './pause-kind.ts';
export { awaitedOf } from './wait.ts';
