import { CircleCheck, LoaderCircle, type LucideIcon, Monitor, Server, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { QueueView } from '../../../shared/contract/index.ts';
import { type SeenWorker, type ShownMessage, SILENT_MS } from '../../../shared/model/queue.ts';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { runLink } from '../../ui/links.ts';
import { Note } from '../../ui/notes.tsx';
import { useNow } from '../../ui/use-now.ts';

interface WorkersTableProps {
  readonly queue: QueueView;
  readonly atWork: readonly ShownMessage[];
}

/** Who takes the messages of a queue, here and in other projects, and what each is at work on. */
export function WorkersTable({ queue, atWork }: WorkersTableProps) {
  const { t } = useTranslation('workers');
  const { worker, workers, name, fault } = queue;
  if (worker === null && fault !== null) return <p className="muted sm px-6 max-[1200px]:px-4">{t('workersThere')}</p>;
  if (worker === null && workers.length === 0)
    return (
      <Note className="mx-6 my-2">
        <span className="strong">{t('noWorker.title')}</span>
        <p className="sm">{t('noWorker.text')}</p>
      </Note>
    );
  return (
    <table className="workers-table">
      <thead>
        <tr>
          {(['worker', 'state', 'slots', 'runs'] as const).map((column) => (
            <th key={column} scope="col">
              {t(column)}
            </th>
          ))}
          <th scope="col" className="num">
            {t('seen')}
          </th>
        </tr>
      </thead>
      <tbody>
        {worker === null ? null : (
          <Row
            icon={Monitor}
            name={t('thisComputer')}
            about={t('app', { queue: name })}
            slots={worker}
            seen={t('now')}
            runs={<OwnRuns messages={atWork.filter(({ runElsewhere }) => !runElsewhere)} />}
          />
        )}
        {workers.map((one) => (
          <Elsewhere key={one.id} worker={one} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly icon: LucideIcon;
  readonly name: string;
  readonly about: string;
  readonly slots: { readonly busy: number; readonly concurrency: number };
  readonly isSilent?: boolean;
  readonly seen: string;
  readonly runs: ReactNode;
}

function Row({ icon, name, about, slots, isSilent = false, seen, runs }: RowProps) {
  const { t } = useTranslation('workers');
  const isBusy = slots.busy > 0;
  const state = isSilent ? 'silent' : isBusy ? 'working' : 'free';
  return (
    <tr>
      <th scope="row">
        <span className="lead">
          <Icon of={icon} />
          <span>
            <span className="strong">{name}</span>
            <span className="sm muted block">{about}</span>
          </span>
        </span>
      </th>
      <td>
        <span className={`status ${isSilent ? 'st-failed' : isBusy ? 'st-running' : 'st-success'}`}>
          <Icon
            of={isSilent ? Unplug : isBusy ? LoaderCircle : CircleCheck}
            className={isBusy && !isSilent ? 'spin' : undefined}
          />
          {t(state)}
        </span>
      </td>
      <td>
        <Slots {...slots} isSilent={isSilent} />
      </td>
      <td>{runs}</td>
      <td className={`num ${isSilent ? 'st-failed' : ''}`}>{seen}</td>
    </tr>
  );
}

function Elsewhere({ worker }: { readonly worker: SeenWorker }) {
  const { t } = useTranslation('workers');
  const { name, host, version, since, silentMs, runs } = worker;
  const now = useNow(60_000);
  const counts = Map.groupBy(runs, (run) => run);
  const named = [...counts].map(([run, all]) => (all.length === 1 ? run : `${run} ${all.length}`));
  return (
    <Row
      icon={Server}
      name={name}
      about={[host, version, t('since', { when: formatMoment(since, now) })].filter((part) => part !== null).join(', ')}
      slots={worker}
      isSilent={silentMs > SILENT_MS}
      seen={silentMs < RECENT_MS ? t('now') : t('ago', { time: formatDuration(silentMs) })}
      runs={named.join(', ')}
    />
  );
}

/** A worker tells every five seconds that it is there. */
const RECENT_MS = 10_000;

function OwnRuns({ messages }: { readonly messages: readonly ShownMessage[] }) {
  return messages.map((message, at) => (
    <span key={message.id}>
      {at === 0 ? '' : ', '}
      {message.runId === null ? (
        (message.workflowName ?? message.workflowId)
      ) : (
        <Link to={runLink(message.runId)}>{message.workflowName ?? message.workflowId}</Link>
      )}
    </span>
  ));
}

/** So many slots are drawn; more are only counted. */
const DRAWN = 12;

function Slots({ busy, concurrency, isSilent }: Pick<RowProps, 'isSilent'> & RowProps['slots']) {
  const { t } = useTranslation('workers');
  return (
    <span className="nowrap">
      <span className="slots" role="img" aria-label={t('slotsBusy', { busy, of: concurrency })}>
        {Array.from({ length: Math.min(concurrency, DRAWN) }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its place
          <i key={at} className={at >= busy ? 'free' : isSilent === true ? 'f-in-doubt' : 'f-running'} />
        ))}
      </span>{' '}
      <span className="sm muted" aria-hidden="true">
        {busy} {t('ofSlots', { count: concurrency })}
      </span>
    </span>
  );
}
