import { FileInput, ListVideo } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SEARCHED_RUNS } from '../../../shared/model/run.ts';
import { runningNow } from '../../client/app-state.ts';
import { type AddressChange, useAddress } from '../../client/use-address.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { FilterChip } from '../../ui/chip.tsx';
import { costLine } from '../../ui/cost-words.ts';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, FilteredEmpty } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/page.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { FilterBar } from './filter-bar.tsx';
import { ForeignDialog } from './foreign-dialog.tsx';
import { FoundPanel } from './found-panel.tsx';
import { foundRuns } from './found-store.ts';
import { isFilterOn, NO_RUN_FILTER, parseRunFilter, type RunFilter, writeRunFilter } from './run-filter.ts';
import './runs.css';
import { useWorkflowChoices } from '../../client/use-workflow-choices.ts';
import { openRuns, runList, runTotals, useRuns } from './runs-store.ts';
import { RunsTable } from './runs-table.tsx';
import { useActiveFilters } from './use-active-filters.ts';

/** What ran, is it fine? */
export function RunsScreen() {
  const { t } = useTranslation('runs');
  const [filter, setFilter] = useAddress(parseRunFilter, writeRunFilter);
  const filterAddress = writeRunFilter(filter).toString();
  useEffect(() => openRuns(filterAddress), [filterAddress]);
  const hasText = filter.text.trim() !== '';
  useEffect(() => (hasText ? foundRuns.open(filterAddress) : undefined), [filterAddress, hasText]);
  const isFound = (useQuery(foundRuns).value?.runs.length ?? 0) > 0 && hasText;
  const runs = useQuery(runList);
  const list = runs.value?.list ?? null;
  const totals = useQuery(runTotals).value;
  const moreError = useRuns((state) => state.moreError);
  const error = runs.status === 'error' ? runs.error : moreError;
  const workflows = useWorkflowChoices(filter.workflow);
  const active = useActiveFilters(filter, setFilter, workflows);
  const clear = (): void => setFilter(NO_RUN_FILTER);
  const isEmpty = list !== null && list.rows.length === 0 && list.fresh.length === 0;
  const empty = isFilterOn(filter) ? (
    <FilteredEmpty
      className="px-6"
      title={isFound ? t('found.onlyAbove') : t('filteredEmpty', { count: active.length })}
      filters={active}
      onClear={clear}
      without={t('without', { count: totals?.all ?? 0, value: formatCount(totals?.all ?? 0) })}
    />
  ) : (
    <NoRuns />
  );
  return (
    <>
      <PageHead title={t('title')} aside={<Totals filter={filter} />}>
        <OpenFile />
        <NeedsYou filter={filter} onFilter={setFilter} />
      </PageHead>
      <FilterBar
        filter={filter}
        onFilter={setFilter}
        workflows={workflows}
        active={active}
        onClear={clear}
        hasChips={!isEmpty}
      />
      {hasText ? <FoundPanel /> : null}
      <BulkBar />
      <RunsTable list={list} error={error} empty={empty} />
    </>
  );
}

/** The way to a run of another control center. */
function OpenFile() {
  const { t } = useTranslation('runs');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button icon={FileInput} needs="runs.openFile" onClick={() => setIsOpen(true)}>
        {t('foreign.open')}
      </Button>
      {isOpen ? <ForeignDialog onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

/** How many runs the filter means, of how many, and what they cost together. */
function Totals({ filter }: { readonly filter: RunFilter }) {
  const { t } = useTranslation('runs');
  const totals = useQuery(runTotals).value;
  if (totals === null) return null;
  const { shown, all } = totals;
  const count = isFilterOn(filter)
    ? t('countOf', { count: all, shown: formatCount(shown.runs), value: formatCount(all) })
    : t('count', { count: all, value: formatCount(all) });
  const isPartly = filter.text.trim() !== '' && all > SEARCHED_RUNS;
  return (
    <p role="status">
      {count}
      {shown.cost.calls === 0 ? null : ` · ${costLine(shown.cost)}`}
      {isPartly ? ` · ${t('searchedNewest', { value: formatCount(SEARCHED_RUNS) })}` : null}
    </p>
  );
}

/** The runs that wait for a person, one press away. */
function NeedsYou({
  filter,
  onFilter,
}: {
  readonly filter: RunFilter;
  readonly onFilter: (change: AddressChange<RunFilter>) => void;
}) {
  const { t } = useTranslation('runs');
  const count = useQuery(runningNow).value?.needsYou ?? 0;
  const { needsPerson: isOn } = filter;
  const press = (): void => onFilter(isOn ? { needsPerson: false } : { ...NO_RUN_FILTER, needsPerson: true });
  return (
    <FilterChip isOn={isOn} onToggle={press}>
      {t('needsYou')} {count === 0 ? null : <span className="muted">{formatCount(count)}</span>}
    </FilterChip>
  );
}

function NoRuns() {
  const { t } = useTranslation('runs');
  return (
    <EmptyState className="px-6" icon={ListVideo} title={t('empty.title')} text={t('empty.text')}>
      <LinkButton to="/workflows" variant="primary">
        {t('empty.act')}
      </LinkButton>
    </EmptyState>
  );
}
