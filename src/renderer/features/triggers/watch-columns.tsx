import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { WatchSummary } from '../../../shared/contract/index.ts';
import type { Column } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { triggerLink } from '../../ui/links.ts';
import { Said, saidPlainly } from '../../ui/said.tsx';
import { WatchStatusMark } from './watch-facts.tsx';

/** A watch with the name of the workflow that it starts. */
export interface WatchRow {
  readonly watch: WatchSummary;
  readonly workflow: string;
}

export const WATCH_COLUMNS: readonly Column<WatchRow>[] = [
  { key: 'trigger', title: 'triggers:calendar.trigger', className: 'c-trigger', cell: (row) => <Whose row={row} /> },
  {
    key: 'folder',
    title: 'watch:folder',
    className: 'c-folder',
    // What tells folders apart stands at their ends, so the beginning is what is cut off.
    cell: ({ watch: { root } }) => (
      <span className="cut cut-start block mono sm" title={root}>
        <bdi>{root}</bdi>
      </span>
    ),
  },
  { key: 'state', title: 'watch:state', className: 'c-state', cell: (row) => <WatchStatusMark {...row} /> },
  {
    key: 'files',
    title: 'watch:files',
    className: 'c-files num',
    cell: ({ watch: { files } }) => formatCount(files),
  },
  {
    key: 'waiting',
    title: 'watch:waiting',
    className: 'c-waiting num',
    cell: ({ watch: { waiting } }) => <Waiting count={waiting} />,
  },
  { key: 'notices', title: 'watch:notices', className: 'c-notices', cell: (row) => <ToKnow row={row} /> },
];

function Whose({ row: { watch, workflow } }: { readonly row: WatchRow }) {
  const { triggerKey } = watch;
  return (
    <Link className="plain strong cut block" to={triggerLink(triggerKey)} title={triggerKey}>
      {workflow}
    </Link>
  );
}

function Waiting({ count }: { readonly count: number }) {
  const { t } = useTranslation('triggers');
  return <span title={t('watch:waitingTip')}>{formatCount(count)}</span>;
}

/** What is the matter and what is only looked at from time to time, in the room of a row; the page of the trigger says all of it. */
function ToKnow({ row: { watch } }: { readonly row: WatchRow }) {
  const { t } = useTranslation('triggers');
  const { reason, notices, status, question } = watch;
  const asked = question === null ? [] : [t('watch:gone_files', { count: question.gone, known: question.known })];
  const all = [...asked, ...(reason === null ? [] : [reason]), ...notices];
  const [first] = all;
  if (first === undefined)
    return status === 'watching' ? <span className="muted sm cut block">{t('watch:allFine')}</span> : null;
  return (
    <span className="two-lines sm" title={all.map(saidPlainly).join('\n')}>
      <Said text={first} />
      {all.length === 1 ? null : <span className="muted"> {t('watch:more', { count: all.length - 1 })}</span>}
    </span>
  );
}
