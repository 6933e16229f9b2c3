import { CirclePause, Pause, Pencil, Play, Power, Zap } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import type { TriggerDetail } from '../../../shared/contract/index.ts';
import { isMissing } from '../../client/is-missing.ts';
import { disarmTrigger, pauseTrigger, resumeTrigger, runTriggerNow } from '../../client/trigger-actions.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useFreshOnFocus, useQueryOf } from '../../client/use-query.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { editTriggerLink, runLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { PauseDialog } from '../../ui/trigger/pause-dialog.tsx';
import { KIND_ICONS } from '../../ui/trigger/trigger-marks.tsx';
import { ArmPanel } from './arm-panel.tsx';
import { RemoveSchedule } from './editor/remove-schedule.tsx';
import { isOwnSchedule } from './editor/schedule-draft.ts';
import { LedgerTable } from './ledger-table.tsx';
import { PlanTab } from './plan-tab.tsx';
import { TriggerDeliveries } from './trigger-deliveries.tsx';
import { TriggerFacts } from './trigger-facts.tsx';
import { TriggerStatusMark } from './trigger-status.tsx';
import { readTriggersAddress } from './triggers-address.ts';
import { shownTrigger } from './triggers-store.ts';
import { WatchFacts } from './watch-facts.tsx';
import { WebhookFacts } from './webhook-facts.tsx';
import './triggers.css';
import './trigger.css';

/** One trigger: what it starts, who answers for it, and what became of its starts. */
export function TriggerScreen() {
  const { t } = useTranslation('triggers');
  const { key = '' } = useParams();
  const { value, error } = useQueryOf(shownTrigger, key);
  useFreshOnFocus(shownTrigger);
  usePageTitle(value?.workflowName ?? t('title'));
  // The starts in the table name their workflow by the list.
  useEffect(() => triggerList.open(null), []);
  if (value === null && isMissing(error, 'trigger.not_found')) return <Missing />;
  if (value === null)
    return error === null ? (
      <SkeletonRows rows={8} columns={[30, 60]} />
    ) : (
      <ErrorNote className="m-6" error={error} onRetry={() => void shownTrigger.refresh()} />
    );
  return (
    <>
      <Head trigger={value} />
      {error === null ? null : (
        <ErrorNote className="mx-6 mt-2 flex-none" error={error} onRetry={() => void shownTrigger.refresh()} />
      )}
      <div className="trigger-cols">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
        <section className="scroll trigger-facts" aria-label={t('detail.whatStarts')} tabIndex={0}>
          <ArmPanel trigger={value} />
          {value.kind === 'webhook' ? <WebhookFacts trigger={value.key} /> : null}
          {value.kind === 'file' ? <WatchFacts trigger={value.key} /> : null}
          <TriggerFacts trigger={value} />
        </section>
        <Past trigger={value} />
      </div>
    </>
  );
}

function Missing() {
  const { t } = useTranslation('triggers');
  return (
    <div className="p-6">
      <h1 className="sr">{t('detail.missing')}</h1>
      <EmptyState icon={Zap} title={t('detail.missing')} text={t('detail.missingText')}>
        <LinkButton to="/triggers">{t('detail.toList')}</LinkButton>
      </EmptyState>
    </div>
  );
}

function Head({ trigger }: { readonly trigger: TriggerDetail }) {
  const { t } = useTranslation('triggers');
  const { kind, workflowName, id, runCount, lastRun, alias } = trigger;
  const values = { kind: t(`kind.${kind}`), alias, count: runCount };
  return (
    <div className="trigger-head">
      <div className="grow">
        <div className="row">
          <Icon of={KIND_ICONS[kind]} />
          <h1 className="cut" title={`${workflowName}, ${id}`}>
            {workflowName} <span className="muted">{id}</span>
          </h1>
          <TriggerStatusMark trigger={trigger} />
        </div>
        <p className="sm muted cut">
          {runCount === 0 ? t('detail.noRun', values) : t('detail.meta', values)}
          {lastRun === null ? null : (
            <>
              ,{' '}
              <Link className="link" to={runLink(lastRun.runId)}>
                {t('detail.lastRun')}
              </Link>{' '}
              <TimeAgo at={lastRun.at} />
            </>
          )}
        </p>
      </div>
      <Actions trigger={trigger} />
    </div>
  );
}

function Actions({ trigger }: { readonly trigger: TriggerDetail }) {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const [isPausing, setIsPausing] = useState(false);
  const { key, status, armed, pause, workflowName } = trigger;
  const isOn = armed !== null && (status === 'armed' || status === 'paused' || status === 'unavailable');
  return (
    <div className="trigger-acts">
      <Button
        needs="triggers.runNow"
        icon={Play}
        reason={isOn ? null : t('detail.runNowOff')}
        onClick={() => void runTriggerNow(key, (to) => void navigate(to))}
      >
        {t('detail.runNow')}
      </Button>
      {!isOn ? null : pause === null ? (
        <Button needs="triggers.pause" icon={Pause} onClick={() => setIsPausing(true)}>
          {t('pause:one')}
        </Button>
      ) : (
        <Button needs="triggers.resume" icon={CirclePause} onClick={() => void resumeTrigger(key)}>
          {t('pause:resume')}
        </Button>
      )}
      {isOn ? (
        <Button variant="danger" needs="triggers.disarm" icon={Power} onClick={() => void disarmTrigger(key)}>
          {t('detail.disarm')}
        </Button>
      ) : null}
      {isOwnSchedule(trigger) ? (
        <>
          <LinkButton to={editTriggerLink(key)} icon={Pencil}>
            {t('detail.edit')}
          </LinkButton>
          <RemoveSchedule trigger={trigger} />
        </>
      ) : null}
      {isPausing ? (
        <PauseDialog
          title={t('pause:oneTitle', { name: workflowName })}
          text={t('pause:oneText')}
          needs="triggers.pause"
          onClose={() => setIsPausing(false)}
          onPause={(asked) => void pauseTrigger(key, asked)}
        />
      ) : null}
    </div>
  );
}

/** What became of its starts and what is planned: the ledger of a schedule, the inbox of what waits for something from outside. */
function Past({ trigger }: { readonly trigger: TriggerDetail }) {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const { key, kind, armed } = trigger;
  if (kind !== 'schedule') return <TriggerDeliveries trigger={key} />;
  // On its own page every start is of interest, not only those that went otherwise.
  const show = params.has('show') ? readTriggersAddress(params).show : 'all';
  // Whoever is about to arm it wants to see what comes.
  const tab = params.get('tab') ?? (armed === null ? 'plan' : 'starts');
  const go = (search: string): void => void navigate({ search }, { replace: true });
  return (
    <div className="trigger-past">
      <Tabs
        label={t('plan.tabs')}
        value={tab === 'plan' ? 'plan' : 'starts'}
        tabs={[
          { value: 'plan', label: t('plan.tab') },
          { value: 'starts', label: t('plan.starts') },
        ]}
        onChange={(next) => go(`?tab=${next}`)}
      >
        <TabPanel value="plan" className="scroll">
          <PlanTab trigger={trigger} />
        </TabPanel>
        <TabPanel value="starts">
          <LedgerTable show={show} trigger={key} onShow={(next) => go(`?tab=starts&show=${next}`)} />
        </TabPanel>
      </Tabs>
    </div>
  );
}
