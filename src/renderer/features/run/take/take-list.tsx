import { Ban, CircleCheck, FileInput, Pencil } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FileChange } from '../../../../shared/model/file-undo.ts';
import { Button } from '../../../ui/button.tsx';
import { OptionList } from '../../../ui/option-list.tsx';
import { Line } from '../undo/undo-list.tsx';
import { keyOfPlace } from '../undo/undo-rows.ts';
import { TAKE_PARTS, type TakePart } from './take-rows.ts';

const ROW_PX = 48;

interface TakeListProps {
  readonly parts: Readonly<Record<TakePart, readonly FileChange[]>>;
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
  readonly isTaken: (change: FileChange) => boolean;
  readonly onTake: (change: FileChange, isTaken: boolean) => void;
  readonly onTakeAll: (isTaken: boolean) => void;
}

/** What the run changed, by how it stands against the project. Space takes the chosen file over, or leaves it. */
export function TakeList({ parts, chosen, onChoose, isTaken, onTake, onTakeAll }: TakeListProps) {
  const { t } = useTranslation('take');
  const takenOf = (change: FileChange): boolean | null => (change.state === 'undone' ? null : isTaken(change));
  const areSome = parts.undoable.some((change) => isTaken(change));
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
        options={TAKE_PARTS.flatMap((part) => parts[part])}
        groups={TAKE_PARTS.map((part) => ({
          label: t(`part.${part}`, { count: parts[part].length }),
          size: parts[part].length,
        }))}
        keyOf={keyOfPlace}
        chosen={chosen}
        onChoose={onChoose}
        rowHeight={ROW_PX}
        taken={{ isTaken: takenOf, onTake: (change) => onTake(change, takenOf(change) !== true) }}
      >
        {(change) => <FileRow change={change} isTaken={takenOf(change)} />}
      </OptionList>
    </div>
  );
}

function FileRow({ change, isTaken }: { readonly change: FileChange; readonly isTaken: boolean | null }) {
  const { t } = useTranslation('take');
  const { path, state, renamed } = change;
  const about = [
    ...(renamed === null ? [] : [t(change.change === 'added' ? 'renamed.from' : 'renamed.to', { path: renamed.path })]),
    t(`state.${state}`),
  ].join(', ');
  const { word, ...mark } = markOf(change, isTaken);
  const how = state === 'undone' ? '' : t(`verb.${change.change}`);
  return <Line name={path} isPath about={about} how={how} {...mark} word={t(word)} />;
}

/** How it stands: icon, colour and the key of its word. */
function markOf({ state }: FileChange, isTaken: boolean | null) {
  if (state === 'undone') return { tone: 'success', icon: CircleCheck, word: 'done' } as const;
  if (isTaken !== true) return { tone: 'cancelled', icon: Ban, word: 'stays' } as const;
  return state === 'changed_since'
    ? ({ tone: 'waiting', icon: Pencil, word: 'overwrites' } as const)
    : ({ tone: 'pending', icon: FileInput, word: 'will' } as const);
}
