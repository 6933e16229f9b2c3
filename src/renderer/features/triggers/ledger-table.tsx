import { CalendarClock } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Occurrence } from '../../../shared/model/trigger.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { FilterChip } from '../../ui/chip.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { runLink, triggerLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { LEDGER_COLUMNS } from './ledger-columns.tsx';
import { LEDGER_SHOWS, type LedgerShow } from './triggers-address.ts';
import { ledger, ledgerKey, loadMoreStarts, usePaging } from './triggers-store.ts';

const AHEAD = 100;
const keyOf = ({ triggerKey, plannedAt }: Occurrence): string => `${triggerKey} ${plannedAt}`;

interface LedgerTableProps {
  readonly show: LedgerShow;
  readonly onShow: (show: LedgerShow) => void;
  /** Only the starts of this one. */
  readonly trigger: string | null;
}

/** What became of each start: one row each, any number of them. */
export function LedgerTable({ show, onShow, trigger }: LedgerTableProps) {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const { value, error } = useQueryOf(ledger, ledgerKey({ show, trigger }));
  const paging = usePaging(({ starts }) => starts);
  const count = value?.rows.length ?? 0;
  const onReach = useCallback(
    (last: number): void => {
      if (last >= count - AHEAD) void loadMoreStarts();
    },
    [count],
  );
  const open = useCallback(
    ({ runId, triggerKey }: Occurrence): void =>
      void navigate(runId === null ? triggerLink(triggerKey) : runLink(runId)),
    [navigate],
  );
  return (
    <section className="ledger" aria-labelledby="ledger-title">
      <div className="head">
        <h2 id="ledger-title">{t('ledger.title')}</h2>
        {/* biome-ignore lint/a11y/useSemanticElements: a group of filters, not a form part */}
        <div className="row gap-1" role="group" aria-label={t('ledger.title')}>
          {LEDGER_SHOWS.map((each) => (
            <FilterChip key={each} isOn={each === show} onToggle={() => onShow(each)}>
              {t(`ledger.show.${each}`)}{' '}
              {value === null ? null : <span className="muted">{formatCount(value.counts[each])}</span>}
            </FilterChip>
          ))}
        </div>
        <span className="grow" />
        <span className="sm muted ledger-note">{t('ledger.note')}</span>
      </div>
      <DataTable
        className="starts"
        label={t('ledger.title')}
        columns={LEDGER_COLUMNS}
        rows={value?.rows ?? null}
        keyOf={keyOf}
        onOpen={open}
        empty={<NoStarts show={value?.counts.all === 0 ? 'all' : show} onShow={onShow} />}
        error={error ?? paging.error}
        onRetry={() => void ledger.refresh()}
        sort={LATEST_FIRST}
        isWhole={value?.isWhole ?? true}
        onReach={onReach}
      >
        {paging.isLoading ? (
          <p className="muted sm px-6 py-2" role="status">
            {t('ledger.loadingMore')}
          </p>
        ) : null}
      </DataTable>
    </section>
  );
}
const LATEST_FIRST = { key: 'planned', isDescending: true };
const EMPTY = { odd: 'emptyOdd', all: 'emptyAll', planned: 'emptyPlanned' } as const;

function NoStarts({ show, onShow }: Pick<LedgerTableProps, 'show' | 'onShow'>) {
  const { t } = useTranslation('triggers');
  return (
    <EmptyState
      className="px-6 max-[1200px]:px-4"
      icon={CalendarClock}
      title={t(`ledger.${EMPTY[show]}`)}
      text={t('ledger.emptyText')}
    >
      {show === 'all' ? null : <Button onClick={() => onShow('all')}>{t('ledger.showAll')}</Button>}
    </EmptyState>
  );
}
