import type { FileUndoPlan, FileUndoView, PlannedUndo, RunView } from '../../../../shared/contract/index.ts';
import type { FileChange, FilePlace, FileUndoGap } from '../../../../shared/model/file-undo.ts';

/** Something that the run did beside files: taken back by a rollback, or able to be, or not. */
export interface OtherEffect {
  readonly path: string;
  readonly name: string;
  readonly as: 'compensated' | 'compensatable' | 'irreversible';
  /** What would be called, or why it is not; null = it was taken back. */
  readonly planned: PlannedUndo | null;
  /** The run changed files in it, which stand above. */
  readonly hasFiles: boolean;
}

/** A line of the sheet. */
export type UndoRow =
  | { readonly kind: 'file'; readonly key: string; readonly change: FileChange }
  | { readonly kind: 'gap'; readonly key: string; readonly gap: FileUndoGap }
  | { readonly kind: 'effect'; readonly key: string; readonly effect: OtherEffect }
  | { readonly kind: 'undo'; readonly key: string; readonly undo: FileUndoView; readonly takenBackBy: string | null };

/** The parts of the sheet, in their order. */
export const UNDO_PARTS = ['undoable', 'changed_since', 'undone', 'gaps', 'effects', 'undos'] as const;
export type UndoPart = (typeof UNDO_PARTS)[number];

/** The name of a place among the rows. */
export const keyOfPlace = ({ root, path }: FilePlace): string => `${root}:${path}`;

/** All lines, part by part; files that can be put back come first. */
export function undoRows(
  plan: FileUndoPlan,
  planned: readonly PlannedUndo[],
  steps: RunView['steps'],
): Readonly<Record<UndoPart, readonly UndoRow[]>> {
  const filesAs = (state: FileChange['state']): readonly UndoRow[] =>
    plan.changes.flatMap((change) =>
      change.state === state ? [{ kind: 'file', key: keyOfPlace(change), change } as const] : [],
    );
  const ofFiles = new Set(plan.changes.flatMap((change) => change.steps));
  return {
    undoable: filesAs('undoable'),
    changed_since: filesAs('changed_since'),
    undone: filesAs('undone'),
    gaps: plan.gaps.map((gap) => ({ kind: 'gap', key: `gap ${gap.step}`, gap })),
    effects: otherEffects(planned, steps).map((effect) => ({
      kind: 'effect',
      key: `effect ${effect.path}`,
      effect: { ...effect, hasFiles: ofFiles.has(effect.path) },
    })),
    undos: plan.undos.toReversed().map((undo) => ({
      kind: 'undo',
      key: `undo ${undo.name}`,
      undo,
      takenBackBy: plan.undos.find(({ undoes }) => undoes === undo.name)?.name ?? null,
    })),
  };
}

function otherEffects(
  planned: readonly PlannedUndo[],
  steps: RunView['steps'],
): readonly Omit<OtherEffect, 'hasFiles'>[] {
  const compensated = steps
    .filter(({ undone }) => undone?.status === 'completed')
    .map(({ path, name }) => ({ path, name, as: 'compensated', planned: null }) as const);
  const open = planned.map((one) => {
    const isIrreversible = one.gap !== null || one.strategy === 'none';
    const as = isIrreversible ? 'irreversible' : 'compensatable';
    return { path: one.path, name: one.name, as, planned: one } as const;
  });
  return [...open, ...compensated];
}

/** What a person chose in the sheet: files that stay although they could be put back, and those that go back although somebody changed them. */
export interface UndoChoices {
  readonly left: ReadonlySet<string>;
  readonly overwritten: ReadonlySet<string>;
}

export const NO_CHOICES: UndoChoices = { left: new Set(), overwritten: new Set() };

/** Whether a file is put back. */
export const isTaken = ({ left, overwritten }: UndoChoices, change: FileChange): boolean =>
  change.state === 'undoable'
    ? !left.has(keyOfPlace(change))
    : change.state === 'changed_since' && overwritten.has(keyOfPlace(change));

/** The choices with this file put back, or left. */
export function choose(choices: UndoChoices, change: FileChange, isBack: boolean): UndoChoices {
  const key = keyOfPlace(change);
  const has = (keys: ReadonlySet<string>, isIn: boolean): ReadonlySet<string> =>
    isIn ? new Set([...keys, key]) : new Set([...keys].filter((one) => one !== key));
  if (change.state === 'undoable') return { ...choices, left: has(choices.left, !isBack) };
  if (change.state === 'changed_since') return { ...choices, overwritten: has(choices.overwritten, isBack) };
  return choices;
}

/** The choices with all that can be put back put back, or left; what others changed stays as it is. */
export const chooseAll = (changes: readonly FileChange[], isBack: boolean): UndoChoices => ({
  ...NO_CHOICES,
  left: new Set(isBack ? [] : changes.filter(({ state }) => state === 'undoable').map(keyOfPlace)),
});

interface ChosenFiles {
  readonly places: FilePlace[];
  readonly overwrite: FilePlace[];
  readonly count: number;
}

/** The choices as `runs.undo` takes them, and how many files they put back. */
export function chosenFiles(changes: readonly FileChange[], choices: UndoChoices): ChosenFiles {
  const placeOf = ({ root, path }: FileChange): FilePlace => ({ root, path });
  const taken = changes.filter((change) => isTaken(choices, change));
  return {
    places: taken.filter(({ state }) => state === 'undoable').map(placeOf),
    overwrite: taken.filter(({ state }) => state === 'changed_since').map(placeOf),
    count: taken.length,
  };
}

/** What becomes of a file that is put back, as a key of its words. */
export function undoVerb({
  change,
  renamed,
  before,
  after,
}: FileChange): 'rename' | 'remove' | 'bring' | 'mode' | 'restore' {
  if (renamed !== null) return 'rename';
  if (change === 'added') return 'remove';
  if (change === 'removed') return 'bring';
  const isOnlyMode = before?.kind === 'file' && after?.kind === 'file' && before.hash === after.hash;
  return isOnlyMode ? 'mode' : 'restore';
}
