import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import {
  Bot,
  CircleQuestionMark,
  FolderOpen,
  type LucideIcon,
  Moon,
  Package,
  Play,
  RefreshCw,
  Sparkles,
  Stethoscope,
  Sun,
  Workflow,
  Wrench,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { checkAllAgents } from '../client/agent-actions.ts';
import { pickFiles } from '../client/shell-requests.ts';
import { Icon } from '../ui/icon.tsx';
import { agentLink, runLink, toolLink, workflowLink } from '../ui/links.ts';
import { Status } from '../ui/status.tsx';
import { TimeAgo } from '../ui/time.tsx';
import { type Found, useFound } from './palette-search.ts';
import { usePreferences } from './preferences.ts';
import { SECTIONS } from './sections.ts';

export interface PaletteProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
  readonly onDoctor: () => void;
}

interface Entry {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly name: string;
  readonly more?: ReactNode;
  readonly act: () => void;
}

function Group({
  heading,
  entries,
  onDone,
}: {
  readonly heading: string;
  readonly entries: readonly Entry[];
  readonly onDone: () => void;
}) {
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

/** Screens and actions whose name holds the text. */
function useCommands(
  text: string,
  { onShortcuts, onDoctor }: PaletteProps,
): { readonly screens: readonly Entry[]; readonly actions: readonly Entry[] } {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const go = (to: string) => () => void navigate(to);
  const screens = SECTIONS.map(
    ({ path, icon, nameKey }): Entry => ({ key: path, icon, name: t(nameKey), act: go(path) }),
  );
  const actions: readonly Entry[] = [
    { key: 'folder', icon: FolderOpen, name: t('import:pickFolder'), act: () => pickFiles('folder') },
    { key: 'archive', icon: Package, name: t('import:pickArchive'), act: () => pickFiles('archive') },
    { key: 'welcome', icon: Sparkles, name: t('nav.welcome'), act: go('/welcome') },
    { key: 'doctor', icon: Stethoscope, name: t('help.doctor'), act: onDoctor },
    { key: 'check agents', icon: RefreshCw, name: t('palette.checkAgents'), act: () => void checkAllAgents() },
    { key: 'shortcuts', icon: CircleQuestionMark, name: t('help.shortcuts'), act: onShortcuts },
    {
      key: 'light',
      icon: Sun,
      name: `${t('help.theme')}: ${t('help.light')}`,
      act: () => usePreferences.setState({ theme: 'light' }),
    },
    {
      key: 'dark',
      icon: Moon,
      name: `${t('help.theme')}: ${t('help.dark')}`,
      act: () => usePreferences.setState({ theme: 'dark' }),
    },
  ];
  const isHit = ({ name }: Entry): boolean => name.toLowerCase().includes(text.trim().toLowerCase());
  return { screens: screens.filter(isHit), actions: actions.filter(isHit) };
}

/** What the server found: workflows, runs, agents, tools. */
function useObjects(text: string, isOpen: boolean): Readonly<Record<keyof Found, readonly Entry[]>> {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const found = useFound(text, isOpen);
  const workflows = found.workflows.map(
    (entry): Entry => ({
      key: `workflow ${entry.ref}`,
      icon: Workflow,
      name: entry.name,
      more: <span className="muted sm cut">{entry.description}</span>,
      act: () => void navigate(workflowLink(entry.ref)),
    }),
  );
  const runs = found.runs.map(
    (run): Entry => ({
      key: `run ${run.runId}`,
      icon: Play,
      name: run.workflowName,
      more: (
        <>
          <Status status={run.status} outcome={run.outcome} className="sm" />
          <TimeAgo at={run.createdAt} className="muted sm" />
        </>
      ),
      act: () => void navigate(runLink(run.runId)),
    }),
  );
  const agents = found.agents.map(
    (agent): Entry => ({
      key: `agent ${agent.name}`,
      icon: Bot,
      name: t('palette.openAgent', { name: agent.name }),
      more: <span className="muted sm cut">{agent.description}</span>,
      act: () => void navigate(agentLink(agent.name)),
    }),
  );
  const tools = found.tools.map(
    (tool): Entry => ({
      key: `tool ${tool.name}`,
      icon: Wrench,
      name: t('palette.openTool', { name: tool.name }),
      more: <span className="muted sm cut">{tool.description}</span>,
      act: () => void navigate(toolLink(tool.name)),
    }),
  );
  return { workflows, runs, agents, tools };
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
  const { screens, actions } = useCommands(text, props);
  const { workflows, runs, agents, tools } = useObjects(text, props.isOpen);
  const [chosen, setChosen] = useChosen([...screens, ...workflows, ...runs, ...agents, ...tools, ...actions]);
  const close = (): void => {
    setText('');
    props.onClose();
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
            <Command.Input value={text} onValueChange={setText} placeholder={t('palette.placeholder')} />
            <Command.List label={t('palette.label')}>
              <Command.Empty>{t('palette.none')}</Command.Empty>
              <Group heading={t('palette.goTo')} entries={screens} onDone={close} />
              <Group heading={t('palette.workflows')} entries={workflows} onDone={close} />
              <Group heading={t('palette.runs')} entries={runs} onDone={close} />
              <Group heading={t('palette.agents')} entries={agents} onDone={close} />
              <Group heading={t('palette.tools')} entries={tools} onDone={close} />
              <Group heading={t('palette.actions')} entries={actions} onDone={close} />
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
