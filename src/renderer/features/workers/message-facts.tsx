import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { QueueMessage } from '../../../shared/model/queue.ts';
import { runLink } from '../../ui/links.ts';

/** What a message is, whose, and of which version. */
export function MessageFacts({ message }: { readonly message: QueueMessage }) {
  const { t } = useTranslation('workers');
  const { id, priority, actor, queue, versionHash, runId } = message;
  return (
    <dl className="kv sm">
      <dt>{t('fact.message')}</dt>
      <dd>
        <span className="mono" title={id}>
          {id.slice(0, 8)}
        </span>{' '}
        <span className="muted">{t('fact.from', { priority: t(`priority.${priority}`), by: actor.id })}</span>
      </dd>
      <dt>{t('fact.queue')}</dt>
      <dd>{queue}</dd>
      <dt>{t('fact.version')}</dt>
      <dd className={versionHash === null ? 'muted' : 'mono'}>{versionHash?.slice(0, 8) ?? t('anyVersion')}</dd>
      {runId === null ? null : (
        <>
          <dt>{t('fact.run')}</dt>
          <dd>
            <Link to={runLink(runId)}>{t('fact.open')}</Link>
          </dd>
        </>
      )}
    </dl>
  );
}
