import {
  Ban,
  CassetteTape,
  Columns2,
  CopyPlus,
  Ellipsis,
  FileClock,
  FileDown,
  FlaskConical,
  Info,
  type LucideIcon,
  Pause,
  Play,
  RotateCcw,
  ShieldCheck,
  Trash2,
  Undo2,
} from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { RunView } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { EXPORT_FORMATS } from '../../../shared/model/run-report.ts';
import { saveEvidence } from '../../client/audit-files.ts';
import { saveRun } from '../../client/outgoing-files.ts';
import { PinItem } from '../../client/pinned-runs.tsx';
import {
  actOnRun,
  dismissActToast,
  dropAskedAct,
  type RunAct,
  retryRun,
  useAskedAct,
} from '../../client/run-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { compareLink, runLink } from '../../ui/links.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { worded } from '../../ui/worded.ts';
import { DeleteRunDialog } from './delete-run-dialog.tsx';
import { RecordingDialog } from './recording/recording-dialog.tsx';
import { SaveTestDialog } from './recording/save-test-dialog.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { ResumeDialog } from './resume-dialog.tsx';
import { RetryDialog } from './retry-dialog.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';
import { shownRun, showReplay } from './run-store.ts';
import { UndoSheet } from './undo/undo-sheet.tsx';

type DialogName = 'none' | 'delete' | 'retry' | 'resume' | 'rollback' | 'undo' | 'saveTest' | 'recording';

interface RunActs {
  readonly simple: (name: RunAct) => Promise<void>;
  readonly retry: (from: string) => Promise<void>;
}

/** What the buttons do: one act at a time, its outcome in a toast, then the run as it is now. */
function useRunActs({ runId, status }: RunSummary): RunActs {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said of a run that goes on is over when it stands otherwise
  useEffect(() => dismissActToast, [runId, status]);
  const navigate = useNavigate();
  const isBusy = useRef(false);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    await work();
    isBusy.current = false;
    void shownRun.refresh();
  };
  return {
    simple: (name) => attempt(() => actOnRun(name, runId)),
    retry: (from) =>
      attempt(async () => {
        const newId = await retryRun(runId, from);
        if (newId !== undefined) await navigate(runLink(newId));
      }),
  };
}

