import { create } from 'zustand';
import type { ErrorRecord } from '../../../shared/errors.ts';
import { toErrorRecord } from '../../../shared/errors.ts';
import { getClient } from '../../client/bridge.ts';
import { followLive } from '../../client/follow-live.ts';
import type { LiveMessage } from '../../client/live.ts';
import { createRefetcher } from '../../client/refetcher.ts';
import { filterQuery, NO_RUN_FILTER, type RunFilter } from './run-filter.ts';
import { addPage, applyChanges, EMPTY_LIST, type RunList, showFresh, startList } from './run-list.ts';

const FIRST_PAGE = 200;
const MAX_PAGE = 1000;

export interface RunsState {
  readonly filter: RunFilter;
  readonly status: 'loading' | 'ready' | 'error';
  readonly error: ErrorRecord | null;
  readonly list: RunList;
  readonly isLoadingMore: boolean;
  /** Runs of the project without any filter; null until known. */
  readonly total: number | null;
  readonly selected: ReadonlySet<string>;
}

export const useRuns = create<RunsState>()(() => ({
  filter: NO_RUN_FILTER,
  status: 'loading',
  error: null,
  list: EMPTY_LIST,
  isLoadingMore: false,
  total: null,
  selected: new Set(),
}));

let refresh: () => Promise<void> = async () => undefined;
export const refreshRuns = (): Promise<void> => refresh();

/** Shows the runs of a filter and follows them. `canGrow`: whether new runs may be put on top right now. */
export function openRuns(filter: RunFilter, canGrow: () => boolean): () => void {
  useRuns.setState({
    filter,
    status: 'loading',
    error: null,
    list: EMPTY_LIST,
    isLoadingMore: false,
    selected: new Set(),
  });
  let isOpen = true;
  let meanwhile: LiveMessage[] = [];
  const take = (messages: readonly LiveMessage[]): void => {
    const changes = messages.filter((each) => each.kind === 'run' || each.kind === 'run_deleted');
    if (changes.length === 0) return;
    const { list } = useRuns.getState();
    const next = applyChanges(list, changes, { filter, now: Date.now(), canGrow: canGrow() });
    if (next !== list) useRuns.setState({ list: next });
  };
  const refetch = createRefetcher(async () => {
    meanwhile = [];
    const before = useRuns.getState().list;
    const limit = Math.min(MAX_PAGE, Math.max(FIRST_PAGE, before.rows.length));
    try {
      const [page, counts] = await Promise.all([
        getClient().call('runs.list', { ...filterQuery(filter, Date.now()), limit }),
        getClient().call('runs.counts', {}),
      ]);
      if (!isOpen) return;
      useRuns.setState((state) => ({
        status: 'ready',
        error: null,
        total: counts.total,
        list: startList(page, state.list),
      }));
      take(meanwhile);
    } catch (thrown) {
      if (isOpen) useRuns.setState({ status: 'error', error: toErrorRecord(thrown) });
    }
  });
  refresh = refetch;
  const stopFollowing = followLive({
    onArrival: (messages) => {
      meanwhile.push(...messages);
      if (meanwhile.length > 5000) meanwhile = meanwhile.slice(-5000);
    },
    onFrame: (messages) => {
      if (messages.some((each) => each.kind === 'resync' || each.kind === 'project')) void refetch();
      if (useRuns.getState().status === 'ready') take(messages);
    },
    refetch,
  });
  return () => {
    isOpen = false;
    refresh = async () => undefined;
    stopFollowing();
  };
}

/** The next page, when there is one and none is on its way. */
export async function loadMoreRuns(): Promise<void> {
  const { list, isLoadingMore, filter, status } = useRuns.getState();
  if (list.nextCursor === null || isLoadingMore || status !== 'ready') return;
  useRuns.setState({ isLoadingMore: true });
  try {
    const page = await getClient().call('runs.list', {
      ...filterQuery(filter, Date.now()),
      limit: MAX_PAGE,
      cursor: list.nextCursor,
    });
    useRuns.setState((state) => (state.filter === filter ? { list: addPage(state.list, page) } : {}));
  } catch (thrown) {
    if (useRuns.getState().filter === filter) useRuns.setState({ error: toErrorRecord(thrown) });
  } finally {
    if (useRuns.getState().filter === filter) useRuns.setState({ isLoadingMore: false });
  }
}

export const showNewRuns = (): void => useRuns.setState((state) => ({ list: showFresh(state.list) }));

export const selectRun = (runId: string, isSelected: boolean): void =>
  useRuns.setState((state) => {
    const selected = new Set(state.selected);
    if (isSelected) selected.add(runId);
    else selected.delete(runId);
    return { selected };
  });
/** Every run on screen so far, or none. */
export const selectAllRuns = (isSelected: boolean): void =>
  useRuns.setState((state) => ({ selected: new Set(isSelected ? state.list.rows.map((run) => run.runId) : []) }));
