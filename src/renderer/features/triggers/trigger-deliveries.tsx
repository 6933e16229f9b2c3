import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useQueryOf } from '../../client/use-query.ts';
import { LinkButton } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { deliveryLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { DELIVERY_COLUMNS } from './delivery-columns.tsx';
import { inbox, inboxKey } from './inbox.ts';

/** The newest that came for one trigger; the whole inbox is one press away. */
export function TriggerDeliveries({ trigger }: { readonly trigger: string }) {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const key = inboxKey({ text: '', state: null, trigger, since: '30d' });
  const { value, error } = useQueryOf(inbox, key);
  return (
    <section className="trigger-past ledger" aria-labelledby="came-title">
      <div className="head">
        <h2 id="came-title">{t('detail.deliveries')}</h2>
        <span className="grow" />
        <LinkButton variant="ghost" to={key}>
          {t('detail.allDeliveries')}
        </LinkButton>
      </div>
      <DataTable
        className="deliveries"
        label={t('detail.deliveries')}
        columns={DELIVERY_COLUMNS}
        rows={value?.rows ?? null}
        keyOf={({ id }) => id}
        onOpen={({ id }) => void navigate(deliveryLink(id))}
        empty={<EmptyState className="px-6 max-[1200px]:px-4" icon={Inbox} title={t('detail.noDeliveries')} />}
        error={error}
        onRetry={() => void inbox.refresh()}
      />
    </section>
  );
}
