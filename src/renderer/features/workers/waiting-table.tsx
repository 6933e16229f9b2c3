import { Inbox } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { QueueView } from '../../../shared/contract/index.ts';
import type { ShownMessage } from '../../../shared/model/queue.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { workflowLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { useNow } from '../../ui/use-now.ts';
import { MessageDialog } from './message-dialog.tsx';
import { type LineRow, useLine } from './use-line.ts';
import { Why } from './why-waits.tsx';
import { linePart } from './workers-store.ts';

/** Messages in their turn, each with the reason why it waits; any number of them. */
export function WaitingTable({ queue }: { readonly queue: QueueView }) {
  const { t } = useTranslation('workers');
  const { rows, error, onReach } = useLine(queue);
  const [opened, setOpened] = useState<ShownMessage | null>(null);
  return (
    <>
      <DataTable
        className="waiting"
        label={t('waitingMessages')}
        columns={COLUMNS}
        rows={rows}
        keyOf={({ at, message }) => message?.id ?? `${at}`}
        onOpen={({ message }) => setOpened(message)}
        onReach={onReach}
        error={error}
        onRetry={() => void linePart.refresh()}
        empty={
          <EmptyState className="px-6 max-[1200px]:px-4" icon={Inbox} title={t('empty.title')} text={t('empty.text')}>
            <code className="block whitespace-pre-wrap">{t('example')}</code>
          </EmptyState>
        }
      />
      {opened === null ? null : <MessageDialog message={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

const COLUMNS: readonly Column<LineRow>[] = [
  { key: 'message', title: 'workers:message', className: 'c-message', cell: (row) => <NameCell {...row} /> },
  { key: 'waits', title: 'workers:waits', className: 'c-waits num', cell: (row) => <WaitsCell {...row} /> },
  {
    key: 'why',
    title: 'workers:why',
    className: 'c-why',
    cell: ({ message }) => (message === null ? null : <Why message={message} />),
  },
  {
    key: 'start',
    title: 'workers:startsAbout',
    className: 'c-start num muted',
    cell: (row) => <StartCell {...row} />,
  },
];

function NameCell({ at, message }: LineRow) {
  const { t } = useTranslation('workers');
  if (message === null) return <span className="muted">{t('onItsWay', { place: at + 1 })}</span>;
  const { workflowName, workflowId, priority, actor } = message;
  return (
    <>
      {workflowName === null ? (
        <span className="strong">{workflowId}</span>
      ) : (
        <Link className="strong" to={workflowLink(workflowId)}>
          {workflowName}
        </Link>
      )}
      <span className="sm muted block cut">
        {t('fact.from', { priority: t(`priority.${priority}`), by: actor.id })}
      </span>
    </>
  );
}

function WaitsCell({ message }: LineRow) {
  const now = useNow(1000);
  return message === null ? null : formatDuration(Math.max(0, now - message.createdAt));
}

function StartCell({ message }: LineRow) {
  const now = useNow(1000);
  const at = message?.notBefore ?? null;
  return at === null || at <= now ? null : formatMoment(at, now);
}
