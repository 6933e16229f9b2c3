import { CircleCheck, CirclePause, FileQuestionMark, Loader, type LucideIcon, Power, Unplug } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { WatchSummary } from '../../../shared/contract/index.ts';
import { watchList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Said } from '../../ui/said.tsx';
import type { StatusTone } from '../../ui/status.tsx';
import { GoneQuestion } from './watch-question.tsx';

const MARKS: Readonly<Record<WatchSummary['status'], { readonly icon: LucideIcon; readonly tone: StatusTone }>> = {
  starting: { icon: Loader, tone: 'running' },
  watching: { icon: CircleCheck, tone: 'success' },
  unavailable: { icon: Unplug, tone: 'waiting' },
  asking: { icon: FileQuestionMark, tone: 'waiting' },
  held: { icon: CirclePause, tone: 'paused' },
  closed: { icon: Power, tone: 'skipped' },
};

/** How a watch stands. */
export function WatchStatusMark({ watch: { status } }: { readonly watch: WatchSummary }) {
  const { t } = useTranslation('triggers');
  const { icon, tone } = MARKS[status];
  return (
    <span className={`status st-${tone}`}>
      <Icon of={icon} />
      {t(`watch:status.${status}`)}
    </span>
  );
}

/** Which parts are only looked at from time to time, and what else is to be known. */
function WatchNotices({ watch: { notices, status } }: { readonly watch: WatchSummary }) {
  const { t } = useTranslation('triggers');
  if (notices.length === 0) return status === 'watching' ? <span className="muted">{t('watch:allFine')}</span> : null;
  return (
    <ul className="grid gap-1">
      {notices.map((notice) => (
        <li key={notice}>
          <Said text={notice} />
        </li>
      ))}
    </ul>
  );
}

/** The watch of one trigger, while it runs. */
export function WatchFacts({ trigger }: { readonly trigger: string }) {
  const { t } = useTranslation('triggers');
  useEffect(() => watchList.open(null), []);
  const watch = useQuery(watchList).value?.find(({ triggerKey }) => triggerKey === trigger);
  if (watch === undefined) return null;
  return (
    <>
      <GoneQuestion watch={watch} className="mt-3" />
      <h2 className="mt-4 mb-2">{t('watch:title')}</h2>
      <dl className="kv">
        <dt>{t('watch:state')}</dt>
        <dd>
          <WatchStatusMark watch={watch} />
          {watch.reason === null ? null : (
            <p className="sm">
              <Said text={watch.reason} />
            </p>
          )}
        </dd>
        <dt>{t('watch:folder')}</dt>
        <dd className="mono">{watch.root}</dd>
        <dt>{t('watch:files')}</dt>
        <dd>{formatCount(watch.files)}</dd>
        <dt title={t('watch:waitingTip')}>{t('watch:waiting')}</dt>
        <dd>{formatCount(watch.waiting)}</dd>
        <dt>{t('watch:notices')}</dt>
        <dd>
          <WatchNotices watch={watch} />
        </dd>
      </dl>
    </>
  );
}
