import { type RefObject, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarRow, TriggerSummary } from '../../../shared/contract/index.ts';
import { CALENDAR_ROWS, partKey } from '../../client/trigger-queries.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { classNames } from '../../ui/class-names.ts';
import { formatDayHead } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { LaneView } from '../../ui/trigger/lane-view.tsx';
import { startsWords } from '../../ui/trigger/starts-words.ts';
import { useNow } from '../../ui/use-now.ts';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { useWidth } from '../../ui/use-width.ts';
import { spansOf } from './calendar-spans.ts';
import { ComputerRow } from './computer-row.tsx';
import { TriggerName, TriggerNext, TriggerReason, TriggerSwitch } from './trigger-cells.tsx';
import { weekCalendar } from './triggers-store.ts';
import { daysOf, shareOf, weekRange } from './week.ts';

const ROW_PX = 31;
const NO_SPANS: CalendarRow['spans'] = [];

interface CalendarProps {
  /** Monday of the week, UTC ms. */
  readonly week: number;
  readonly triggers: readonly TriggerSummary[];
}

/** A lane a trigger, a column a day: what became of each start, and what is planned. */
export function Calendar({ week, triggers }: CalendarProps) {
  const { t } = useTranslation('triggers');
  const range = useMemo(() => weekRange(week), [week]);
  const axis = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(axis, 700);
  const { scrollRef, items, before, after } = useVirtualRows({ count: triggers.length, rowHeight: ROW_PX });
  const first = items[0]?.index ?? 0;
  const offset = Math.max(0, Math.floor(first / (CALENDAR_ROWS / 2)) * (CALENDAR_ROWS / 2));
  const calendar = useQueryOf(weekCalendar, partKey({ ...range, offset }));
  return (
    <>
      {calendar.error === null ? null : (
        <ErrorNote className="mx-6 my-2 flex-none" error={calendar.error} onRetry={() => void weekCalendar.refresh()} />
      )}
      <div className="scroll virtual cal" ref={scrollRef}>
        <Axis week={week} laneRef={axis} widthPx={widthPx} />
        <div className="cal-rows">
          <Lines week={week} />
          <ComputerRow periods={calendar.value?.periods ?? null} range={range} />
          <ul aria-label={t('calendar.name')}>
            <li aria-hidden="true" style={{ height: before }} />
            {items.map(({ index }) => {
              const trigger = triggers[index];
              return trigger === undefined ? null : (
                <li key={trigger.key} className="crow" aria-setsize={triggers.length} aria-posinset={index + 1}>
                  <TriggerName trigger={trigger} />
                  <span className="xs muted rule cut" title={startsWords(trigger)}>
                    {startsWords(trigger)}
                  </span>
                  <span className="nx cut">
                    <TriggerNext trigger={trigger} />
                  </span>
                  <div className="cal-lane">
                    <LaneView
                      name={trigger.workflowName}
                      spans={spansOf(calendar.value?.rows.get(trigger.key)?.spans ?? NO_SPANS)}
                      range={range}
                      widthPx={widthPx}
                    />
                    <TriggerReason trigger={trigger} />
                  </div>
                  <span className="sw">
                    <TriggerSwitch trigger={trigger} />
                  </span>
                </li>
              );
            })}
            <li aria-hidden="true" style={{ height: after }} />
          </ul>
        </div>
      </div>
    </>
  );
}

/** About as wide are the head of a day and the word for now. */
const HEAD_PX = 52;
const NOW_PX = 34;

interface AxisProps {
  readonly week: number;
  readonly laneRef: RefObject<HTMLDivElement | null>;
  readonly widthPx: number;
}

/** Days and now. Where the word for now would lie on the head of a day, the line alone says it, and the day stands out. */
function Axis({ week, laneRef, widthPx }: AxisProps) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const range = weekRange(week);
  const today = new Date(now).toDateString();
  const nowPx = shareOf(now, range) * widthPx;
  const isFree = daysOf(week).every((day) => {
    const headPx = shareOf(day, range) * widthPx;
    return nowPx + NOW_PX / 2 < headPx || nowPx - NOW_PX / 2 > headPx + HEAD_PX;
  });
  return (
    <div className="crow axis">
      <span className="k">{t('calendar.trigger')}</span>
      <span className="k rule">{t('calendar.starts')}</span>
      <span className="k next">{t('calendar.next')}</span>
      <div className="lane" ref={laneRef}>
        {daysOf(week).map((day) => (
          <span
            key={day}
            className={classNames('d', new Date(day).toDateString() === today && 'to')}
            style={{ left: `${shareOf(day, range) * 100}%` }}
          >
            {formatDayHead(day)}
          </span>
        ))}
        {now >= range.from && now < range.until && isFree ? (
          <em style={{ left: `${shareOf(now, range) * 100}%` }}>{t('calendar.now')}</em>
        ) : null}
      </div>
      <span className="k num">{t('calendar.on')}</span>
    </div>
  );
}

/** Midnights, and now. */
function Lines({ week }: { readonly week: number }) {
  const now = useNow(60_000);
  const range = weekRange(week);
  return (
    <div className="cal-lines" aria-hidden="true">
      <div className="lane">
        {daysOf(week).map((day) => (
          <u key={day} style={{ left: `${shareOf(day, range) * 100}%` }} />
        ))}
        {now >= range.from && now < range.until ? <s style={{ left: `${shareOf(now, range) * 100}%` }} /> : null}
      </div>
    </div>
  );
}
