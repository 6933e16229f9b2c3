import { CalendarDays, ChevronLeft, ChevronRight, Table2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TriggerSummary } from '../../../shared/contract/index.ts';
import { Button } from '../../ui/button.tsx';
import { formatLongDay } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { LaneLegend } from '../../ui/trigger/lane-legend.tsx';
import type { StartLook } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Calendar } from './calendar.tsx';
import { LedgerTable } from './ledger-table.tsx';
import type { TriggersAddress } from './triggers-address.ts';
import { addDays, weekOf } from './week.ts';
import { WeekTable } from './week-table.tsx';

const LEGEND: readonly StartLook[] = [
  'ran',
  'late',
  'running',
  'waiting',
  'failed',
  'in_doubt',
  'skipped',
  'missed',
  'paused',
  'planned',
];

interface CalendarTabProps {
  readonly address: TriggersAddress;
  readonly onAddress: (next: Partial<TriggersAddress>) => void;
  readonly triggers: readonly TriggerSummary[];
}

/** A week of truth and plan, and below it what became of each start. */
export function CalendarTab({ address, onAddress, triggers }: CalendarTabProps) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const thisWeek = weekOf(now);
  const week = address.week ?? thisWeek;
  const goTo = (next: number): void => onAddress({ week: next === thisWeek ? null : next });
  return (
    <>
      <div className="cal-bar">
        <Button icon={ChevronLeft} label={t('calendar.before')} onClick={() => goTo(addDays(week, -7))} />
        <Button icon={ChevronRight} label={t('calendar.after')} onClick={() => goTo(addDays(week, 7))} />
        <h2 aria-live="polite">
          {t('calendar.week', { from: formatLongDay(week, now), until: formatLongDay(addDays(week, 6), now) })}
        </h2>
        <Button onClick={() => goTo(thisWeek)}>{t('calendar.today')}</Button>
        <span className="grow" />
        <LaneLegend looks={LEGEND} />
        <Segmented
          label={t('calendar.view')}
          value={address.asTable ? 'table' : 'calendar'}
          choices={[
            { value: 'calendar', label: t('calendar.asCalendar'), icon: CalendarDays },
            { value: 'table', label: t('calendar.asTable'), icon: Table2 },
          ]}
          onChoose={(view) => onAddress({ asTable: view === 'table' })}
        />
      </div>
      <div className="cal-panes">
        {address.asTable ? <WeekTable week={week} triggers={triggers} /> : <Calendar week={week} triggers={triggers} />}
        <LedgerTable show={address.show} onShow={(show) => onAddress({ show })} trigger={address.trigger} />
      </div>
    </>
  );
}
