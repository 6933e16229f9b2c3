import {
  Clock,
  LoaderCircle,
  type LucideIcon,
  PauseCircle,
  RotateCw,
  Server,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { MessageWait, ShownMessage } from '../../../shared/model/queue.ts';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { workflowLink } from '../../ui/links.ts';
import { saidPlainly } from '../../ui/said.tsx';
import { useNow } from '../../ui/use-now.ts';

const ICONS: Readonly<Record<MessageWait['kind'], LucideIcon>> = {
  paused: PauseCircle,
  delayed: Clock,
  retry: RotateCw,
  held_back: TriangleAlert,
  no_worker: Unplug,
  slots: Server,
  lanes: Server,
  next: LoaderCircle,
};

/** Messages in their turn, each with the reason why it waits. */
export function WaitingTable({ messages }: { readonly messages: readonly ShownMessage[] }) {
  const { t } = useTranslation('workers');
  const now = useNow(1000);
  return (
    <table className="workers-table waiting">
      <thead>
        <tr>
          <th scope="col">{t('message')}</th>
          <th scope="col" className="num">
            {t('waits')}
          </th>
          <th scope="col">{t('why')}</th>
          <th scope="col" className="num wide">
            {t('startsAbout')}
          </th>
        </tr>
      </thead>
      <tbody>
        {messages.map((message) => (
          <tr key={message.id}>
            <th scope="row">
              {message.workflowName === null ? (
                <span className="strong">{message.workflowId}</span>
              ) : (
                <Link className="strong" to={workflowLink(message.workflowId)}>
                  {message.workflowName}
                </Link>
              )}{' '}
              {message.priority === 'normal' ? null : (
                <span className="muted sm">{t(`priority.${message.priority}`)}</span>
              )}
            </th>
            <td className="num">{formatDuration(Math.max(0, now - message.createdAt))}</td>
            <td>
              <Why message={message} now={now} />
            </td>
            <td className="num muted wide">
              {message.notBefore === null || message.notBefore <= now ? '' : formatMoment(message.notBefore, now)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Why({ message, now }: { readonly message: ShownMessage; readonly now: number }) {
  const { t } = useTranslation('workers');
  const { wait, attempts, maxAttempts, error } = message;
  if (wait === null) return null;
  const values = {
    when: 'until' in wait ? formatMoment(wait.until, now) : '',
    by: 'by' in wait ? wait.by : '',
    of: 'of' in wait ? wait.of : maxAttempts,
    attempt: attempts + 1,
    error: saidPlainly(error ?? ''),
  };
  const place = 'behind' in wait ? t(wait.behind === 0 ? 'wait.first' : 'wait.behind', { count: wait.behind }) : '';
  return (
    <span className="why-waits">
      <Icon of={ICONS[wait.kind]} />
      <span>
        {t(`wait.${wait.kind}`, values)} {place}
      </span>
    </span>
  );
}
