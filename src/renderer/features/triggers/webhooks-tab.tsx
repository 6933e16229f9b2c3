import { Webhook } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { WebhookEndpoint, WebhookList } from '../../../shared/contract/index.ts';
import { webhookList } from '../../client/trigger-queries.ts';
import { useFreshOnFocus, useQuery } from '../../client/use-query.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { triggerLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { TriggerStatusMark } from './trigger-status.tsx';
import { SignedBy, WebhookUrl } from './webhook-facts.tsx';

const keyOf = ({ key }: WebhookEndpoint): string => key;

const columnsOf = (list: WebhookList): readonly Column<WebhookEndpoint>[] => [
  {
    key: 'trigger',
    title: 'triggers:calendar.trigger',
    className: 'c-trigger',
    cell: ({ key, workflowName }) => (
      <Link className="plain strong cut block" to={triggerLink(key)} title={key}>
        {workflowName}
      </Link>
    ),
  },
  {
    key: 'url',
    title: 'webhook:url',
    className: 'c-url',
    cell: (webhook) => <WebhookUrl webhook={webhook} list={list} />,
  },
  {
    key: 'signed',
    title: 'webhook:signed',
    className: 'c-signed',
    cell: (webhook) => <SignedBy webhook={webhook} />,
  },
  {
    key: 'state',
    title: 'webhook:state',
    className: 'c-state',
    cell: (webhook) => <TriggerStatusMark trigger={webhook} isPill={false} />,
  },
  {
    key: 'count',
    title: 'webhook:count',
    className: 'c-count num',
    cell: ({ triggerCount }) => formatCount(triggerCount),
  },
  {
    key: 'last',
    title: 'webhook:last',
    className: 'c-last num',
    cell: ({ lastTriggeredAt }) =>
      lastTriggeredAt === null ? <span className="muted">–</span> : <TimeAgo at={lastTriggeredAt} />,
  },
];

/** Every webhook: where senders reach it, who has to sign, how it stands. */
export function WebhooksTab() {
  const { t } = useTranslation('webhook');
  const navigate = useNavigate();
  useEffect(() => webhookList.open(null), []);
  useFreshOnFocus(webhookList);
  const { value, ...data } = useQuery(webhookList);
  const columns = useMemo(() => (value === null ? [] : columnsOf(value)), [value]);
  return (
    <section className="watch-list" aria-label={t('name')}>
      {value === null || value.endpoints.length === 0 ? null : (
        <p className="list-note sm muted" role="status">
          <Listening list={value} />
        </p>
      )}
      <DataTable
        className="webhooks"
        label={t('name')}
        columns={columns}
        rows={value?.endpoints ?? null}
        keyOf={keyOf}
        onOpen={({ key }) => void navigate(triggerLink(key))}
        empty={<EmptyState className="m-6" icon={Webhook} title={t('none')} text={t('noneText')} />}
        error={data.status === 'error' ? data.error : null}
        onRetry={() => void webhookList.refresh()}
      />
    </section>
  );
}

function Listening({ list: { listening, isHosting } }: { readonly list: WebhookList }) {
  const { t } = useTranslation('webhook');
  if (listening === null) return <>{t(isHosting ? 'notYet' : 'nobody')}</>;
  if (listening.kind === 'failed') return <Said text={listening.message} />;
  return <>{t('listening', { url: listening.url })}</>;
}
