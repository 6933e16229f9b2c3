import { Ban, ChevronDown, Info, Pause, Play, RotateCcw, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Availability, RunView } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { runLink } from '../../ui/links.ts';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { DeleteRunDialog } from './delete-run-dialog.tsx';
import { RetryFromDialog } from './retry-from-dialog.tsx';
import { shownRun } from './run-store.ts';

type DialogName = 'none' | 'delete' | 'retry';
type Act = 'cancel' | 'pause' | 'resume';

/** The buttons of a run. One that cannot be used now keeps its place, the reasons stand beside them. */
export function RunActions({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  const whyId = useId();
  const [dialog, setDialog] = useState<DialogName>('none');
  const [isBusy, setIsBusy] = useState(false);
  const { run, actions } = view;
  const isEnded = run.completedAt !== null;

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    await act(work);
    setIsBusy(false);
    void shownRun.refresh();
  };
  const simple = (name: Act) =>
    attempt(async () => {
      await call(`runs.${name}`, { runId: run.runId });
      showToast(t(`actions.done.${name}`));
    });
  const retry = (from?: string) =>
    attempt(async () => {
      const answer = await call('runs.retry', {
        runId: run.runId,
        ...(from === undefined ? {} : { from }),
      });
      showToast(t('actions.done.retry', { count: answer.repeats.length }));
      navigate(runLink(answer.runId));
    });

  const shown = shownActions(view);
  const reasons = shown.flatMap((name) => {
    const availability = actions[name];
    return availability.enabled ? [] : [{ name: t(`actions.${name}`), reason: availability.reason }];
  });
  const off = (availability: Availability) => (availability.enabled ? {} : { reasonId: whyId });
  return (
    <div className="buttons">
      {reasons.length === 0 ? null : (
        <span className="why" id={whyId}>
          <Icon of={Info} small />
          <span>{joinReasons(reasons)}</span>
        </span>
      )}
      {shown.includes('retry') ? (
        actions.retry.enabled ? (
          <Menu
            align="end"
            trigger={
              <Button icon={RotateCcw}>
                {t('actions.retry')}
                <Icon of={ChevronDown} />
              </Button>
            }
          >
            <MenuItem icon={RotateCcw} onSelect={() => void retry()}>
              {t('actions.retryFailed')}
            </MenuItem>
            <MenuSeparator />
            <MenuItem onSelect={() => setDialog('retry')}>{t('actions.retryFrom')}</MenuItem>
          </Menu>
        ) : (
          <Button icon={RotateCcw} reasonId={whyId}>
            {t('actions.retry')}
          </Button>
        )
      ) : null}
      {shown.includes('pause') ? (
        <Button icon={Pause} {...off(actions.pause)} onClick={() => void simple('pause')}>
          {t('actions.pause')}
        </Button>
      ) : null}
      {shown.includes('resume') ? (
        <Button
          icon={Play}
          variant={actions.resume.enabled ? 'primary' : 'default'}
          {...off(actions.resume)}
          onClick={() => void simple('resume')}
        >
          {t('actions.resume')}
        </Button>
      ) : null}
      {shown.includes('cancel') ? (
        <Button icon={Ban} variant="danger" {...off(actions.cancel)} onClick={() => void simple('cancel')}>
          {t('actions.cancel')}
        </Button>
      ) : null}
      {isEnded ? (
        <Button icon={Trash2} variant="danger" {...off(actions.remove)} onClick={() => setDialog('delete')}>
          {t('actions.remove')}
        </Button>
      ) : null}
      <DeleteRunDialog run={run} isOpen={dialog === 'delete'} onClose={() => setDialog('none')} />
      <RetryFromDialog
        view={view}
        isOpen={dialog === 'retry'}
        onClose={() => setDialog('none')}
        onRetry={(from) => void retry(from)}
      />
    </div>
  );
}

/** Pause while it goes on, Resume once it stands; Cancel until it ended, Delete after. */
function shownActions({ run, actions }: RunView): readonly (keyof RunView['actions'])[] {
  const isEnded = run.completedAt !== null;
  const stands = actions.resume.enabled || run.status === 'paused' || run.status === 'in_doubt';
  const names: (keyof RunView['actions'])[] = ['retry'];
  if (!isEnded && !stands) names.push('pause');
  if (stands) names.push('resume');
  names.push(isEnded ? 'remove' : 'cancel');
  return names;
}

/** `Retry and Delete: after the run.` — the same reason is said once. */
function joinReasons(reasons: readonly { readonly name: string; readonly reason: string }[]): string {
  const byReason = new Map<string, string[]>();
  for (const { name, reason } of reasons) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason].map(([reason, names]) => `${names.join(', ')}: ${reason}`).join(' ');
}
