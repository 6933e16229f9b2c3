import { create } from 'zustand';
import type { TriggerDetail } from '../../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import { OCCURRENCE_STATES, type Occurrence, type OccurrenceState } from '../../../shared/model/trigger.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery, type LiveQuery } from '../../client/live-query.ts';
import { type RowPages, readPages } from '../../client/row-pages.ts';
import { createCalendarQuery } from '../../client/trigger-queries.ts';
import { type InboxRow, inbox, olderRows } from './inbox.ts';
import type { LedgerShow } from './triggers-address.ts';

/** The week on the screen. */
export const weekCalendar = createCalendarQuery();

const isAboutTriggers = ({ kind }: { readonly kind: string }): 'soon' | null => (kind === 'triggers' ? 'soon' : null);

/** One trigger with what a person sees before arming it, by its key. */
export const shownTrigger: LiveQuery<TriggerDetail, string> = createLiveQuery<TriggerDetail, string>({
  ask: (trigger) => call('triggers.get', { trigger }),
  dueOn: (event) => (event.kind === 'library' ? 'soon' : isAboutTriggers(event)),
  soonMs: 150,
});

const ODD: readonly OccurrenceState[] = [
  'claimed',
  'caught_up',
  'skipped_overlap',
  'skipped_paused',
  'missed',
  'failed_to_start',
];
const STATES: Readonly<Record<LedgerShow, readonly OccurrenceState[] | null>> = {
  odd: ODD,
  all: null,
  planned: ['planned'],
};

/** Which starts the table shows. */
export interface LedgerQuery {
  readonly show: LedgerShow;
  readonly trigger: string | null;
}
export const ledgerKey = ({ show, trigger }: LedgerQuery): string => JSON.stringify([show, trigger]);

interface Ledger extends RowPages<Occurrence> {
  /** How many starts each filter shows. */
  readonly counts: Readonly<Record<LedgerShow, number>>;
}

const sumOf = (counts: Readonly<Partial<Record<OccurrenceState, number>>>): Ledger['counts'] => {
  const of = (states: readonly OccurrenceState[]): number =>
    states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return { odd: of(ODD), all: of(OCCURRENCE_STATES), planned: of(['planned']) };
};

const parseKey = (key: string) => {
  const [show, trigger] = JSON.parse(key) as [LedgerShow, string | null];
  return { show, ofTrigger: trigger === null ? {} : { trigger } };
};

const startsOf = (key: string) => {
  const { show, ofTrigger } = parseKey(key);
  const states = STATES[show];
  return async (last: Occurrence | undefined, limit: number): Promise<readonly Occurrence[]> => {
    const filter = {
      ...(states === null ? {} : { states: [...states] }),
      ...ofTrigger,
      ...(last === undefined ? {} : { after: { triggerKey: last.triggerKey, plannedAt: last.plannedAt } }),
    };
    return (await call('occurrences.list', { ...filter, limit })).occurrences;
  };
};

/** What became of each start, the latest planned first, by `ledgerKey`. */
export const ledger = createLiveQuery<Ledger, string>({
  ask: async (key, before) => {
    const [pages, counts] = await Promise.all([
      readPages(startsOf(key), before?.rows.length ?? 0),
      call('occurrences.counts', parseKey(key).ofTrigger),
    ]);
    return { ...pages, counts: sumOf(counts) };
  },
  dueOn: isAboutTriggers,
  soonMs: 500,
});

interface Paging {
  readonly isLoading: boolean;
  readonly error: ErrorRecord | null;
}
const STILL: Paging = { isLoading: false, error: null };
export const usePaging = create<{ readonly starts: Paging; readonly deliveries: Paging }>()(() => ({
  starts: STILL,
  deliveries: STILL,
}));

const PAGE = 1000;

/** The next older starts, when there are any and none are on their way. */
export const loadMoreStarts = (): Promise<void> =>
  loadMore<Occurrence, Ledger>('starts', ledger, (key, rows) => readPages(startsOf(key), PAGE, rows));

/** The next older rows of the inbox. */
export const loadMoreDeliveries = (): Promise<void> =>
  loadMore('deliveries', inbox, (key, rows: readonly InboxRow[]) => olderRows(key, rows, PAGE));

async function loadMore<T, P extends RowPages<T>>(
  name: 'starts' | 'deliveries',
  query: LiveQuery<P, string>,
  read: (key: string, rows: readonly T[]) => Promise<RowPages<T>>,
): Promise<void> {
  const { key, data } = query.store.getState();
  if (key === null || data.status !== 'ready' || data.value.isWhole || usePaging.getState()[name].isLoading) return;
  const set = (paging: Paging): void => usePaging.setState({ [name]: paging });
  set({ isLoading: true, error: null });
  try {
    const pages = await read(key, data.value.rows);
    if (query.store.getState().key === key) query.change((shown) => ({ ...shown, ...pages }));
    set(STILL);
  } catch (thrown) {
    set({ isLoading: false, error: toErrorRecord(thrown) });
  }
}
