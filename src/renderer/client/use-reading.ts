import { useCallback, useEffect, useRef, useState } from 'react';
import { type ErrorRecord, toErrorRecord } from '../../shared/errors.ts';
import { listenLive } from './live.ts';
import { createRefetcher } from './refetcher.ts';

interface Reading {
  /** Why the newest piece did not come; null once one came again. */
  readonly error: ErrorRecord | null;
  /** Reads on; while it reads already, once more after that. */
  readonly read: () => void;
}

/**
 * Reading of something long, piece by piece: one request at a time, with the wishes of the newest drawing. What failed is tried again
 * when the app is heard again.
 */
export function useReading(work: () => Promise<void>): Reading {
  const latest = useRef(work);
  latest.current = work;
  const isThere = useRef(true);
  const hasFailed = useRef(false);
  const [error, setError] = useState<ErrorRecord | null>(null);
  const [read] = useState(() =>
    createRefetcher(async () => {
      let problem: ErrorRecord | null = null;
      try {
        await latest.current();
      } catch (thrown) {
        problem = toErrorRecord(thrown);
      }
      hasFailed.current = problem !== null;
      if (isThere.current) setError(problem);
    }),
  );
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  useEffect(
    () =>
      listenLive((messages) => {
        if (hasFailed.current && messages.some(({ kind }) => kind === 'resync')) void read();
      }),
    [read],
  );
  return { error, read: useCallback(() => void read(), [read]) };
}
