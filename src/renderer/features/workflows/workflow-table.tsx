import { type ReactNode, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import { Chip } from '../../ui/chip.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatDuration } from '../../ui/format.ts';
import { workflowLink } from '../../ui/links.ts';
import { RunBars } from '../../ui/run-bars.tsx';
import { isSortKey, type Sort } from './library-rows.ts';
import { Description, DraftOf, EntryActions, LastResult } from './workflow-cells.tsx';

/** The least needed columns go first; what they say stands on the workflow's own screen. */
const COLUMNS: readonly Column<LibraryEntry>[] = [
  {
    key: 'name',
    title: 'workflows:column.name',
    isSortable: true,
    cell: (entry) => (
      <>
        <div className="row">
          <Link className="plain strong cut" to={workflowLink(entry.ref)} title={entry.name}>
            {entry.name}
          </Link>
          <DraftOf path={entry.path} />
        </div>
        <Description entry={entry} />
      </>
    ),
  },
  {
    key: 'tags',
    title: 'workflows:column.tags',
    className: 'w-56 max-[1200px]:hidden',
    cell: ({ tags }) => (
      <span className="flex gap-1 overflow-hidden">
        {tags.slice(0, 3).map((tag) => (
          <Chip key={tag}>{tag}</Chip>
        ))}
      </span>
    ),
  },
  {
    key: 'result',
    title: 'workflows:column.result',
    className: 'w-36',
    isSortable: true,
    cell: (entry) => <LastResult entry={entry} />,
  },
  {
    key: 'runs',
    title: 'workflows:column.runs',
    className: 'w-44 max-[760px]:hidden',
    cell: (entry) => <LastRuns entry={entry} />,
  },
  {
    key: 'average',
    title: 'workflows:column.average',
    className: 'num w-28 max-[900px]:hidden',
    isSortable: true,
    cell: ({ averageMs }) => (averageMs === null ? <span className="muted">–</span> : formatDuration(averageMs)),
  },
  {
    key: 'actions',
    title: 'workflows:column.actions',
    head: <ActionsHead />,
    className: 'num w-36 [&:lang(de)]:w-46',
    cell: (entry) => <EntryActions entry={entry} />,
  },
];

function ActionsHead() {
  const { t } = useTranslation('workflows');
  return <span className="sr">{t('column.actions')}</span>;
}

function LastRuns({ entry }: { readonly entry: LibraryEntry }) {
  const { t } = useTranslation('workflows');
  if (entry.recentStatuses.length === 0) return <span className="sm muted">{t('noRun')}</span>;
  return <RunBars runs={entry.recentStatuses} />;
}

interface WorkflowTableProps {
  readonly entries: readonly LibraryEntry[];
  readonly sort: Sort;
  readonly onSort: (key: Sort['key']) => void;
  /** What stands here when there is nothing to list. */
  readonly empty: ReactNode;
}

/** The library as a table; only the rows on screen exist. */
export function WorkflowTable({ entries, sort, onSort, empty }: WorkflowTableProps) {
  const { t } = useTranslation('workflows');
  const navigate = useNavigate();
  const open = useCallback((entry: LibraryEntry): void => void navigate(workflowLink(entry.ref)), [navigate]);
  return (
    <DataTable
      label={t('title')}
      columns={COLUMNS}
      rows={entries}
      keyOf={(entry) => entry.ref}
      onOpen={open}
      empty={empty}
      sort={sort}
      onSort={(key) => (isSortKey(key) ? onSort(key) : undefined)}
    />
  );
}