/** The buttons of a run. One that cannot be used now keeps its place, the reasons stand beside them. */
export function RunActions({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const whyId = useId();
  const [dialog, setDialog] = useState<DialogName>('none');
  const { run, actions } = view;
  const { simple, retry } = useRunActs(run);
  const shown = shownActions(view);
  const close = (): void => setDialog('none');
  const asked = useAskedAct((state) => (state.asked?.runId === run.runId ? state.asked.act : null));
  const isPossible = asked !== null && actions[asked].enabled;
  useEffect(() => {
    if (asked === null) return;
    dropAskedAct();
    if (isPossible) setDialog(asked);
  }, [asked, isPossible]);
  return (
    <>
      <span className="grow" />
      <Reasons id={whyId} view={view} />
      <Button
        needs="runs.retry"
        className="act"
        icon={RotateCcw}
        title={actions.retry.enabled ? undefined : worded(actions.retry.reason)}
        {...(actions.retry.enabled ? {} : { reasonId: whyId })}
        onClick={() => setDialog('retry')}
      >
        {t('actions.retry')}
      </Button>
      {SIMPLE.map(({ name, icon, variant }) =>
        shown.includes(name) ? (
          <ActButton
            key={name}
            name={name}
            icon={icon}
            variant={name === 'resume' && actions.resume.enabled ? 'primary' : variant}
            whyId={actions[name].enabled ? null : whyId}
            why={actions[name].enabled ? undefined : worded(actions[name].reason)}
            onAct={() => (name === 'resume' && run.completedAt !== null ? setDialog('resume') : void simple(name))}
          />
        ) : null,
      )}
      <MoreMenu view={view} onOpen={setDialog} />
      <ReplayDialog view={view} />
      <DeleteRunDialog run={run} isOpen={dialog === 'delete'} onClose={close} />
      {dialog === 'undo' ? <UndoSheet view={view} onClose={close} onRollback={() => setDialog('rollback')} /> : null}
      {dialog === 'saveTest' ? <SaveTestDialog view={view} onClose={close} /> : null}
      {dialog === 'recording' ? <RecordingDialog view={view} onClose={close} /> : null}
      {dialog === 'rollback' ? <RollbackDialog view={view} onClose={close} /> : null}
      {dialog === 'resume' ? <ResumeDialog view={view} onClose={close} onResume={() => void simple('resume')} /> : null}
      <RetryDialog view={view} isOpen={dialog === 'retry'} onClose={close} onRetry={(from) => void retry(from)} />
    </>
  );
}

const SIMPLE = [
  { name: 'pause', icon: Pause, variant: 'default' },
  { name: 'resume', icon: Play, variant: 'default' },
  { name: 'cancel', icon: Ban, variant: 'danger' },
] as const;

interface ActButtonProps {
  readonly name: RunAct;
  readonly icon: LucideIcon;
  readonly variant: 'default' | 'primary' | 'danger';
  /** Where it says why the button does nothing; null when it works. */
  readonly whyId: string | null;
  readonly why: string | undefined;
  readonly onAct: () => void;
}

function ActButton({ name, icon, variant, whyId, why, onAct }: ActButtonProps) {
  const { t } = useTranslation('run');
  return (
    <Button
      needs={`runs.${name}`}
      className={`act act-${name}`}
      title={why}
      icon={icon}
      variant={variant}
      {...(whyId === null ? {} : { reasonId: whyId })}
      onClick={onAct}
    >
      {t(`actions.${name}`)}
    </Button>
  );
}

interface MoreMenuProps {
  readonly view: RunView;
  readonly onOpen: (dialog: DialogName) => void;
}

/** What destroys lies behind another press: never under a pointer that has just pressed Cancel. */
function MoreMenu({ view, onOpen }: MoreMenuProps) {
  const { t } = useTranslation('run');
  const { runId } = view.run;
  const { remove, rollback, undo } = view.actions;
  const navigate = useNavigate();
  return (
    <Menu align="end" trigger={<Button variant="ghost" icon={Ellipsis} label={t('actions.more')} />}>
      <MenuItem icon={CopyPlus} needs="runs.replay" onSelect={() => showReplay(true)}>
        {t('replay.menu')}
      </MenuItem>
      <RecordingItems view={view} onOpen={onOpen} />
      <MenuItem icon={Columns2} needs="runs.compare" onSelect={() => void navigate(compareLink(runId))}>
        {t('compare:menu')}
      </MenuItem>
      <MenuItem icon={FileClock} danger needs="runs.undo" disabled={!undo.enabled} onSelect={() => onOpen('undo')}>
        {undo.enabled ? t('undo:menu') : t('undo:menuNot', { reason: worded(undo.reason) })}
      </MenuItem>
      <MenuItem
        icon={Undo2}
        danger
        needs="runs.rollback"
        disabled={!rollback.enabled}
        onSelect={() => onOpen('rollback')}
      >
        {rollback.enabled ? t('rollback.menu') : t('rollback.menuNot', { reason: worded(rollback.reason) })}
      </MenuItem>
      <PinItem runId={runId} />
      <MenuItem icon={ShieldCheck} needs="audit.evidence" onSelect={() => void saveEvidence(runId)}>
        {t('everywhere:evidence.save')}
      </MenuItem>
      {EXPORT_FORMATS.map((format) => (
        <MenuItem key={format} icon={FileDown} needs="runs.export" onSelect={() => void saveRun(runId, format)}>
          {t(`export.${format}`)}
        </MenuItem>
      ))}
      <MenuItem icon={Trash2} danger needs="runs.delete" disabled={!remove.enabled} onSelect={() => onOpen('delete')}>
        {remove.enabled ? t('actions.remove') : t('actions.removeNot', { reason: worded(remove.reason) })}
      </MenuItem>
    </Menu>
  );
}

/** What can be done with what the run was answered; a replay has nothing of its own. */
function RecordingItems({ view, onOpen }: MoreMenuProps) {
  const { t } = useTranslation('tests');
  const { status } = view.run;
  if (view.replay !== undefined) return null;
  const isRecorded = status === 'completed' || status === 'failed';
  return (
    <>
      <MenuItem
        icon={CassetteTape}
        needs="cassettes.replay"
        disabled={!isRecorded}
        onSelect={() => onOpen('recording')}
      >
        {t(isRecorded ? 'replay.menu' : 'replay.menuNot')}
      </MenuItem>
      <MenuItem icon={FlaskConical} needs="cassettes.save" disabled={!isRecorded} onSelect={() => onOpen('saveTest')}>
        {t(isRecorded ? 'save.menu' : 'save.menuNot')}
      </MenuItem>
    </>
  );
}

/** Why buttons cannot be used now; the same reason is said once. */
function Reasons({ id, view }: { readonly id: string; readonly view: RunView }) {
  const { t } = useTranslation('run');
  const reasons = shownActions(view).flatMap((name) => {
    const availability = view.actions[name];
    return availability.enabled ? [] : [{ act: name, name: t(`actions.${name}`), reason: availability.reason }];
  });
  if (reasons.length === 0) return null;
  // That an ended run cannot be paused says itself: then only a tip and a screen reader tell it.
  const told =
    view.run.completedAt === null ? reasons : reasons.filter(({ act }) => act === 'retry' || act === 'resume');
  if (told.length === 0)
    return (
      <span className="sr" id={id}>
        {joinReasons(reasons)}
      </span>
    );
  return (
    <span className="why" id={id} title={joinReasons(reasons)}>
      <Icon of={Info} small />
      <span className="cut">{joinReasons(told)}</span>
    </span>
  );
}

type ShownAction = 'retry' | 'pause' | 'resume' | 'cancel';

/** Always three in the same places: Retry, Pause while it goes on or Resume once it stands, Cancel. */
function shownActions({ run, actions }: RunView): readonly ShownAction[] {
  const stands = actions.resume.enabled || run.status === 'paused' || run.status === 'in_doubt';
  return ['retry', stands ? 'resume' : 'pause', 'cancel'];
}

/** `Retry, Delete: Not ended yet.` — the same reason is said once. */
function joinReasons(reasons: readonly { readonly name: string; readonly reason: string }[]): string {
  const byReason = new Map<string, string[]>();
  for (const { name, reason } of reasons) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason].map(([reason, names]) => `${names.join(', ')}: ${worded(reason)}`).join(' ');
}
