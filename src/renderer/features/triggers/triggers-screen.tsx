import { Plus, Zap } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { pauseAllTriggers } from '../../client/trigger-actions.ts';
import { triggerList, watchList } from '../../client/trigger-queries.ts';
import { useFreshOnFocus, useQuery } from '../../client/use-query.ts';
import { LinkButton } from '../../ui/button.tsx';
import { formatCount, ownZone } from '../../ui/format.ts';
import { newScheduleLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { PauseAllButton } from '../../ui/trigger/pause-all.tsx';
import { CalendarTab } from './calendar-tab.tsx';
import { DeliveriesTab } from './deliveries-tab.tsx';
import { TriggerNotes } from './trigger-notes.tsx';
import { readTriggersAddress, type TriggersAddress, type TriggersTab, triggersAddress } from './triggers-address.ts';
import { GoneQuestions } from './watch-question.tsx';
import { WatchesTab } from './watches-tab.tsx';
import { WebhooksTab } from './webhooks-tab.tsx';
import './triggers.css';

/** What starts by itself, did it? */
export function TriggersScreen() {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const text = params.toString();
  const address = useMemo(() => readTriggersAddress(new URLSearchParams(text)), [text]);
  useEffect(() => triggerList.open(null), []);
  useEffect(() => watchList.open(null), []);
  useFreshOnFocus(triggerList);
  const data = useQuery(triggerList);
  const list = data.value;
  const go = (next: Partial<TriggersAddress>): void =>
    void navigate(triggersAddress({ ...address, ...next }), { replace: true });
  return (
    <>
      <PageHead title={t('title')} aside={list === null ? null : <Counts />}>
        <PauseAllButton list={list} onPause={(asked) => void pauseAllTriggers(asked)}>
          {t('pause:all')}
        </PauseAllButton>
        <LinkButton to={newScheduleLink()} variant="primary" needs="schedules.save" icon={Plus}>
          {t('schedule:new')}
        </LinkButton>
      </PageHead>
      {data.status === 'error' ? (
        <ErrorNote className="mx-6 mb-2 flex-none" error={data.error} onRetry={() => void triggerList.refresh()} />
      ) : null}
      {list === null ? null : <TriggerNotes list={list} />}
      <GoneQuestions onAll={() => go({ tab: 'watches' })} />
      <Tabs
        label={t('title')}
        value={address.tab}
        tabs={[
          { value: 'calendar', label: t('tab.calendar') },
          { value: 'deliveries', label: t('tab.deliveries') },
          { value: 'watches', label: t('tab.watches') },
          { value: 'webhooks', label: t('tab.webhooks') },
        ]}
        onChange={(tab) => go({ tab: tab as TriggersTab, trigger: null, id: null })}
      >
        <TabPanel value="calendar">
          {list === null && data.status !== 'error' ? <SkeletonRows rows={10} columns={[30, 25, 20, 60]} /> : null}
          {list !== null && list.triggers.length === 0 ? <NoTriggers /> : null}
          {list !== null && list.triggers.length > 0 ? (
            <CalendarTab address={address} onAddress={go} triggers={list.triggers} />
          ) : null}
        </TabPanel>
        <TabPanel value="deliveries">
          <DeliveriesTab address={address} onAddress={go} />
        </TabPanel>
        <TabPanel value="watches">
          <WatchesTab onCalendar={() => go({ tab: 'calendar' })} />
        </TabPanel>
        <TabPanel value="webhooks">
          <WebhooksTab />
        </TabPanel>
      </Tabs>
    </>
  );
}

function Counts() {
  const { t } = useTranslation('triggers');
  const triggers = useQuery(triggerList).value?.triggers ?? [];
  const armed = triggers.filter(({ status }) => status === 'armed').length;
  return (
    <p role="status" className="cut">
      {t('count', { count: triggers.length, armed: formatCount(armed) })} · {t('zone', { zone: ownZone() })}
    </p>
  );
}

function NoTriggers() {
  const { t } = useTranslation('triggers');
  return (
    <div className="p-6">
      <EmptyState icon={Zap} title={t('empty.title')} text={t('empty.text')}>
        <div>
          <code className="mb-3 block whitespace-pre-wrap">{t('empty.example', { skipInterpolation: true })}</code>
          <LinkButton to={newScheduleLink()} needs="schedules.save" icon={Plus}>
            {t('schedule:new')}
          </LinkButton>
        </div>
      </EmptyState>
    </div>
  );
}
