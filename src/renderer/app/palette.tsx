import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import {
  CircleQuestionMark,
  FolderOpen,
  Moon,
  Package,
  Play,
  Sparkles,
  Stethoscope,
  Sun,
  Workflow,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { LibraryEntry } from '../../shared/contract/index.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { Icon } from '../ui/icon.tsx';
import { Status } from '../ui/status.tsx';
import { TimeAgo } from '../ui/time.tsx';
import { getClient } from './bridge.ts';
import { pickFiles } from './import-requests.ts';
import { runLink, workflowLink } from './links.ts';
import { usePreferences } from './preferences.ts';
import { SECTIONS } from './sections.ts';

interface Found {
  readonly workflows: readonly LibraryEntry[];
  readonly runs: readonly RunSummary[];
}
const NOTHING: Found = { workflows: [], runs: [] };

/** Workflows and runs that hold the text; asked of the server, a little after the last key. */
function useFound(text: string, isOpen: boolean): Found {
  const [found, setFound] = useState(NOTHING);
  useEffect(() => {
    if (!isOpen) return;
    let isStale = false;
    const timer = window.setTimeout(async () => {
      const search = text.trim();
      const [library, runs] = await Promise.allSettled([
        getClient().call('workflows.list', search === '' ? {} : { search }),
        getClient().call('runs.list', search === '' ? { limit: 5 } : { text: search, limit: 8 }),
      ]);
      if (isStale) return;
      setFound({
        workflows: library.status === 'fulfilled' ? library.value.workflows.slice(0, 12) : [],
        runs: runs.status === 'fulfilled' ? runs.value.runs : [],
      });
    }, 80);
    return () => {
      isStale = true;
      window.clearTimeout(timer);
    };
  }, [text, isOpen]);
  return found;
}

export interface PaletteProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
  readonly onDoctor: () => void;
}

/** Ctrl/Cmd+K: every workflow, run, screen and action by its name. */
export function Palette({ isOpen, onClose, onShortcuts, onDoctor }: PaletteProps) {
  const { t } = useTranslation('shell');
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const found = useFound(text, isOpen);
  const close = (): void => {
    setText('');
    onClose();
  };
  const after = (act: () => void) => () => {
    close();
    act();
  };
  const go = (to: string) => after(() => void navigate(to));
  const actions = [
    { key: 'folder', icon: FolderOpen, name: t('import:pickFolder'), act: after(() => pickFiles('folder')) },
    { key: 'archive', icon: Package, name: t('import:pickArchive'), act: after(() => pickFiles('archive')) },
    { key: 'welcome', icon: Sparkles, name: t('nav.welcome'), act: go('/welcome') },
    { key: 'doctor', icon: Stethoscope, name: t('help.doctor'), act: after(onDoctor) },
    { key: 'shortcuts', icon: CircleQuestionMark, name: t('help.shortcuts'), act: after(onShortcuts) },
    {
      key: 'light',
      icon: Sun,
      name: `${t('help.theme')}: ${t('help.light')}`,
      act: after(() => usePreferences.setState({ theme: 'light' })),
    },
    {
      key: 'dark',
      icon: Moon,
      name: `${t('help.theme')}: ${t('help.dark')}`,
      act: after(() => usePreferences.setState({ theme: 'dark' })),
    },
  ];
  const isHit = (name: string): boolean => name.toLowerCase().includes(text.trim().toLowerCase());
  const sections = SECTIONS.map((section) => ({ ...section, name: t(section.nameKey) })).filter((section) =>
    isHit(section.name),
  );
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="float dialog palette-dialog" aria-label={t('palette.label')}>
          <Command shouldFilter={false} label={t('palette.label')}>
            <Command.Input value={text} onValueChange={setText} placeholder={t('palette.placeholder')} />
            <Command.List label={t('palette.label')}>
              <Command.Empty>{t('palette.none')}</Command.Empty>
              {sections.length === 0 ? null : (
                <Command.Group heading={t('palette.goTo')}>
                  {sections.map((section) => (
                    <Command.Item key={section.path} value={section.path} onSelect={go(section.path)}>
                      <Icon of={section.icon} />
                      {section.name}
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {found.workflows.length === 0 ? null : (
                <Command.Group heading={t('palette.workflows')}>
                  {found.workflows.map((entry) => (
                    <Command.Item
                      key={entry.ref}
                      value={`workflow ${entry.ref}`}
                      onSelect={go(workflowLink(entry.ref))}
                    >
                      <Icon of={Workflow} />
                      <span className="flex-none">{entry.name}</span>
                      <span className="muted sm cut">{entry.description}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {found.runs.length === 0 ? null : (
                <Command.Group heading={t('palette.runs')}>
                  {found.runs.map((run) => (
                    <Command.Item key={run.runId} value={`run ${run.runId}`} onSelect={go(runLink(run.runId))}>
                      <Icon of={Play} />
                      <span className="cut">{run.workflowName}</span>
                      <Status status={run.status} outcome={run.outcome} className="sm" />
                      <TimeAgo at={run.createdAt} className="muted sm" />
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading={t('palette.actions')}>
                {actions
                  .filter((action) => isHit(action.name))
                  .map((action) => (
                    <Command.Item key={action.key} value={action.key} onSelect={action.act}>
                      <Icon of={action.icon} />
                      {action.name}
                    </Command.Item>
                  ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
