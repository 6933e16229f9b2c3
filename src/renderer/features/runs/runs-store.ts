import { create } from 'zustand';
import type { LiveEvent, OutputOf } from '../../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { filterQuery, parseRunFilter, type RunFilter } from './run-filter.ts';
import { addPage, applyChanges, EMPTY_LIST, type RunList, showFresh, startList } from './run-list.ts';

const FIRST_PAGE = 200;
const MAX_PAGE = 1000;

interface Runs {
  readonly list: RunList;
}
interface RunTotals {
  /** What the filter means. */
  readonly shown: OutputOf<'runs.totals'>;
  /** Runs of the project without any filter. */
  readonly all: number;
}

const filterAt = (address: string): RunFilter => parseRunFilter(new URLSearchParams(address));

/** Whether new runs may be put on top right now: the table says so while it is there. */
let mayGrow: () => boolean = () => true;
export const setMayGrow = (check: () => boolean): void => {
  mayGrow = check;
};

type RunChange = Extract<LiveEvent, { readonly kind: 'run' | 'run_deleted' }>;
const isChange = (event: LiveEvent): event is RunChange => event.kind === 'run' || event.kind === 'run_deleted';

/** The runs of a filter, by its address. */
export const runList = createLiveQuery<Runs, string>({
  ask: async (address, before) => {
    const shown = before?.list ?? EMPTY_LIST;
    const query = filterQuery(filterAt(address), Date.now());
    const limit = Math.min(MAX_PAGE, Math.max(FIRST_PAGE, shown.rows.length));
    let list = startList(await call('runs.list', { ...query, limit }), shown);
    // As far down as it was read before: whoever comes back stands where they stood.
    while (list.nextCursor !== null && list.rows.length < shown.rows.length)
      list = addPage(list, await call('runs.list', { ...query, limit: MAX_PAGE, cursor: list.nextCursor }));
    return { list };
  },
  // What a run was given and gave does not stand in its row: whether it holds the text, only the store can tell.
  dueOn: (event, address) => (filterAt(address).text !== '' && isBeginOrEnd(event) ? 'soon' : null),
  soonMs: 1000,
  apply: (shown, events, address) => {
    const changes = events.filter(isChange);
    if (changes.length === 0) return shown;
    const list = applyChanges(shown.list, changes, {
      filter: filterAt(address),
      now: Date.now(),
      canGrow: mayGrow(),
    });
    return list === shown.list ? shown : { ...shown, list };
  },
});

const isBeginOrEnd = (event: LiveEvent): boolean =>
  event.kind === 'run' && (event.run.status === 'pending' || event.run.completedAt !== null);

/** How many runs a filter means and what they cost. */
export const runTotals = createLiveQuery<RunTotals, string>({
  ask: async (address) => {
    const [shown, all] = await Promise.all([
      call('runs.totals', filterQuery(filterAt(address), Date.now())),
      call('runs.totals', {}),
    ]);
    return { shown, all: all.runs };
  },
  dueOn: (event) => (isChange(event) ? 'soon' : null),
  soonMs: 1000,
});

interface RunsChoices {
  readonly selected: ReadonlySet<string>;
  readonly isLoadingMore: boolean;
  /** Why the next page did not come. */
  readonly moreError: ErrorRecord | null;
}

const NOTHING: RunsChoices = { selected: new Set(), isLoadingMore: false, moreError: null };
export const useRuns = create<RunsChoices>()(() => NOTHING);

/** Shows the runs of a filter and follows them; nothing is selected in another list. */
export function openRuns(address: string): () => void {
  if (runList.store.getState().key !== address) useRuns.setState(NOTHING);
  const stops = [runList.open(address), runTotals.open(address)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** The next page, when there is one and none is on its way. */
export async function loadMoreRuns(): Promise<void> {
  const { key, data } = runList.store.getState();
  const cursor = data.value?.list.nextCursor ?? null;
  if (key === null || cursor === null || data.status !== 'ready' || useRuns.getState().isLoadingMore) return;
  const isStill = (): boolean => runList.store.getState().key === key;
  useRuns.setState({ isLoadingMore: true, moreError: null });
  try {
    const page = await call('runs.list', { ...filterQuery(filterAt(key), Date.now()), limit: MAX_PAGE, cursor });
    if (isStill()) runList.change((shown) => ({ ...shown, list: addPage(shown.list, page) }));
  } catch (thrown) {
    if (isStill()) useRuns.setState({ moreError: toErrorRecord(thrown) });
  } finally {
    if (isStill()) useRuns.setState({ isLoadingMore: false });
  }
}

export const showNewRuns = (): void => runList.change((shown) => ({ ...shown, list: showFresh(shown.list) }));

export const selectRun = (runId: string, isSelected: boolean): void =>
  useRuns.setState((state) => {
    const selected = new Set(state.selected);
    if (isSelected) selected.add(runId);
    else selected.delete(runId);
    return { selected };
  });
/** Every run on screen so far, or none. */
export const selectAllRuns = (isSelected: boolean): void => {
  const rows = runList.store.getState().data.value?.list.rows ?? [];
  useRuns.setState({ selected: new Set(isSelected ? rows.map((run) => run.runId) : []) });
};
