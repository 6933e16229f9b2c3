import { FolderOpen, Package, Replace, Sparkles, Upload, Workflow } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import { pickFiles } from '../../client/shell-requests.ts';
import { type AddressChange, useAddress } from '../../client/use-address.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { type ActiveFilter, EmptyState, ErrorNote, FilteredEmpty } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { installExamples } from './examples.ts';
import { type LibraryView, readLibraryView, toggleSort, writeLibraryView } from './library-address.ts';
import { filterEntries, isFiltered, type LibraryFilter, NO_FILTER, type Sort, sortEntries } from './library-rows.ts';
import { library, openLibrary, useLook } from './library-store.ts';
import { WorkflowCards } from './workflow-cards.tsx';
import { WorkflowFilters } from './workflow-filters.tsx';
import { WorkflowTable } from './workflow-table.tsx';

/** What is shown, in an order that live runs do not change: rows move only when somebody sorts, filters or adds. */
function useShown(entries: readonly LibraryEntry[], filter: LibraryFilter, sort: Sort): readonly LibraryEntry[] {
  const orderKey = useQuery(library).value?.orderKey ?? 0;
  const byRef = useMemo(() => new Map(entries.map((entry) => [entry.ref, entry])), [entries]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order must not follow every live change of `entries`
  const sorted = useMemo(() => sortEntries(entries, sort).map((entry) => entry.ref), [orderKey, sort]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above, a row stays while its run changes
  const order = useMemo(() => {
    const now = sorted.flatMap((ref) => byRef.get(ref) ?? []);
    return filterEntries(now, filter).map((entry) => entry.ref);
  }, [sorted, filter]);
  return useMemo(() => order.flatMap((ref) => byRef.get(ref) ?? []), [byRef, order]);
}

function ImportButton() {
  const { t } = useTranslation('workflows');
  return (
    <Menu
      align="end"
      trigger={
        <Button needs="bundles.import" icon={Upload}>
          {t('import.open')}
        </Button>
      }
    >
      <MenuItem icon={FolderOpen} needs="bundles.import" onSelect={() => pickFiles('folder')}>
        {t('import.folder')}
      </MenuItem>
      <MenuItem icon={Package} needs="bundles.import" onSelect={() => pickFiles('archive')}>
        {t('import.archive')}
      </MenuItem>
      <MenuItem icon={Replace} needs="bundles.import" onSelect={() => pickFiles('foreign')}>
        {t('import.foreign')}
      </MenuItem>
    </Menu>
  );
}

/** Adds the examples; busy while it does. */
function useExamples(): { readonly isBusy: boolean; readonly install: () => void } {
  const [isBusy, setIsBusy] = useState(false);
  const install = (): void => {
    setIsBusy(true);
    void installExamples()
      .then(() => library.refresh())
      .then(() => setIsBusy(false));
  };
  return { isBusy, install };
}

function EmptyLibrary() {
  const { t } = useTranslation('workflows');
  const { isBusy, install } = useExamples();
  return (
    <EmptyState
      icon={Workflow}
      title={t('empty.title')}
      text={t('empty.text')}
      className="flex-1 content-center justify-items-center px-6 text-center"
    >
      <Button
        variant="primary"
        needs="examples.install"
        icon={Sparkles}
        onClick={install}
        reason={isBusy ? t('everywhere:loading') : null}
      >
        {t('empty.examples')}
      </Button>
      <ImportButton />
      <LinkButton to="/welcome" variant="ghost">
        {t('empty.guide')}
      </LinkButton>
    </EmptyState>
  );
}

type OnFilter = (change: Partial<LibraryFilter>) => void;

function useActiveFilters(filter: LibraryFilter, setFilter: OnFilter): readonly ActiveFilter[] {
  const { t } = useTranslation('workflows');
  const text = filter.text.trim();
  return [
    ...(text === ''
      ? []
      : [{ key: 'text', label: t('filtered.text', { text }), onRemove: () => setFilter({ text: '' }) }]),
    ...filter.tags.map((tag) => ({
      key: `tag ${tag}`,
      label: tag,
      onRemove: () => setFilter({ tags: filter.tags.filter((each) => each !== tag) }),
    })),
    ...(filter.needsAttention
      ? [{ key: 'attention', label: t('attention'), onRemove: () => setFilter({ needsAttention: false }) }]
      : []),
  ];
}

interface LibraryProps {
  readonly entries: readonly LibraryEntry[];
  readonly view: LibraryView;
  readonly onView: (change: AddressChange<LibraryView>) => void;
}

function Library({ entries, view: { filter, sort }, onView }: LibraryProps) {
  const { t } = useTranslation('workflows');
  const look = useLook((state) => state.look);
  const setFilter: OnFilter = (change) => onView((latest) => ({ filter: { ...latest.filter, ...change } }));
  // typing stays quick however long the list is: the list follows a moment later
  const shown = useShown(entries, useDeferredValue(filter), sort);
  const filters = useActiveFilters(filter, setFilter);
  if (entries.length === 0) return <EmptyLibrary />;
  const empty = (
    <FilteredEmpty
      className="flex-1 content-start border-t border-border px-6 pt-4 max-[1200px]:px-4"
      title={t('filtered.title', { count: filters.length })}
      filters={filters}
      onClear={() => setFilter(NO_FILTER)}
      without={t('filtered.without', { count: entries.length })}
    />
  );
  return (
    <>
      <WorkflowFilters entries={entries} filter={filter} onFilter={setFilter} />
      {look === 'list' ? (
        <WorkflowTable
          entries={shown}
          sort={sort}
          onSort={(key) => onView((latest) => ({ sort: toggleSort(latest.sort, key) }))}
          empty={empty}
        />
      ) : shown.length === 0 ? (
        empty
      ) : (
        <WorkflowCards entries={shown} />
      )}
      <DropHint entries={entries} />
    </>
  );
}

/** The foot: that dropping works, and where sample data is while there is little. */
function DropHint({ entries }: { readonly entries: readonly LibraryEntry[] }) {
  const { t } = useTranslation('workflows');
  const { isBusy, install } = useExamples();
  return (
    <div className="flex min-h-10 flex-none items-center gap-2 border-t border-border bg-bg px-6 py-1 text-text-2 max-[1200px]:px-4">
      <Icon of={FolderOpen} className="text-muted" />
      <span className="grow">{t('drop')}</span>
      {entries.length > 5 ? null : (
        <span className="sm muted nowrap">
          {t('sample')}{' '}
          <button
            type="button"
            className="text-accent underline underline-offset-2"
            onClick={install}
            disabled={isBusy}
          >
            {t('addExamples')}
          </button>
        </span>
      )}
    </div>
  );
}

/** How many there are, and how many of them are shown. */
function Count({ entries, filter }: { readonly entries: readonly LibraryEntry[]; readonly filter: LibraryFilter }) {
  const { t } = useTranslation('workflows');
  const late = useDeferredValue(filter);
  const total = entries.length;
  const shown = useMemo(
    () => (isFiltered(late) ? filterEntries(entries, late).length : entries.length),
    [entries, late],
  );
  const words =
    shown === total
      ? t('count', { count: total })
      : t('countFiltered', { shown: formatCount(shown), total: formatCount(total) });
  return <p role="status">{total === 0 ? null : words}</p>;
}

/** What can I run? */
export function WorkflowsScreen() {
  const { t } = useTranslation('workflows');
  const shown = useQuery(library);
  const [view, setView] = useAddress(readLibraryView, writeLibraryView);
  useEffect(openLibrary, []);
  const entries = shown.value?.entries ?? null;
  return (
    <>
      <PageHead title={t('title')} aside={<Count entries={entries ?? []} filter={view.filter} />}>
        <ImportButton />
      </PageHead>
      {shown.status === 'error' ? (
        <ErrorNote className="mx-6 mb-3 flex-none" error={shown.error} onRetry={() => void library.refresh()} />
      ) : null}
      {entries === null ? (
        shown.status === 'loading' ? (
          <SkeletonRows rows={10} />
        ) : null
      ) : (
        <Library entries={entries} view={view} onView={setView} />
      )}
    </>
  );
}
