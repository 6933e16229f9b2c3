import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorRecord } from '../../../shared/errors.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';

const SETTLE_MS = 200;
const AGAIN_MS = 2000;
const MAX_HITS = 10_000;

export interface LogSearch {
  /** The text that the hits belong to. */
  readonly query: string;
  readonly lines: readonly number[];
  readonly total: number;
  /** Index in `lines`; -1 when nothing was found. */
  readonly current: number;
  readonly isBusy: boolean;
  readonly error: ErrorRecord | null;
  readonly go: (step: 1 | -1) => void;
}

interface Hits {
  readonly query: string;
  readonly lines: readonly number[];
  readonly total: number;
}
const NONE: Hits = { query: '', lines: [], total: 0 };

/** From the end, where people look first; with more hits than were given, from the beginning. */
const firstPlace = ({ lines, total }: Hits): number => (total > lines.length ? 0 : lines.length - 1);

/**
 * The hits of a text in a run's log. While the log grows they are asked for again every 2 s, however fast it grows, without
 * losing the place.
 */
export function useLogSearch(runId: string, text: string): LogSearch {
  const query = text.trim();
  const { data } = useOwnQuery<Hits, string>(
    {
      ask: async (asked) => ({
        query: asked,
        ...(await call('runs.searchLog', { runId, text: asked, limit: MAX_HITS })),
      }),
      settleMs: SETTLE_MS,
      dueOn: (event) => (event.kind === 'log' && event.runId === runId ? 'soon' : null),
      soonMs: AGAIN_MS,
    },
    query === '' ? null : query,
  );
  const shown = useRef(NONE);
  if (query === '') shown.current = NONE;
  else if (data.value !== null) shown.current = data.value;
  const hits = shown.current;

  const [place, setPlace] = useState({ query: '', current: -1 });
  useEffect(() => {
    setPlace((before) =>
      before.query === hits.query && before.current >= 0 ? before : { query: hits.query, current: firstPlace(hits) },
    );
  }, [hits]);
  const count = hits.lines.length;
  const go = useCallback(
    (step: 1 | -1): void =>
      setPlace((now) => ({ ...now, current: count === 0 ? -1 : (now.current + step + count) % count })),
    [count],
  );
  return {
    ...hits,
    current: place.query === hits.query ? place.current : firstPlace(hits),
    isBusy: query !== '' && data.status === 'loading',
    error: data.status === 'error' ? data.error : null,
    go,
  };
}
