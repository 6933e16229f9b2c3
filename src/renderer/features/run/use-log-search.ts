import { useCallback, useEffect, useRef, useState } from 'react';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import { getClient } from '../../client/bridge.ts';

const WAIT_MS = 200;
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

/** The hits of a text in a run's log; asked again while the log grows, without losing the place. */
export function useLogSearch(runId: string, text: string, logTotal: number): LogSearch {
  const [hits, setHits] = useState<Hits>(NONE);
  const [current, setCurrent] = useState(-1);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ErrorRecord | null>(null);
  const asked = useRef({ query: '', at: 0 });
  const query = text.trim();

  // biome-ignore lint/correctness/useExhaustiveDependencies: growth of the log asks again
  useEffect(() => {
    if (query === '') {
      asked.current = { query, at: 0 };
      setHits(NONE);
      setCurrent(-1);
      setError(null);
      setIsBusy(false);
      return;
    }
    let isOpen = true;
    const isNew = asked.current.query !== query;
    if (isNew) setIsBusy(true);
    const wait = isNew ? WAIT_MS : Math.max(WAIT_MS, asked.current.at + AGAIN_MS - Date.now());
    const timer = window.setTimeout(async () => {
      asked.current = { query, at: Date.now() };
      try {
        const found = await getClient().call('runs.searchLog', { runId, text: query, limit: MAX_HITS });
        if (!isOpen) return;
        setHits({ query, ...found });
        setError(null);
        // From the end, where people look first; with more hits than were given, from the beginning.
        if (isNew) setCurrent(found.total > found.lines.length ? 0 : found.lines.length - 1);
      } catch (thrown) {
        if (isOpen) setError(toErrorRecord(thrown));
      } finally {
        if (isOpen) setIsBusy(false);
      }
    }, wait);
    return () => {
      isOpen = false;
      window.clearTimeout(timer);
    };
  }, [runId, query, logTotal]);

  const count = hits.lines.length;
  const go = useCallback(
    (step: 1 | -1): void => setCurrent((now) => (count === 0 ? -1 : (now + step + count) % count)),
    [count],
  );
  return { ...hits, current, isBusy, error, go };
}
