import type { TFunction } from 'i18next';
import {
  Bookmark,
  GitFork,
  type LucideIcon,
  Repeat,
  ShieldCheck,
  Split,
  SquareTerminal,
  Undo2,
  Wrench,
} from 'lucide-react';
import type { UndoEnd } from '../../../shared/model/undo.ts';
import { formatCount } from '../../ui/format.ts';
import type { StepCounts } from './step-rows.ts';
import type { StepNode } from './step-tree.ts';

/** A loop that went on without some of its items is not simply completed. */
export const outcomeOf = ({ loop, status }: StepNode): 'partial' | null =>
  status === 'completed' && (loop?.failed ?? 0) > 0 ? 'partial' : null;

const KIND_ICONS = {
  action: Wrench,
  call: Wrench,
  undo: Undo2,
  transaction: ShieldCheck,
  savepoint: Bookmark,
  rollback_to: Undo2,
  item: SquareTerminal,
  for_each: Repeat,
  while: Repeat,
  parallel: GitFork,
  if: Split,
  switch: Split,
  try: ShieldCheck,
} as const;

/** The sign of what a step is. */
export const stepIcon = ({ kind, loop }: StepNode): LucideIcon | undefined =>
  loop !== null ? Repeat : (KIND_ICONS as Readonly<Record<string, LucideIcon>>)[kind];

/** `2 failed, 312 of 1,000`: what failed is seen also where the rest is cut; of a loop whose end nobody knows only how many turns it took. */
export function turnsText(t: TFunction<'run'>, loop: StepNode['loop'], { done, failed, total }: StepCounts): string {
  const ended = done + failed;
  const text =
    loop?.total == null
      ? t('run:loop.soFar', { count: ended, value: formatCount(ended) })
      : t('run:steps.turns', { done: formatCount(ended), total: formatCount(total) });
  return failed === 0 ? text : `${t('run:loop.failed', { count: failed, value: formatCount(failed) })}, ${text}`;
}

/** How the undoing of a step ended, in a word or two. */
export const undoneText = (t: TFunction<'run'>, { status, gap }: UndoEnd): string =>
  t(gap === undefined ? `run:undone.${status}` : 'run:undone.gap');
