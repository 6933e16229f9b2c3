import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '../../../shared/model/audit.ts';
import type { Column } from '../../ui/data-table.tsx';
import { formatClockSeconds, formatDate, formatExact } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import { ResultMark, whatKey } from './audit-marks.tsx';

interface CellProps {
  readonly event: AuditEvent;
}

export const AUDIT_COLUMNS: readonly Column<AuditEvent>[] = [
  { key: 'time', title: 'admin:audit.time', className: 'c-time', cell: (event) => <Time event={event} /> },
  { key: 'who', title: 'admin:audit.who', className: 'c-who', cell: (event) => <Who event={event} /> },
  { key: 'what', title: 'admin:audit.what', className: 'c-what', cell: (event) => <What event={event} /> },
  { key: 'on', title: 'admin:audit.on', className: 'c-on', cell: (event) => <On event={event} /> },
  { key: 'door', title: 'admin:audit.door', className: 'c-door', cell: (event) => <Door event={event} /> },
  {
    key: 'result',
    title: 'admin:audit.resultHead',
    className: 'c-result',
    cell: (event) => <ResultMark event={event} />,
  },
];

function Time({ event }: CellProps) {
  const now = useNow(60_000);
  const at = Date.parse(event.timestamp);
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return (
    <time dateTime={event.timestamp} title={formatExact(at)}>
      {isToday ? '' : `${formatDate(at, now)} `}
      {formatClockSeconds(at)}
    </time>
  );
}

const Who = ({ event: { user_id } }: CellProps) => (
  <span className={user_id.startsWith('system:') ? 'mono sm cut block' : 'cut block'} title={user_id}>
    {user_id}
  </span>
);

function What({ event }: CellProps) {
  const { t } = useTranslation('admin');
  return (
    <span className="cut block" title={`${event.event_type} ${event.action}`}>
      {t(whatKey(event))} <span className="muted mono sm">{event.action}</span>
    </span>
  );
}

const On = ({ event: { resource_type, resource_id } }: CellProps) => (
  <span className="sm cut block" title={`${resource_type} ${resource_id}`}>
    {resource_type} <span className="muted">{resource_id}</span>
  </span>
);

function Door({ event: { door } }: CellProps) {
  const { t } = useTranslation('admin');
  return <span className="sm muted">{door === null ? '' : t(`door.${door}`, door)}</span>;
}
