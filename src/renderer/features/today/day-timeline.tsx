import { ChartGantt, Table2 } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { partKey, triggerList } from '../../client/trigger-queries.ts';
import { useQuery, useQueryOf } from '../../client/use-query.ts';
import { formatCount, formatMoment } from '../../ui/format.ts';
import { workflowLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { countLooks, type TimeRange } from '../../ui/trigger/lane.ts';
import { LaneLegend } from '../../ui/trigger/lane-legend.tsx';
import { LaneView } from '../../ui/trigger/lane-view.tsx';
import { type StartLook, StartMark } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { useWidth } from '../../ui/use-width.ts';
import { axisMarks } from './day-axis.ts';
import { type DayRow, dayRows } from './day-rows.ts';
import { BACK_MS, dayCalendar, dayRuns } from './today-store.ts';

const ROW_PX = 32;
const LEGEND: readonly StartLook[] = [
  'ran',
  'failed',
  'in_doubt',
  'waiting',
  'cancelled',
  'missed',
  'paused',
  'planned',
];

/** A day back and a day ahead, a lane a workflow. */
export function DayTimeline() {
  const { t } = useTranslation('today');
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const asTable = params.get('view') === 'table';
  // Moved on by five minutes: a line that creeps would draw every lane anew.
  const now = Math.floor(useNow(60_000) / 300_000) * 300_000;
  const range = useMemo(() => ({ from: now - BACK_MS, until: now + BACK_MS }), [now]);
  useEffect(() => dayRuns.open(null), []);
  const runs = useQuery(dayRuns);
  const triggers = useQuery(triggerList).value?.triggers ?? null;
  const calendar = useQueryOf(dayCalendar, partKey({ ...range, offset: 0 }));
  const rows = useMemo(
    () =>
      runs.value === null ? null : dayRows({ runs: runs.value, triggers: triggers ?? [], calendar: calendar.value }),
    [runs.value, triggers, calendar.value],
  );
  return (
    <section className="day" aria-labelledby="day-title">
      <div className="head">
        <h2 id="day-title">{t('timeline.title')}</h2>
        <span className="grow" />
        <LaneLegend looks={LEGEND} />
        <Segmented
          label={t('timeline.view')}
          value={asTable ? 'table' : 'timeline'}
          choices={[
            { value: 'timeline', label: t('timeline.asTimeline'), icon: ChartGantt },
            { value: 'table', label: t('timeline.asTable'), icon: Table2 },
          ]}
          onChoose={(view) => void navigate(view === 'table' ? '/today?view=table' : '/today', { replace: true })}
        />
      </div>
      {runs.status === 'error' ? <ErrorNote error={runs.error} onRetry={() => void dayRuns.refresh()} /> : null}
      {rows === null && runs.status !== 'error' ? <SkeletonRows rows={5} columns={[20, 80]} /> : null}
      {rows !== null && rows.length === 0 ? <p className="muted">{t('timeline.none')}</p> : null}
      {rows !== null && rows.length > 0 ? (
        asTable ? (
          <DayTable rows={rows} range={range} />
        ) : (
          <Lanes rows={rows} range={range} now={now} />
        )
      ) : null}
    </section>
  );
}

interface RowsProps {
  readonly rows: readonly DayRow[];
  readonly range: TimeRange;
  readonly now: number;
}

function Lanes({ rows, range, now }: RowsProps) {
  const { t } = useTranslation('today');
  const axis = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(axis, 800);
  const { scrollRef, items, before, after } = useVirtualRows({ count: rows.length, rowHeight: ROW_PX });
  const left = (at: number) => ({ left: `${((at - range.from) / (range.until - range.from)) * 100}%` });
  return (
    <div className="day-box virtual" ref={scrollRef}>
      <div className="day-row day-axis" aria-hidden="true">
        <span />
        <span className="day-starts" />
        <div className="lane" ref={axis}>
          {axisMarks(range, now, widthPx).map((at) => (
            <span key={at} style={left(at)}>
              {formatMoment(at, now)}
            </span>
          ))}
          <em style={left(now)}>{t('timeline.now')}</em>
        </div>
      </div>
      <div className="day-rows">
        <div className="day-now" aria-hidden="true">
          <div className="lane">
            <s style={left(now)} />
          </div>
        </div>
        <ul aria-label={t('timeline.title')}>
          <li aria-hidden="true" style={{ height: before }} />
          {items.map(({ index }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <li key={row.workflowId} className="day-row">
                <Link className="plain cut" to={workflowLink(row.workflowId)}>
                  {row.name}
                </Link>
                <span className="xs muted cut day-starts" title={row.starts}>
                  {row.starts}
                </span>
                <LaneView name={row.name} spans={row.spans} range={range} widthPx={widthPx} />
              </li>
            );
          })}
          <li aria-hidden="true" style={{ height: after }} />
        </ul>
      </div>
    </div>
  );
}

function DayTable({ rows, range }: Omit<RowsProps, 'now'>) {
  const { t } = useTranslation('today');
  return (
    <div className="day-box">
      <table className="inset" aria-label={t('timeline.title')}>
        <thead>
          <tr>
            <th scope="col">{t('timeline.workflow')}</th>
            <th scope="col">{t('timeline.past')}</th>
            <th scope="col">{t('timeline.future')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.workflowId}>
              <th scope="row">
                <Link className="plain" to={workflowLink(row.workflowId)}>
                  {row.name}
                </Link>
              </th>
              <td>
                <Counts row={row} range={range} isPlan={false} />
              </td>
              <td>
                <Counts row={row} range={range} isPlan />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CountsProps {
  readonly row: DayRow;
  readonly range: TimeRange;
  readonly isPlan: boolean;
}

/** What is planned is to come, all else has happened: no clock is needed to tell the two apart. */
function Counts({ row, range, isPlan }: CountsProps) {
  const { t } = useTranslation();
  const counts = [...countLooks(row.spans, range)].filter(([look]) => (look === 'planned') === isPlan);
  if (counts.length === 0) return <span className="muted">–</span>;
  return (
    <span className="flex flex-wrap gap-x-3">
      {counts.map(([look, count]) => (
        <StartMark
          key={look}
          look={look}
          className="sm"
          label={t('triggers:calendar.laneCount', {
            count: formatCount(count),
            look: t(`triggers:look.${look}`).toLowerCase(),
          })}
        />
      ))}
    </span>
  );
}
