import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TriggerSummary } from '../../../shared/contract/index.ts';
import { CALENDAR_ROWS, partKey } from '../../client/trigger-queries.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { formatCount, formatDayHead } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { countLooks, type LaneSpan } from '../../ui/trigger/lane.ts';
import { StartMark } from '../../ui/trigger/trigger-marks.tsx';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { VirtualBody } from '../../ui/virtual-body.tsx';
import { spansOf } from './calendar-spans.ts';
import { TriggerName } from './trigger-cells.tsx';
import { weekCalendar } from './triggers-store.ts';
import { addDays, daysOf, weekRange } from './week.ts';

const ROW_PX = 36;

interface WeekTableProps {
  readonly week: number;
  readonly triggers: readonly TriggerSummary[];
}

/** The calendar in words: a column a day, how many starts looked how. */
export function WeekTable({ week, triggers }: WeekTableProps) {
  const { t } = useTranslation('triggers');
  const range = useMemo(() => weekRange(week), [week]);
  const view = useVirtualRows({ count: triggers.length, rowHeight: ROW_PX });
  const half = CALENDAR_ROWS / 2;
  const offset = Math.max(0, Math.floor((view.items[0]?.index ?? 0) / half) * half);
  const { value, error } = useQueryOf(weekCalendar, partKey({ ...range, offset }));
  return (
    <>
      {error === null ? null : (
        <ErrorNote className="mx-6 my-2 flex-none" error={error} onRetry={() => void weekCalendar.refresh()} />
      )}
      <div className="scroll virtual week-table" ref={view.scrollRef}>
        <table aria-label={t('calendar.table.name')} aria-rowcount={triggers.length + 1}>
          <thead>
            <tr>
              <th scope="col">{t('calendar.trigger')}</th>
              {daysOf(week).map((day) => (
                <th key={day} scope="col">
                  {formatDayHead(day)}
                </th>
              ))}
            </tr>
          </thead>
          <VirtualBody rows={triggers} view={view} columns={8}>
            {(trigger, index) => (
              <tr key={trigger.key} aria-rowindex={index + 2} ref={view.measureRef} data-index={index}>
                <th scope="row">
                  <TriggerName trigger={trigger} />
                </th>
                {daysOf(week).map((day) => (
                  <td key={day}>
                    <DayCell spans={spansOf(value?.rows.get(trigger.key)?.spans ?? NONE)} day={day} />
                  </td>
                ))}
              </tr>
            )}
          </VirtualBody>
        </table>
      </div>
    </>
  );
}
const NONE: Parameters<typeof spansOf>[0] = [];

function DayCell({ spans, day }: { readonly spans: readonly LaneSpan[]; readonly day: number }) {
  const { t } = useTranslation('triggers');
  const counts = [...countLooks(spans, { from: day, until: addDays(day, 1) })];
  if (counts.length === 0) return <span className="muted">–</span>;
  return (
    <span className="flex flex-wrap gap-x-2">
      {counts.map(([look, count]) => (
        <span
          key={look}
          className="relative nowrap"
          title={t('calendar.laneCount', { count, look: t(`look.${look}`).toLowerCase() })}
        >
          <StartMark look={look} className="sm" label={formatCount(count)} />{' '}
          <span className="sr">{t(`look.${look}`).toLowerCase()}</span>
        </span>
      ))}
    </span>
  );
}
