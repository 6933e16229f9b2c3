import { FlaskConical, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Occurrence } from '../../../shared/model/trigger.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatExact, formatMoment } from '../../ui/format.ts';
import { runLink, triggerLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { whyText } from '../../ui/trigger/start-words.ts';
import { lookOfStart, StartMark } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useTriggerName } from './delivery-columns.tsx';
import { Block } from './delivery-pane.tsx';
import { shownStart } from './inbox.ts';
import { openTestInput } from './test-input.ts';

interface StartPaneProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One schedule that fell due: why it started or not, its run, and what can be done with it. */
export function StartPane({ id, onClose }: StartPaneProps) {
  const { t } = useTranslation('triggers');
  const { value, error } = useQueryOf(shownStart, id);
  return (
    <aside className="delivery-pane" aria-label={t('delivery.pane')}>
      {error === null ? null : (
        <ErrorNote className="m-4 flex-none" error={error} onRetry={() => void shownStart.refresh()} />
      )}
      {value === null && error === null ? <SkeletonRows rows={6} columns={[80]} /> : null}
      {error !== null || value?.start === null ? (
        <div className="p-4">
          {error === null ? <p className="muted sm mb-3">{t('delivery.noStart')}</p> : null}
          <Button icon={X} onClick={onClose}>
            {t('delivery.close')}
          </Button>
        </div>
      ) : null}
      {value?.start == null ? null : <Shown start={value.start} onClose={onClose} />}
    </aside>
  );
}

const hasBegun = ({ state }: Occurrence): boolean => state === 'started' || state === 'caught_up';
/** Nothing came of it, so that it can be made after all. */
const isLost = ({ state }: Occurrence): boolean =>
  state === 'missed' || state === 'failed_to_start' || state.startsWith('skipped_');

function Shown({ start, onClose }: { readonly start: Occurrence; readonly onClose: () => void }) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const { triggerKey, plannedAt, at, runId, evidence } = start;
  const name = useTriggerName(triggerKey);
  const facts = [
    t('delivery.plannedFor', { when: formatMoment(plannedAt, now) }),
    hasBegun(start) ? t('delivery.startedAt', { when: formatMoment(at, now) }) : '',
  ].filter((part) => part !== '');
  return (
    <>
      <header className="delivery-head">
        <div className="row">
          <h2 className="grow cut" title={triggerKey}>
            <Link className="plain" to={triggerLink(triggerKey)}>
              {name}
            </Link>
          </h2>
          <StartMark look={lookOfStart(start)} />
          <Button variant="ghost" icon={X} label={t('delivery.close')} onClick={onClose} />
        </div>
        <p className="sm muted" title={formatExact(plannedAt)}>
          {facts.join(' · ')}
        </p>
      </header>
      <section className="scroll" aria-label={t('delivery.pane')}>
        <Block title={t(hasBegun(start) ? 'delivery.whyStarted' : 'delivery.whyNot')}>
          <p className="mt-1">{whyText(start, t, now)}</p>
        </Block>
        {runId === null && evidence.runId === undefined ? null : (
          <Block title={t(runId === null ? 'ledger.earlier' : 'delivery.theRun')}>
            <Link to={runLink(runId ?? evidence.runId ?? '')}>{t('openRun')}</Link>
          </Block>
        )}
      </section>
      <Acts start={start} />
    </>
  );
}

function Acts({ start }: { readonly start: Occurrence }) {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const [isBusy, setIsBusy] = useState(false);
  const { triggerKey, plannedAt, runId } = start;
  const workflowId = triggerKey.slice(0, triggerKey.indexOf('/'));
  const busily = async (work: () => Promise<unknown>): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    await work();
    setIsBusy(false);
  };
  const test = (): Promise<void> =>
    openTestInput(
      {
        triggerKey,
        run: runId === null ? null : { runId, workflowId },
        data: { type: 'schedule', planned_at: new Date(plannedAt).toISOString() },
      },
      (to) => void navigate(to),
    );
  const make = (): Promise<unknown> =>
    act(async () => {
      await call('schedules.backfill', { trigger: triggerKey, from: plannedAt, until: plannedAt });
      await call('schedules.run', { trigger: triggerKey });
      showToast(t('done.runNow'));
      await shownStart.refresh();
    });
  return (
    <footer className="delivery-foot">
      <Button icon={FlaskConical} title={t('delivery.testInputTip')} onClick={() => void busily(test)}>
        {t('delivery.testInput')}
      </Button>
      <span className="grow" />
      {runId === null ? null : <LinkButton to={runLink(runId)}>{t('delivery.replayRun')}</LinkButton>}
      {isLost(start) ? (
        <Button needs={['schedules.backfill', 'schedules.run']} icon={RotateCcw} onClick={() => void busily(make)}>
          {t('delivery.makeStart')}
        </Button>
      ) : null}
    </footer>
  );
}
