import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Occurrence } from '../../../shared/model/trigger.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import type { Column } from '../../ui/data-table.tsx';
import { formatClockSeconds, formatExact, formatMoment } from '../../ui/format.ts';
import { runLink, triggerLink } from '../../ui/links.ts';
import { whyText } from '../../ui/trigger/start-words.ts';
import { lookOfStart, StartMark } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';

interface CellProps {
  readonly start: Occurrence;
}

const isStarted = ({ state }: Occurrence): boolean => state === 'started' || state === 'caught_up';

export const LEDGER_COLUMNS: readonly Column<Occurrence>[] = [
  {
    key: 'planned',
    title: 'triggers:ledger.planned',
    className: 'c-planned',
    cell: (start) => <Planned start={start} />,
  },
  {
    key: 'trigger',
    title: 'triggers:ledger.trigger',
    className: 'c-trigger',
    cell: (start) => <Whose start={start} />,
  },
  {
    key: 'state',
    title: 'triggers:ledger.state',
    className: 'c-state',
    cell: (start) => <StartMark look={lookOfStart(start)} />,
  },
  { key: 'why', title: 'triggers:ledger.why', className: 'c-why', cell: (start) => <Why start={start} /> },
  {
    key: 'started',
    title: 'triggers:ledger.started',
    className: 'c-at num',
    cell: (start) => <Started start={start} />,
  },
  { key: 'run', title: 'triggers:ledger.act', className: 'c-run num', cell: (start) => <TheRun start={start} /> },
];

function Planned({ start: { plannedAt } }: CellProps) {
  const now = useNow(60_000);
  return <time title={formatExact(plannedAt)}>{formatMoment(plannedAt, now)}</time>;
}

/** By the workflow's name where the trigger still is; a start outlives the trigger that it was of. */
function Whose({ start: { triggerKey } }: CellProps) {
  const known = useQuery(triggerList).value?.triggers.find(({ key }) => key === triggerKey);
  if (known === undefined) return <span className="cut mono">{triggerKey}</span>;
  return (
    <Link to={triggerLink(triggerKey)} className="plain cut" title={triggerKey}>
      {known.workflowName}
    </Link>
  );
}

function Why({ start }: CellProps) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const words = whyText(start, t, now);
  return <span title={words}>{words}</span>;
}

function Started({ start }: CellProps) {
  if (!isStarted(start)) return <span className="muted">–</span>;
  return <time title={formatExact(start.at)}>{formatClockSeconds(start.at)}</time>;
}

/** The run that it started, or the one that stood in its way. */
function TheRun({ start: { runId, evidence } }: CellProps) {
  const { t } = useTranslation('triggers');
  if (runId !== null) return <Link to={runLink(runId)}>{t('ledger.run')}</Link>;
  if (evidence.runId !== undefined) return <Link to={runLink(evidence.runId)}>{t('ledger.earlier')}</Link>;
  return null;
}
