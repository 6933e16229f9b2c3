import { FolderOpen } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { TriggerSummary, WatchSummary } from '../../../shared/contract/index.ts';
import { triggerList, watchList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { FilterChip } from '../../ui/chip.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { triggerLink } from '../../ui/links.ts';
import { type ActiveFilter, EmptyState, FilteredEmpty } from '../../ui/notes.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { WATCH_COLUMNS, type WatchRow } from './watch-columns.tsx';

const keyOf = ({ watch: { triggerKey } }: WatchRow): string => triggerKey;

/** What a person may have to see to comes first. */
const RANKS: Readonly<Record<WatchSummary['status'], number>> = {
  asking: 0,
  unavailable: 1,
  starting: 2,
  held: 2,
  closed: 2,
  watching: 3,
};
const isOdd = ({ watch: { status, notices } }: WatchRow): boolean => status !== 'watching' || notices.length > 0;
const rankOf = (row: WatchRow): number => (isOdd(row) ? Math.min(RANKS[row.watch.status], 2) : 3);

function rowsOf(watches: readonly WatchSummary[], triggers: readonly TriggerSummary[]): readonly WatchRow[] {
  const names = new Map(triggers.map(({ key, workflowName }) => [key, workflowName]));
  return watches
    .map((watch) => ({ watch, workflow: names.get(watch.triggerKey) ?? watch.triggerKey }))
    .sort((one, other) => rankOf(one) - rankOf(other));
}

/** In name, key, folder and what is to be known. */
const isFound = ({ watch, workflow }: WatchRow, wanted: string): boolean =>
  [workflow, watch.triggerKey, watch.root, watch.reason ?? '', ...watch.notices]
    .join('\n')
    .toLowerCase()
    .includes(wanted);

/** Every watch that runs: its folder, how it stands, and which parts are only looked at from time to time. */
export function WatchesTab({ onCalendar }: { readonly onCalendar: () => void }) {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const data = useQuery(watchList);
  const triggers = useQuery(triggerList).value?.triggers ?? null;
  const [text, setText] = useState('');
  const [onlyOdd, setOnlyOdd] = useState(false);
  const all = useMemo(() => (data.value === null ? null : rowsOf(data.value, triggers ?? [])), [data.value, triggers]);
  const odd = useMemo(() => all?.filter(isOdd) ?? [], [all]);
  const wanted = text.trim().toLowerCase();
  const rows = useMemo(
    () => (all === null ? null : (onlyOdd ? odd : all).filter((row) => isFound(row, wanted))),
    [all, odd, onlyOdd, wanted],
  );
  const clear = (): void => {
    setText('');
    setOnlyOdd(false);
  };
  const active: readonly ActiveFilter[] = [
    ...(wanted === '' ? [] : [{ key: 'text', label: text, onRemove: () => setText('') }]),
    ...(onlyOdd ? [{ key: 'odd', label: t('watch:odd'), onRemove: () => setOnlyOdd(false) }] : []),
  ];
  const count = all?.length ?? 0;
  return (
    <section className="watch-list" aria-label={t('watch:name')}>
      {count === 0 ? null : (
        <search className="delivery-bar" aria-label={t('watch:name')}>
          <SearchField
            className="find"
            label={t('watch:search')}
            placeholder={t('watch:search')}
            text={text}
            onText={setText}
          />
          <FilterChip isOn={!onlyOdd} onToggle={() => setOnlyOdd(false)}>
            {t('watch:all')} <span className="muted">{formatCount(count)}</span>
          </FilterChip>
          <FilterChip isOn={onlyOdd} onToggle={() => setOnlyOdd(!onlyOdd)}>
            {t('watch:odd')} <span className="muted">{formatCount(odd.length)}</span>
          </FilterChip>
        </search>
      )}
      <DataTable
        className="watches"
        label={t('watch:name')}
        columns={WATCH_COLUMNS}
        rows={rows}
        keyOf={keyOf}
        onOpen={({ watch }) => void navigate(triggerLink(watch.triggerKey))}
        empty={
          active.length === 0 ? (
            <EmptyState className="m-6" icon={FolderOpen} title={t('watch:none')} text={t('watch:noneText')}>
              <Button onClick={onCalendar}>{t('watch:noneAct')}</Button>
            </EmptyState>
          ) : (
            <FilteredEmpty
              className="m-6"
              title={t('watch:filteredEmpty')}
              filters={active}
              onClear={clear}
              without={t('watch:without', { count, value: formatCount(count) })}
            />
          )
        }
        error={data.status === 'error' ? data.error : null}
        onRetry={() => void watchList.refresh()}
      />
    </section>
  );
}
