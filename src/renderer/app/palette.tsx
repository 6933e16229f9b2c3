import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/icon.tsx';
import { type CommandWays, type Entry, useCommands, useObjects, useOpenRun, useRecent } from './palette-entries.tsx';
import { type RankedGroup, rankGroups } from './palette-rank.ts';

export interface PaletteProps extends CommandWays {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

interface GroupProps extends RankedGroup<Entry> {
  readonly onDone: () => void;
}

function Group({ heading, entries, onDone }: GroupProps) {
  if (entries.length === 0) return null;
  const choose = (entry: Entry) => () => {
    onDone();
    entry.act();
  };
  return (
    <Command.Group heading={heading}>
      {entries.map((entry) => (
        <Command.Item key={entry.key} value={entry.key} onSelect={choose(entry)}>
          <Icon of={entry.icon} />
          <span className="flex-none">{entry.name}</span>
          {entry.more}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

/** What fits the text, the best first; with nothing typed, where somebody was before. */
function useGroups(text: string, props: PaletteProps): readonly RankedGroup<Entry>[] {
  const { t } = useTranslation('shell');
  const { screens, actions } = useCommands(props);
  const { workflows, runs, approvals, agents, tools, triggers, triggerActs } = useObjects(text, props.isOpen);
  const openRun = useOpenRun();
  const recent = useRecent();
  const isTyped = text.trim() !== '';
  return rankGroups(text, [
    // What was opened before is found among the others once something is typed.
    { heading: t('palette.recent'), entries: isTyped ? [] : recent },
    { heading: t('palette.goTo'), entries: screens },
    // Never on top with nothing typed: an Enter too many does nothing to a run.
    { heading: t('palette.openRun'), entries: openRun },
    { heading: t('palette.workflows'), entries: workflows },
    { heading: t(isTyped ? 'palette.runs' : 'palette.newestRuns'), entries: runs },
    { heading: t('palette.approvals'), entries: approvals },
    { heading: t('palette.agents'), entries: agents },
    { heading: t('palette.tools'), entries: tools },
    { heading: t('palette.triggers'), entries: triggers },
    { heading: t('palette.actions'), entries: [...actions, ...triggerActs] },
  ]);
}

/** Something is always chosen: the entry of the last move, or the first one when that one has left the list. */
function useChosen(entries: readonly Entry[]): readonly [string, (key: string) => void] {
  const [chosen, setChosen] = useState('');
  const isThere = entries.some((entry) => entry.key === chosen);
  return [isThere ? chosen : (entries[0]?.key ?? ''), setChosen];
}

/** Ctrl/Cmd+K: every workflow, run, screen and action by its name. */
export function Palette(props: PaletteProps) {
  const { t } = useTranslation('shell');
  const [text, setText] = useState('');
  const groups = useGroups(text, props);
  const [chosen, setChosen] = useChosen(groups.flatMap(({ entries }) => entries));
  const close = (): void => {
    setText('');
    setChosen('');
    props.onClose();
  };
  const type = (next: string): void => {
    setText(next);
    setChosen('');
  };
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="float dialog palette-dialog" aria-label={t('palette.label')}>
          <Command
            shouldFilter={false}
            value={chosen}
            onValueChange={setChosen}
            // While it fades away a second Enter is not meant for it.
            onKeyDown={(event) => (props.isOpen ? undefined : event.preventDefault())}
            label={t('palette.label')}
          >
            <Command.Input value={text} onValueChange={type} placeholder={t('palette.placeholder')} />
            <Command.List label={t('palette.label')}>
              <Command.Empty>{t('palette.none')}</Command.Empty>
              {groups.map(({ heading, entries }) => (
                <Group key={heading} heading={heading} entries={entries} onDone={close} />
              ))}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
