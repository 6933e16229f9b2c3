import { Ban, CircleCheck, FileClock, type LucideIcon, Pencil, TriangleAlert, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FileChange } from '../../../../shared/model/file-undo.ts';
import { Button } from '../../../ui/button.tsx';
import { formatMoment } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { OptionList } from '../../../ui/option-list.tsx';
import { Said, saidPlainly } from '../../../ui/said.tsx';
import type { StatusTone } from '../../../ui/status.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { UNDO_PARTS, type UndoPart, type UndoRow, undoVerb } from './undo-rows.ts';

const ROW_PX = 48;

interface UndoListProps {
  readonly parts: Readonly<Record<UndoPart, readonly UndoRow[]>>;
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
  readonly isTaken: (row: UndoRow) => boolean | null;
  readonly onTake: (row: UndoRow, isBack: boolean) => void;
  readonly onTakeAll: (isBack: boolean) => void;
}

/** What the run did, by what becomes of it. Space puts the chosen file back, or leaves it. */
export function UndoList({ parts, chosen, onChoose, isTaken, onTake, onTakeAll }: UndoListProps) {
  const { t } = useTranslation('undo');
  const options = UNDO_PARTS.flatMap((part) => parts[part]);
  const takenOf = (row: UndoRow): boolean | null =>
    row.kind === 'file' && row.change.state !== 'undone' ? isTaken(row) : null;
  const areSome = parts.undoable.some((row) => takenOf(row) === true);
  return (
    <div className="undo-left">
      {parts.undoable.length < 2 ? null : (
        <div className="undo-bar">
          <Button variant="ghost" onClick={() => onTakeAll(!areSome)}>
            {t(areSome ? 'none' : 'all')}
          </Button>
        </div>
      )}
      <OptionList
        className="undo-list"
        label={t('list')}
        options={options}
        groups={UNDO_PARTS.map((part) => ({
          label: t(`part.${part}`, { count: parts[part].length }),
          size: parts[part].length,
        }))}
        keyOf={({ key }) => key}
        chosen={chosen}
        onChoose={onChoose}
        rowHeight={ROW_PX}
        taken={{ isTaken: takenOf, onTake: (row) => onTake(row, takenOf(row) !== true) }}
      >
        {(row) => <RowView row={row} isTaken={takenOf(row)} />}
      </OptionList>
    </div>
  );
}

function RowView({ row, isTaken }: { readonly row: UndoRow; readonly isTaken: boolean | null }) {
  switch (row.kind) {
    case 'file':
      return <FileRow change={row.change} isTaken={isTaken} />;
    case 'gap':
      return <GapRow row={row} />;
    case 'effect':
      return <EffectRow row={row} />;
    case 'undo':
      return <PastRow row={row} />;
  }
}

interface LineProps {
  readonly name: string;
  readonly isPath?: boolean;
  readonly about: string;
  readonly how?: string;
  readonly tone: StatusTone;
  readonly icon: LucideIcon;
  readonly word: string;
}

/** A line of the sheet: what it is, what becomes of it, and how it stands. */
export function Line({ name, isPath = false, about, how = '', tone, icon, word }: LineProps) {
  return (
    <>
      <span className="grow undo-what">
        <span className={isPath ? 'mono strong cut' : 'strong cut'} title={name}>
          {name}
        </span>
        <span className="sm muted cut" title={about}>
          <Said text={about} />
        </span>
      </span>
      <span className="sm muted undo-how">{how}</span>
      <span className={`status st-${tone}`}>
        <Icon of={icon} />
        {word}
      </span>
    </>
  );
}

function FileRow({ change, isTaken }: { readonly change: FileChange; readonly isTaken: boolean | null }) {
  const { t } = useTranslation('undo');
  const { path, root, state, renamed } = change;
  const about = [
    ...(renamed === null ? [] : [t(change.change === 'added' ? 'renamed.from' : 'renamed.to', { path: renamed.path })]),
    t(`state.${state}`, { context: state === 'undoable' ? change.change : '' }),
    ...(root === 'run' ? [t('ownFolder')] : []),
  ].join(', ');
  const mark = markOf(change, isTaken);
  return (
    <Line
      name={path}
      isPath
      about={about}
      how={state === 'undone' ? '' : t(`verb.${undoVerb(change)}`)}
      {...mark}
      word={t(mark.word)}
    />
  );
}

/** How it stands: icon, colour and the key of its word. */
function markOf({ state }: FileChange, isTaken: boolean | null) {
  if (state === 'undone') return { tone: 'success', icon: CircleCheck, word: 'done' } as const;
  if (isTaken !== true) return { tone: 'cancelled', icon: Ban, word: 'stays' } as const;
  return state === 'changed_since'
    ? ({ tone: 'waiting', icon: Pencil, word: 'overwrites' } as const)
    : ({ tone: 'pending', icon: Undo2, word: 'will' } as const);
}

function GapRow({ row: { gap } }: { readonly row: Extract<UndoRow, { readonly kind: 'gap' }> }) {
  const { t } = useTranslation('undo');
  return (
    <Line
      name={gap.step}
      about={saidPlainly(gap.error.message)}
      tone="waiting"
      icon={TriangleAlert}
      word={t('stays')}
    />
  );
}

const EFFECT_MARKS = {
  compensated: { tone: 'success', icon: CircleCheck },
  compensatable: { tone: 'pending', icon: Undo2 },
  irreversible: { tone: 'cancelled', icon: Ban },
} as const;

function EffectRow({ row: { effect } }: { readonly row: Extract<UndoRow, { readonly kind: 'effect' }> }) {
  const { t } = useTranslation('undo');
  const calls = effect.planned?.actions.map(({ action }) => action).join(', ') ?? '';
  return (
    <Line
      name={effect.name}
      about={effectText(t, effect)}
      how={calls}
      {...EFFECT_MARKS[effect.as]}
      word={t(`effect.${effect.as}`)}
    />
  );
}

/** Why an effect can be taken back or not, in a sentence. */
export function effectText(
  t: ReturnType<typeof useTranslation<'undo'>>['t'],
  { as, planned, hasFiles }: Extract<UndoRow, { readonly kind: 'effect' }>['effect'],
): string {
  if (as === 'compensated') return t('effect.was');
  if (as === 'compensatable') {
    const actions = planned?.actions.map(({ action }) => action).join(', ') ?? '';
    return actions === '' ? t('effect.nothing') : t('effect.by', { actions });
  }
  if (planned?.gap === 'no_action' && hasFiles) return t('effect.files');
  return t(`run:undone.why.${planned?.gap ?? 'skipped'}`);
}

function PastRow({ row: { undo, takenBackBy } }: { readonly row: Extract<UndoRow, { readonly kind: 'undo' }> }) {
  const { t } = useTranslation('undo');
  const now = useNow(60_000);
  const { undoes, counts, by, at } = undo;
  const name =
    counts === null ? t('past.cut') : t(undoes === null ? 'past.title' : 'past.ofUndo', { count: counts.restored });
  return (
    <Line
      name={name}
      about={takenBackBy === null ? t('past.row', { by, when: formatMoment(at, now) }) : t('past.wasBack')}
      tone={counts === null ? 'waiting' : 'success'}
      icon={counts === null ? TriangleAlert : FileClock}
      word={undo.name}
    />
  );
}
