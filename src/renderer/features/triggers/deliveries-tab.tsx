import { Inbox } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { DELIVERY_STATES, type DeliveryState } from '../../../shared/model/trigger.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useQuery, useQueryOf } from '../../client/use-query.ts';
import { LinkButton } from '../../ui/button.tsx';
import { FilterChip, RemovableChip } from '../../ui/chip.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { type ActiveFilter, EmptyState, FilteredEmpty } from '../../ui/notes.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { DELIVERY_COLUMNS } from './delivery-columns.tsx';
import { DeliveryPane } from './delivery-pane.tsx';
import { type InboxRow, inbox, inboxKey, startOfId } from './inbox.ts';
import { StartPane } from './start-pane.tsx';
import { DELIVERY_SINCE, type TriggersAddress } from './triggers-address.ts';
import { loadMoreDeliveries, usePaging } from './triggers-store.ts';
import './deliveries.css';

const AHEAD = 100;
const keyOf = ({ id }: InboxRow): string => id;
const NEWEST_FIRST = { key: 'received', isDescending: true };

interface DeliveriesTabProps {
  readonly address: TriggersAddress;
  readonly onAddress: (next: Partial<TriggersAddress>) => void;
}

/** All that came from outside and all schedules that fell due, with what became of it; one of them open beside the list. */
export function DeliveriesTab({ address, onAddress }: DeliveriesTabProps) {
  const { t } = useTranslation('triggers');
  const { text, state, trigger, since, id } = address;
  const { value, error } = useQueryOf(inbox, inboxKey({ text, state, trigger, since }));
  const paging = usePaging(({ deliveries }) => deliveries);
  const count = value?.rows.length ?? 0;
  const onReach = useCallback(
    (last: number): void => {
      if (last >= count - AHEAD) void loadMoreDeliveries();
    },
    [count],
  );
  const active = useActive(address, onAddress);
  const onKey = (key: string): boolean => {
    if (key !== 'Escape' || id === null) return false;
    onAddress({ id: null });
    return true;
  };
  const all = Object.values(value?.counts ?? {}).reduce((sum, each) => sum + each, 0);
  const empty =
    active.length === 0 ? (
      <NoDeliveries />
    ) : (
      <FilteredEmpty
        className="px-6 max-[1200px]:px-4"
        title={t('delivery.filteredEmpty')}
        filters={active}
        onClear={() => onAddress({ text: '', state: null, trigger: null })}
        without={t('delivery.without', { count: all, value: formatCount(all) })}
      />
    );
  return (
    <div className={id === null ? 'delivery-cols' : 'delivery-cols open'}>
      <section className="delivery-list" aria-label={t('delivery.name')}>
        <Filters address={address} onAddress={onAddress} counts={value?.counts ?? {}} />
        {trigger === null ? null : (
          <div className="px-6 pt-2 max-[1200px]:px-4">
            <TriggerChip trigger={trigger} onRemove={() => onAddress({ trigger: null })} />
          </div>
        )}
        <DataTable
          className="deliveries"
          label={t('delivery.name')}
          columns={DELIVERY_COLUMNS}
          rows={value?.rows ?? null}
          keyOf={keyOf}
          onOpen={(row) => onAddress({ id: row.id })}
          empty={empty}
          error={error ?? paging.error}
          onRetry={() => void inbox.refresh()}
          sort={NEWEST_FIRST}
          isWhole={value?.isWhole ?? true}
          onReach={onReach}
          onKey={onKey}
        >
          <p className="muted sm px-6 py-3 max-[1200px]:px-4" role={paging.isLoading ? 'status' : undefined}>
            {t(paging.isLoading ? 'delivery.loadingMore' : 'delivery.kept')}
          </p>
        </DataTable>
      </section>
      {id === null ? null : startOfId(id) === null ? (
        <DeliveryPane key={id} id={id} onClose={() => onAddress({ id: null })} />
      ) : (
        <StartPane key={id} id={id} onClose={() => onAddress({ id: null })} />
      )}
    </div>
  );
}

interface FiltersProps extends DeliveriesTabProps {
  readonly counts: Readonly<Partial<Record<DeliveryState, number>>>;
}

function Filters({ address, onAddress, counts }: FiltersProps) {
  const { t } = useTranslation('triggers');
  const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const chip = (state: DeliveryState | null, words: string, count: number) => (
    <FilterChip key={words} isOn={address.state === state} onToggle={() => onAddress({ state })}>
      {words} <span className="muted">{formatCount(count)}</span>
    </FilterChip>
  );
  return (
    <search className="delivery-bar" aria-label={t('delivery.name')}>
      <SearchField
        className="find"
        label={t('delivery.search')}
        placeholder={t('delivery.search')}
        text={address.text}
        onText={(text) => onAddress({ text })}
      />
      {chip(null, t('delivery.all'), all)}
      {DELIVERY_STATES.filter((state) => (counts[state] ?? 0) > 0 || address.state === state).map((state) =>
        chip(state, t(`delivery.state.${state}`), counts[state] ?? 0),
      )}
      <Select
        className="since"
        label={t('delivery.sinceLabel')}
        value={address.since}
        choices={DELIVERY_SINCE.map((value) => ({ value, label: t(`delivery.since.${value}`) }))}
        onChange={(next) => onAddress({ since: DELIVERY_SINCE.find((each) => each === next) ?? '30d' })}
      />
    </search>
  );
}

const useTriggerName = (trigger: string | null): string => {
  const known = useQuery(triggerList).value?.triggers.find(({ key }) => key === trigger);
  return known === undefined ? (trigger ?? '') : `${known.workflowName} ${known.id}`;
};

function TriggerChip({ trigger, onRemove }: { readonly trigger: string; readonly onRemove: () => void }) {
  const { t } = useTranslation('triggers');
  const name = t('ledger.only', { name: useTriggerName(trigger) });
  return (
    <RemovableChip label={t('everywhere:filter.remove', { name })} onRemove={onRemove}>
      {name}
    </RemovableChip>
  );
}

function useActive({ text, state, trigger }: TriggersAddress, onAddress: DeliveriesTabProps['onAddress']) {
  const { t } = useTranslation('triggers');
  const name = useTriggerName(trigger);
  const active: ActiveFilter[] = [];
  if (text !== '') active.push({ key: 'text', label: `“${text}”`, onRemove: () => onAddress({ text: '' }) });
  if (state !== null)
    active.push({ key: 'state', label: t(`delivery.state.${state}`), onRemove: () => onAddress({ state: null }) });
  if (trigger !== null) active.push({ key: 'trigger', label: name, onRemove: () => onAddress({ trigger: null }) });
  return active;
}

function NoDeliveries() {
  const { t } = useTranslation('triggers');
  return (
    <EmptyState
      className="px-6 max-[1200px]:px-4"
      icon={Inbox}
      title={t('delivery.empty')}
      text={t('delivery.emptyText')}
    >
      <div>
        <code className="mb-3 block whitespace-pre-wrap">
          {t('delivery.emptyExample', { skipInterpolation: true })}
        </code>
        <LinkButton to="/triggers">{t('delivery.emptyAct')}</LinkButton>
      </div>
    </EmptyState>
  );
}
