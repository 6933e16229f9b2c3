import { CircleCheck, CirclePause, CircleX, Lock, type LucideIcon, Power, RefreshCw, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TriggerSummary } from '../../../shared/contract/index.ts';
import type { TriggerStatus } from '../../../shared/model/trigger.ts';
import { classNames } from '../../ui/class-names.ts';
import { formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { StatusTone } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';

const MARKS: Readonly<Record<TriggerStatus, { readonly icon: LucideIcon; readonly tone: StatusTone }>> = {
  armed: { icon: CircleCheck, tone: 'success' },
  not_armed: { icon: Lock, tone: 'skipped' },
  changed: { icon: RefreshCw, tone: 'waiting' },
  off: { icon: Power, tone: 'skipped' },
  paused: { icon: CirclePause, tone: 'paused' },
  unavailable: { icon: Unplug, tone: 'waiting' },
  invalid: { icon: CircleX, tone: 'failed' },
};

/** How a trigger stands; one whose starts fail says that first. */
export function TriggerStatusMark({
  trigger: { status, isFailing, pause },
  isPill = true,
}: {
  readonly trigger: Pick<TriggerSummary, 'status' | 'isFailing'> & Partial<Pick<TriggerSummary, 'pause'>>;
  /** As in a head; in a row there is no pill. */
  readonly isPill?: boolean;
}) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const until = status === 'paused' ? (pause?.until ?? null) : null;
  const { icon, tone } = MARKS[status];
  return (
    <>
      {isFailing ? (
        <span className={classNames('status st-failed', isPill && 'pill')} title={t('detail.failingText')}>
          <Icon of={CircleX} />
          {t('detail.failing')}
        </span>
      ) : null}
      <span className={classNames('status', isPill && 'pill', `st-${tone}`)}>
        <Icon of={icon} />
        {until === null ? t(`status.${status}`) : t('status.pausedUntil', { until: formatMoment(until, now) })}
      </span>
    </>
  );
}
