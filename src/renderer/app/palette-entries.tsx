import type { TFunction } from 'i18next';
import {
  Ban,
  Bot,
  CircleQuestionMark,
  Copy,
  CopyPlus,
  FolderOpen,
  type LucideIcon,
  Moon,
  Package,
  Pause,
  Play,
  RefreshCw,
  Replace,
  RotateCcw,
  Settings,
  Sparkles,
  SquareCheckBig,
  Stethoscope,
  Sun,
  Workflow,
  Wrench,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { useStore } from 'zustand';
import { checkAllAgents } from '../client/agent-actions.ts';
import { usePreferences } from '../client/preferences.ts';
import { actOnRun, askAct, copyRunId } from '../client/run-actions.ts';
import { pickFiles } from '../client/shell-requests.ts';
import { pauseAllTriggers, resumeAllTriggers, runTriggerNow } from '../client/trigger-actions.ts';
import { shownRun, showReplay } from '../features/run/run-store.ts';
import { useCutOff } from '../ui/cut-off.ts';
import { agentLink, approvalLink, runLink, toolLink, triggerLink, workflowLink } from '../ui/links.ts';
import { useRights } from '../ui/rights.ts';
import { Status } from '../ui/status.tsx';
import { TimeAgo } from '../ui/time.tsx';
import { startsWords } from '../ui/trigger/starts-words.ts';
import { KIND_ICONS } from '../ui/trigger/trigger-marks.tsx';
import type { Ranked } from './palette-rank.ts';
import { type Found, useFound } from './palette-search.ts';
import { useRecentPlaces } from './recent-places.ts';
import { SECTIONS } from './sections.ts';

export interface Entry extends Ranked {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly more?: ReactNode;
  readonly act: () => void;
}

export interface CommandWays {
  readonly onShortcuts: () => void;
  readonly onDoctor: () => void;
}

/** Screens, and actions that need nothing open. */
export function useCommands({ onShortcuts, onDoctor }: CommandWays): {
  readonly screens: readonly Entry[];
  readonly actions: readonly Entry[];
} {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const isCutOff = useCutOff() !== null;
  const { missingFor } = useRights();
  const go = (to: string) => () => void navigate(to);
  const entry = (key: string, icon: LucideIcon, name: string, act: () => void): Entry => ({
    key,
    icon,
    name,
    act,
    words: t(`palette.words.${key}`),
  });
  const screens = SECTIONS.map(({ path, icon, nameKey }) => entry(path.slice(1), icon, t(nameKey), go(path)));
  const theme = (name: 'light' | 'dark', icon: LucideIcon): Entry =>
    entry(name, icon, `${t('help.theme')}: ${t(`help.${name}`)}`, () => usePreferences.setState({ theme: name }));
  const imports = [
    entry('folder', FolderOpen, t('import:pickFolder'), () => pickFiles('folder')),
    entry('archive', Package, t('import:pickArchive'), () => pickFiles('archive')),
    entry('foreign', Replace, t('import:pickForeign'), () => pickFiles('foreign')),
  ];
  const checks = [entry('checkAgents', RefreshCw, t('palette.checkAgents'), () => void checkAllAgents())];
  const acting = [
    ...(missingFor('bundles.import') === null ? imports : []),
    ...(missingFor('agents.check') === null ? checks : []),
  ];
  const actions = [
    ...(isCutOff ? [] : acting),
    entry('welcome', Sparkles, t('nav.welcome'), go('/welcome')),
    entry('settings', Settings, t('help.settings'), go('/admin?tab=settings')),
    entry('doctor', Stethoscope, t('help.doctor'), onDoctor),
    entry('shortcuts', CircleQuestionMark, t('help.shortcuts'), onShortcuts),
    theme('light', Sun),
    theme('dark', Moon),
  ];
  return { screens, actions };
}

/** What can be done now with the run that is open: the same as its buttons do, and nothing that they would refuse. */
export function useOpenRun(): readonly Entry[] {
  const isCutOff = useCutOff() !== null;
  const { missingFor } = useRights();
  const { t } = useTranslation('shell');
  const { pathname } = useLocation();
  const { key: runId, data } = useStore(shownRun.store);
  const shown = data.value;
  if (runId === null || shown === null || shown.isDeleted || pathname !== runLink(runId)) return [];
  const { actions } = shown.view;
  const again = (): void => void shownRun.refresh();
  const all = [
    {
      name: 'resume',
      icon: Play,
      isPossible: actions.resume.enabled,
      act: () =>
        shown.view.run.completedAt === null ? void actOnRun('resume', runId).then(again) : askAct('resume', runId),
    },
    {
      name: 'pause',
      icon: Pause,
      isPossible: actions.pause.enabled,
      act: () => void actOnRun('pause', runId).then(again),
    },
    { name: 'retry', icon: RotateCcw, isPossible: actions.retry.enabled, act: () => askAct('retry', runId) },
    { name: 'replay', icon: CopyPlus, isPossible: true, act: () => showReplay(true) },
    { name: 'copy', icon: Copy, isPossible: true, act: () => void copyRunId(runId) },
    {
      name: 'cancel',
      icon: Ban,
      isPossible: actions.cancel.enabled,
      act: () => void actOnRun('cancel', runId).then(again),
    },
  ] as const;
  return all
    .filter(
      ({ name, isPossible }) => isPossible && (name === 'copy' || (!isCutOff && missingFor(`runs.${name}`) === null)),
    )
    .map(({ name, icon, act }) => ({
      key: `this run ${name}`,
      icon,
      name: t(`palette.thisRun.${name}`),
      words: t(`palette.words.${name}`),
      act,
    }));
}

/** What was opened before, the newest first. */
export function useRecent(): readonly Entry[] {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const places = useRecentPlaces((state) => state.places);
  return places
    .filter(({ path }) => path !== pathname)
    .map(({ path, name }) => ({
      key: `recent ${path}`,
      icon: path.startsWith('/runs/') ? Play : Workflow,
      name,
      act: () => void navigate(path),
    }));
}

/** What the server found: workflows, runs, agents, tools, triggers, and what can be done with these. */
export function useObjects(
  text: string,
  isOpen: boolean,
): Readonly<Record<Exclude<keyof Found, 'arePaused'> | 'triggerActs', readonly Entry[]>> {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const found = useFound(text, isOpen);
  const { missingFor } = useRights();
  const places = useRecentPlaces((state) => state.places);
  const object = (to: string, entry: Omit<Entry, 'act' | 'isFound' | 'isRecent'>): Entry => ({
    ...entry,
    isFound: true,
    isRecent: places.some(({ path }) => path === to),
    act: () => void navigate(to),
  });
  const described = (text: string): ReactNode => <span className="muted sm cut">{text}</span>;
  return {
    workflows: found.workflows.map(({ ref, id, name, description }) =>
      object(workflowLink(ref), {
        key: `workflow ${ref}`,
        icon: Workflow,
        name,
        words: id,
        more: described(description),
      }),
    ),
    runs: found.runs.map((run) =>
      object(runLink(run.runId), {
        key: `run ${run.runId}`,
        icon: Play,
        name: run.workflowName,
        words: run.runId,
        more: (
          <>
            <Status status={run.status} outcome={run.outcome} className="sm" />
            <TimeAgo at={run.createdAt} className="muted sm" />
          </>
        ),
      }),
    ),
    approvals: found.approvals.map(({ id, title, workflowName }) =>
      object(approvalLink(id), {
        key: `approval ${id}`,
        icon: SquareCheckBig,
        name: t('palette.openApproval', { title }),
        words: workflowName ?? '',
        more: workflowName === null ? undefined : described(workflowName),
      }),
    ),
    agents: found.agents.map(({ name, description }) =>
      object(agentLink(name), {
        key: `agent ${name}`,
        icon: Bot,
        name: t('palette.openAgent', { name }),
        more: described(description),
      }),
    ),
    tools: found.tools.map(({ name, description }) =>
      object(toolLink(name), {
        key: `tool ${name}`,
        icon: Wrench,
        name: t('palette.openTool', { name }),
        more: described(description),
      }),
    ),
    triggers: found.triggers.map((trigger) =>
      object(triggerLink(trigger.key), {
        key: `trigger ${trigger.key}`,
        icon: KIND_ICONS[trigger.kind],
        name: t('palette.openTrigger', { name: trigger.workflowName }),
        words: `${trigger.kind} ${trigger.id}`,
        more: described(startsWords(trigger)),
      }),
    ),
    triggerActs: [
      ...(missingFor('triggers.pauseAll') === null ? pauseActs(found.arePaused, t) : []),
      ...found.triggers
        .filter(({ armed, status }) => armed !== null && status !== 'changed' && missingFor('triggers.runNow') === null)
        .map(({ key, workflowName, kind, id }) => ({
          key: `run now ${key}`,
          icon: Play,
          name: t('palette.runTrigger', { name: workflowName }),
          words: `${kind} ${id}`,
          act: () => void runTriggerNow(key, (to) => void navigate(to)),
        })),
    ],
  };
}

/** The one of both that would do something. */
function pauseActs(arePaused: boolean | null, t: TFunction<'shell'>): readonly Entry[] {
  if (arePaused === null) return [];
  return arePaused
    ? [
        {
          key: 'resume triggers',
          icon: Play,
          name: t('palette.resumeTriggers'),
          words: t('palette.words.resume'),
          act: () => void resumeAllTriggers(),
        },
      ]
    : [
        {
          key: 'pause triggers',
          icon: Pause,
          name: t('palette.pauseTriggers'),
          words: t('palette.words.pause'),
          act: () => void pauseAllTriggers({ reason: '', until: null }),
        },
        {
          key: 'pause triggers for an hour',
          icon: Pause,
          name: t('palette.pauseForHour'),
          words: t('palette.words.pause'),
          act: () => void pauseAllTriggers({ reason: '', until: Date.now() + 3_600_000 }),
        },
      ];
}
