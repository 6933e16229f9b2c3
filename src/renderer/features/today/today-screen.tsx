import { Play } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { pauseAllTriggers, resumeAllTriggers } from '../../client/trigger-actions.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { LinkButton } from '../../ui/button.tsx';
import { formatClock, formatLongWeekday, ownZone } from '../../ui/format.ts';
import { PageHead } from '../../ui/page.tsx';
import { PauseAllButton, PausedAllNote } from '../../ui/trigger/pause-all.tsx';
import { useNow } from '../../ui/use-now.ts';
import { DayTimeline } from './day-timeline.tsx';
import { HealthStrip } from './health-strip.tsx';
import { TodayInbox } from './today-inbox.tsx';
import { TodaySide } from './today-side.tsx';
import { needsYou, runningRuns } from './today-store.ts';
import './today.css';

/** What needs me, what happened, what comes? */
export function TodayScreen() {
  const { t } = useTranslation('today');
  useEffect(() => {
    const stops = [triggerList.open(null), needsYou.open(null), runningRuns.open(null)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  const list = useQuery(triggerList).value;
  return (
    <>
      <PageHead title={t('title')} aside={<Now />}>
        <PauseAllButton list={list} onPause={(reason) => void pauseAllTriggers(reason)}>
          {t('pauseAll')}
        </PauseAllButton>
        <LinkButton to="/workflows" variant="primary" icon={Play}>
          {t('run')}
        </LinkButton>
      </PageHead>
      <HealthStrip />
      <PausedAllNote pause={list?.pausedAll ?? null} onResume={() => void resumeAllTriggers()} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll today-body" aria-label={t('title')} tabIndex={0}>
        <div className="today-two">
          <TodayInbox />
          <TodaySide />
        </div>
        <DayTimeline />
      </section>
    </>
  );
}

function Now() {
  const { t } = useTranslation('today');
  const now = useNow(15_000);
  return <p className="cut">{t('zone', { day: formatLongWeekday(now), time: formatClock(now), zone: ownZone() })}</p>;
}
