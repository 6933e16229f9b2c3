import type { TakeChange, TakePlan } from '../../../../shared/contract/index.ts';
import type { FileChange } from '../../../../shared/model/file-undo.ts';

/** The parts of the sheet, in their order. */
export const TAKE_PARTS = ['undoable', 'changed_since', 'undone'] as const;
export type TakePart = (typeof TAKE_PARTS)[number];

const STATES = { free: 'undoable', taken: 'undone', changed_since: 'changed_since' } as const;

/** The choices of an undo are those of taking over: a change that can be made stands where one stood that can be taken back. */
const asChange = ({ state, ...change }: TakeChange): FileChange => ({ ...change, state: STATES[state] });

/** All changes, part by part; those that can be taken over come first. */
export const takeRows = ({ changes }: Pick<TakePlan, 'changes'>): Readonly<Record<TakePart, readonly FileChange[]>> => {
  const all = changes.map(asChange);
  const of = (state: TakePart): readonly FileChange[] => all.filter((change) => change.state === state);
  return { undoable: of('undoable'), changed_since: of('changed_since'), undone: of('undone') };
};
