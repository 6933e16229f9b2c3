import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import type { FoundRun, SearchIndexState } from '../../../shared/model/run-search.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { filterQuery, parseRunFilter } from './run-filter.ts';

/** So many runs are shown at first, and with each press on "more". */
const RUNS_A_PAGE = 10;
const PLACES = 3;
/** A page may bring nothing and yet go on: so many are asked for before somebody is asked whether to go on. */
const MOST_PAGES = 25;

/** Runs that hold the text, and whether there may be older ones. */
export interface Found {
  readonly runs: readonly FoundRun[];
  readonly nextCursor: string | null;
  readonly index: SearchIndexState;
}

/** Where the text of a filter stands in values, logs, errors, tool arguments and comments; by the address of the filter. */
export const foundRuns = createLiveQuery<Found, string>({
  ask: (address, before) => look(address, Math.max(RUNS_A_PAGE, before?.runs.length ?? 0), null),
  dueOn: (event) =>
    event.kind === 'run_deleted' || (event.kind === 'run' && event.run.completedAt !== null) ? 'soon' : null,
  soonMs: 3000,
});

/** Goes on behind what is shown. Rejects with what the operation answers. */
export async function findMore(): Promise<void> {
  const { key, data } = foundRuns.store.getState();
  const shown = data.value;
  if (key === null || shown === null || shown.nextCursor === null) return;
  const more = await look(key, RUNS_A_PAGE, shown.nextCursor);
  if (foundRuns.store.getState().key !== key) return;
  const known = new Set(shown.runs.map(({ run }) => run.runId));
  foundRuns.change(() => ({
    ...more,
    runs: [...shown.runs, ...more.runs.filter(({ run }) => !known.has(run.runId))],
  }));
}

async function look(address: string, wanted: number, from: string | null): Promise<Found> {
  const { text = '', ...filter } = filterQuery(parseRunFilter(new URLSearchParams(address)), Date.now());
  const query: InputOf<'runs.search'> = { ...filter, text, places: PLACES };
  const runs: FoundRun[] = [];
  let cursor = from;
  for (let pages = 1; ; pages += 1) {
    const page: OutputOf<'runs.search'> = await call('runs.search', {
      ...query,
      limit: Math.min(100, wanted - runs.length),
      ...(cursor === null ? {} : { cursor }),
    });
    runs.push(...page.runs);
    cursor = page.nextCursor;
    if (cursor === null || runs.length >= wanted || pages === MOST_PAGES)
      return { runs, nextCursor: cursor, index: page.index };
  }
}
