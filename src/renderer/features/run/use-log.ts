import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorRecord } from '../../../shared/errors.ts';
import { call } from '../../client/bridge.ts';
import { useReading } from '../../client/use-reading.ts';
import { filterInput, isFiltering, type LogFilter } from './log-filter.ts';
import {
  growTo,
  type LogPages,
  markStale,
  missingPages,
  nextSearch,
  openPages,
  type PageRequest,
  tailRequest,
  takePage,
} from './log-pages.ts';

interface LogSource {
  readonly runId: string;
  readonly total: number;
  /** Changes when lines that go on read otherwise. */
  readonly revision: number;
  readonly filter: LogFilter;
  readonly isFollowing: boolean;
}

interface LogHandle {
  readonly pages: LogPages;
  readonly error: ErrorRecord | null;
  /** Tells which rows are in view; what is missing of them is fetched. */
  readonly show: (first: number, last: number) => void;
  /** With a filter: looks for further lines; `toEnd` goes on until there are no more. */
  readonly findMore: (toEnd: boolean) => void;
  readonly retry: () => void;
}

/** The lines of a run's log, a window of them in memory. Only one request is on its way; the newest wish comes next. */
export function useLog({ runId, total, revision, filter, isFollowing }: LogSource): LogHandle {
  const key = `${runId}\n${filter.path}\n${filter.level}`;
  const [pages, setPages] = useState(() => openPages(total, isFiltering(filter)));
  const live = useRef({
    key,
    pages,
    wish: { first: 0, last: 0 },
    isSeeking: false,
    toEnd: false,
    latest: total,
  });

  const put = useCallback((next: LogPages): void => {
    live.current.pages = next;
    setPages(next);
  }, []);

  const { error, read } = useReading(async () => {
    const state = live.current;
    const startKey = state.key;
    for (let request = nextOf(state); request !== null && state.key === startKey; request = nextOf(state)) {
      const { page: _page, ...range } = request;
      const reach = state.pages.total;
      const answer = await call('runs.log', { runId, ...range, ...filterInput(filter) });
      if (state.key !== startKey) break;
      if (!state.toEnd) state.isSeeking = false;
      const before = state.pages;
      // With a filter the answer counts matching lines; how far it looked is what the log had when it was asked.
      put(takePage(before, request, before.isFiltered ? { lines: answer.lines, total: reach } : answer));
      if (isStuck(before, state.pages, request)) break;
    }
  });

  if (live.current.key !== key) {
    Object.assign(live.current, { key, pages: openPages(total, isFiltering(filter)), isSeeking: false, toEnd: false });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key starts anew with the total of that moment
  useEffect(() => {
    put(openPages(total, isFiltering(filter)));
    live.current.wish = { first: 0, last: 0 };
    live.current.isSeeking = isFiltering(filter);
    read();
  }, [key]);
  useEffect(() => {
    live.current.latest = total;
    // At the end new lines are fetched first and shown when they are here; elsewhere only the length matters.
    const { pages: now } = live.current;
    const grown = isFollowing && !now.isFiltered && now.total > 0 ? now : growTo(now, total);
    if (grown !== now) put(grown);
    read();
  }, [total, isFollowing, put, read]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the word that something reads otherwise is all that counts
  useEffect(() => {
    put(markStale(live.current.pages));
    read();
  }, [revision, put, read]);

  const show = useCallback(
    (first: number, last: number): void => {
      live.current.wish = { first, last };
      read();
    },
    [read],
  );
  const findMore = useCallback(
    (toEnd: boolean): void => {
      live.current.isSeeking = true;
      live.current.toEnd = toEnd;
      read();
    },
    [read],
  );
  return { pages, error, show, findMore, retry: read };
}

interface Wishes {
  readonly pages: LogPages;
  readonly wish: { readonly first: number; readonly last: number };
  readonly isSeeking: boolean;
  /** Lines that the log has by the newest word, seen or not. */
  readonly latest: number;
}

/** What is in view comes first, then what a filter still has to find. */
function nextOf({ pages, wish, isSeeking, latest }: Wishes): PageRequest | null {
  const inView = missingPages(pages, wish.first, wish.last)[0];
  if (inView !== undefined) return inView;
  if (!pages.isFiltered && latest > pages.total) return tailRequest(pages);
  return isSeeking ? nextSearch(pages) : null;
}

/** The store has fewer lines than it announced: wait for the next word about it instead of asking in a circle. */
const isStuck = (before: LogPages, after: LogPages, { page }: PageRequest): boolean =>
  before.pages.get(page)?.length === after.pages.get(page)?.length &&
  before.stale.size === after.stale.size &&
  before.found === after.found &&
  before.scannedTotal === after.scannedTotal &&
  before.starts.length === after.starts.length;
