import { ChartNoAxesColumn, CircleOff, CircleX, Copy, Play, Radio } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { MetricsServing, WorkflowStatistics } from '../../../shared/model/metrics.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { copyText } from '../../client/copy-text.ts';
import { useFreshOnFocus, useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { workflowLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { metricsNow } from './metrics-store.ts';
import { StateStrip } from './state-strip.tsx';
import './metrics.css';

interface Row extends WorkflowStatistics {
  readonly id: string;
}

const keyOf = ({ id }: Row): string => id;
const seconds = (value: number | null): string => (value === null ? '–' : formatDuration(Math.round(value * 1000)));

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'workflow',
    title: 'metrics:workflow',
    className: 'c-workflow',
    cell: ({ id }) => (
      <span className="mono sm cut block" title={id}>
        {id}
      </span>
    ),
  },
  ...(['total_executions', 'successful_executions', 'failed_executions'] as const).map(
    (key): Column<Row> => ({
      key,
      title: `metrics:${key}`,
      className: 'num',
      cell: (row) => formatCount(row[key]),
    }),
  ),
  { key: 'average', title: 'metrics:average', className: 'num', cell: (row) => seconds(row.avg_duration_seconds) },
  { key: 'longest', title: 'metrics:longest', className: 'num', cell: (row) => seconds(row.max_duration_seconds) },
  { key: 'retries', title: 'metrics:retries', className: 'num', cell: (row) => formatCount(row.total_retries) },
  { key: 'failovers', title: 'metrics:failovers', className: 'num', cell: (row) => formatCount(row.total_failovers) },
];

/** What a monitoring system reads of this project: whether it can, where, and how that is turned on. */
export function MetricsTab() {
  const { t } = useTranslation('metrics');
  const navigate = useNavigate();
  useEffect(() => metricsNow.open(null), []);
  useFreshOnFocus(metricsNow);
  const data = useQuery(metricsNow);
  const now = data.value;
  const rows = useMemo(
    () => (now === null ? null : Object.entries(now.statistics.workflows).map(([id, one]): Row => ({ id, ...one }))),
    [now],
  );
  if (now === null)
    return data.status === 'error' ? (
      <ErrorNote className="m-6" error={data.error} onRetry={() => void metricsNow.refresh()} />
    ) : (
      <SkeletonRows />
    );
  return (
    <>
      <Strip serving={now.serving} />
      <section className="audit-list" aria-label={t('list')}>
        <DataTable
          className="metrics-table"
          label={t('list')}
          columns={COLUMNS}
          rows={rows}
          keyOf={keyOf}
          onOpen={({ id }) => void navigate(workflowLink(id))}
          empty={<EmptyState icon={ChartNoAxesColumn} title={t('none')} text={t('noneText')} className="px-6" />}
          error={data.status === 'error' ? data.error : null}
          onRetry={() => void metricsNow.refresh()}
        />
        <p className="secret-foot sm muted">{t('foot')}</p>
      </section>
    </>
  );
}

const LOOKS = {
  on: { tone: 'success', icon: Radio },
  failed: { tone: 'failed', icon: CircleX },
  off: { tone: 'pending', icon: CircleOff },
} as const;

function Strip({ serving }: { readonly serving: MetricsServing }) {
  const { t } = useTranslation('metrics');
  const { listening, isEnabled, isHosting, endpoint, readAt } = serving;
  const state = listening === null ? 'off' : listening.kind === 'listening' ? 'on' : 'failed';
  const { tone, icon } = LOOKS[state];
  const address = listening?.kind === 'listening' ? `${listening.url}/metrics` : null;
  const start = (): Promise<void> =>
    act(async () => {
      await call('metrics.listen', {});
      await metricsNow.refresh();
    });
  return (
    <StateStrip
      tone={tone}
      icon={icon}
      word={t(`state.${state}`)}
      acts={
        state === 'on' ? null : (
          <Button
            acts
            icon={Play}
            needs="metrics.listen"
            reason={isHosting ? null : t('notHosting')}
            onClick={() => void start()}
          >
            {t('start')}
          </Button>
        )
      }
      below={
        <>
          {listening?.kind === 'failed' ? (
            <p className="metrics-how">
              <Said text={listening.message} />
            </p>
          ) : null}
          {state === 'off' || !isEnabled ? (
            <p className="sm muted metrics-how">
              <Said
                text={[state === 'off' ? t('offText', { endpoint }) : '', isEnabled ? '' : t('how')].join(' ').trim()}
              />
            </p>
          ) : null}
        </>
      }
    >
      {address === null ? null : (
        <>
          <span className="mono sm">{address}</span>
          <Button variant="ghost" icon={Copy} label={t('copy')} onClick={() => void copyText(address, t('copied'))} />
          <span className="sm muted">{readAt === null ? t('unread') : t('read')}</span>
          {readAt === null ? null : <TimeAgo at={readAt} className="sm muted" />}
        </>
      )}
    </StateStrip>
  );
}
