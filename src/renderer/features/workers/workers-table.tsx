import { CircleCheck, LoaderCircle, Monitor } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { QueueView } from '../../../shared/contract/index.ts';
import type { ShownMessage } from '../../../shared/model/queue.ts';
import { Icon } from '../../ui/icon.tsx';
import { runLink } from '../../ui/links.ts';
import { Note } from '../../ui/notes.tsx';

interface WorkersTableProps {
  readonly queue: QueueView;
  readonly atWork: readonly ShownMessage[];
}

/** Who takes the messages of a queue, and what he is at work on. */
export function WorkersTable({ queue, atWork }: WorkersTableProps) {
  const { t } = useTranslation('workers');
  const { worker, name } = queue;
  if (worker === null)
    return (
      <Note className="mx-6 my-2">
        <span className="strong">{t('noWorker.title')}</span>
        <p className="sm">{t('noWorker.text')}</p>
      </Note>
    );
  const isBusy = worker.busy > 0;
  return (
    <table className="workers-table">
      <thead>
        <tr>
          {(['worker', 'state', 'slots', 'runs'] as const).map((column) => (
            <th key={column} scope="col">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">
            <span className="lead">
              <Icon of={Monitor} />
              <span>
                <span className="strong">{t('thisComputer')}</span>
                <span className="sm muted block">{t('app', { queue: name })}</span>
              </span>
            </span>
          </th>
          <td>
            <span className={`status ${isBusy ? 'st-running' : 'st-success'}`}>
              <Icon of={isBusy ? LoaderCircle : CircleCheck} className={isBusy ? 'spin' : undefined} />
              {t(isBusy ? 'working' : 'free')}
            </span>
          </td>
          <td>
            <Slots {...worker} />
          </td>
          <td>
            {atWork.map((message, at) => (
              <span key={message.id}>
                {at === 0 ? '' : ', '}
                {message.runId === null ? (
                  (message.workflowName ?? message.workflowId)
                ) : (
                  <Link to={runLink(message.runId)}>{message.workflowName ?? message.workflowId}</Link>
                )}
              </span>
            ))}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** So many slots are drawn; more are only counted. */
const DRAWN = 12;

function Slots({ busy, concurrency }: { readonly busy: number; readonly concurrency: number }) {
  const { t } = useTranslation('workers');
  return (
    <span className="nowrap">
      <span className="slots" role="img" aria-label={t('slotsBusy', { busy, of: concurrency })}>
        {Array.from({ length: Math.min(concurrency, DRAWN) }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its place
          <i key={at} className={at < busy ? 'f-running' : 'free'} />
        ))}
      </span>{' '}
      <span className="sm muted" aria-hidden="true">
        {busy} {t('ofSlots', { count: concurrency })}
      </span>
    </span>
  );
}
