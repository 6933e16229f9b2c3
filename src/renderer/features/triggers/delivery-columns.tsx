import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DeliverySummary } from '../../../shared/model/trigger.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import type { Column } from '../../ui/data-table.tsx';
import { formatExact, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { runLink } from '../../ui/links.ts';
import { Said, saidPlainly } from '../../ui/said.tsx';
import { whyText } from '../../ui/trigger/start-words.ts';
import { DeliveryMark, KIND_ICONS, lookOfStart, StartMark } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { FiredStart, InboxRow } from './inbox.ts';

interface CellProps {
  readonly delivery: InboxRow;
}

export const DELIVERY_COLUMNS: readonly Column<InboxRow>[] = [
  {
    key: 'received',
    title: 'triggers:delivery.received',
    className: 'c-received',
    cell: (delivery) => <Received delivery={delivery} />,
  },
  {
    key: 'from',
    title: 'triggers:delivery.from',
    className: 'c-from',
    cell: (delivery) => <From delivery={delivery} />,
  },
  {
    key: 'what',
    title: 'triggers:delivery.what',
    className: 'c-what',
    cell: (delivery) => <What delivery={delivery} />,
  },
  {
    key: 'verdict',
    title: 'triggers:delivery.verdict',
    className: 'c-verdict',
    cell: (delivery) => <Verdict delivery={delivery} />,
  },
  {
    key: 'run',
    title: 'triggers:delivery.run',
    className: 'c-run num',
    cell: (delivery) => <TheRun delivery={delivery} />,
  },
];

function Received({ delivery }: CellProps) {
  const now = useNow(60_000);
  const receivedAt = delivery.kind === 'schedule' ? delivery.start.plannedAt : delivery.receivedAt;
  return <time title={formatExact(receivedAt)}>{formatMoment(receivedAt, now)}</time>;
}

function From({ delivery }: CellProps) {
  const { t } = useTranslation('triggers');
  const { kind } = delivery;
  const name = useTriggerName(delivery.kind === 'schedule' ? delivery.start.triggerKey : null);
  const endpoint = delivery.kind === 'schedule' ? name : delivery.endpoint;
  return (
    <span className="row" title={`${t(`kind.${kind}`)} ${endpoint}`}>
      <Icon of={KIND_ICONS[kind]} small />
      <span className="sr">{t(`kind.${kind}`)}</span>
      <span className="cut">{endpoint}</span>
    </span>
  );
}

function What({ delivery }: CellProps) {
  const { t } = useTranslation('triggers');
  if (delivery.kind === 'schedule') return <span className="muted">{t('delivery.fire')}</span>;
  return <WhatCame delivery={delivery} />;
}

function WhatCame({ delivery: { event, title, method, sourceIp } }: { readonly delivery: DeliverySummary }) {
  const { t } = useTranslation('triggers');
  const lead = event === '' ? (method ?? '') : event;
  const rest = title === '' && sourceIp !== null ? t('delivery.fromIp', { ip: sourceIp }) : title;
  return (
    <span className="cut block" title={`${lead} ${rest}`}>
      <span className="mono sm">{lead}</span> <span className="muted">{rest}</span>
    </span>
  );
}

function Verdict({ delivery }: CellProps) {
  if (delivery.kind === 'schedule') return <StartVerdict row={delivery} />;
  const { state, reason } = delivery;
  return (
    <span className="row">
      <DeliveryMark state={state} />
      {reason === null ? null : (
        <span className="sm muted cut" title={saidPlainly(reason)}>
          <Said text={reason} />
        </span>
      )}
    </span>
  );
}

function StartVerdict({ row: { start } }: { readonly row: FiredStart }) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const words = start.reason === 'on_time' ? '' : whyText(start, t, now);
  return (
    <span className="row">
      <StartMark look={lookOfStart(start)} />
      {words === '' ? null : (
        <span className="sm muted cut" title={words}>
          {words}
        </span>
      )}
    </span>
  );
}

function TheRun({ delivery }: CellProps) {
  const { t } = useTranslation('triggers');
  const { runId } = delivery.kind === 'schedule' ? delivery.start : delivery;
  return runId === null ? null : <Link to={runLink(runId)}>{t('openRun')}</Link>;
}

/** By the workflow's name where the trigger still is; what came outlives the trigger. */
export function useTriggerName(triggerKey: string | null): string {
  const known = useQuery(triggerList).value?.triggers.find(({ key }) => key === triggerKey);
  return known?.workflowName ?? triggerKey ?? '';
}
