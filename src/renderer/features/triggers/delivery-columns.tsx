import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DeliverySummary } from '../../../shared/model/trigger.ts';
import type { Column } from '../../ui/data-table.tsx';
import { formatExact, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { runLink } from '../../ui/links.ts';
import { Said, saidPlainly } from '../../ui/said.tsx';
import { DeliveryMark, KIND_ICONS } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';

interface CellProps {
  readonly delivery: DeliverySummary;
}

export const DELIVERY_COLUMNS: readonly Column<DeliverySummary>[] = [
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

function Received({ delivery: { receivedAt } }: CellProps) {
  const now = useNow(60_000);
  return <time title={formatExact(receivedAt)}>{formatMoment(receivedAt, now)}</time>;
}

function From({ delivery: { kind, endpoint } }: CellProps) {
  const { t } = useTranslation('triggers');
  return (
    <span className="row" title={`${t(`kind.${kind}`)} ${endpoint}`}>
      <Icon of={KIND_ICONS[kind]} small />
      <span className="sr">{t(`kind.${kind}`)}</span>
      <span className="cut">{endpoint}</span>
    </span>
  );
}

function What({ delivery: { event, title, method, sourceIp } }: CellProps) {
  const { t } = useTranslation('triggers');
  const lead = event === '' ? (method ?? '') : event;
  const rest = title === '' && sourceIp !== null ? t('delivery.fromIp', { ip: sourceIp }) : title;
  return (
    <span className="cut block" title={`${lead} ${rest}`}>
      <span className="mono sm">{lead}</span> <span className="muted">{rest}</span>
    </span>
  );
}

function Verdict({ delivery: { state, reason } }: CellProps) {
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

function TheRun({ delivery: { runId } }: CellProps) {
  const { t } = useTranslation('triggers');
  return runId === null ? null : <Link to={runLink(runId)}>{t('openRun')}</Link>;
}
