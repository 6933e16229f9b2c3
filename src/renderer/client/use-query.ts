import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ErrorRecord } from '../../shared/errors.ts';
import { createLiveQuery, type LiveQuery, type LiveQuerySpec } from './live-query.ts';
import { type Loadable, loading } from './loadable.ts';

/** What is known of a query that is shared by parts of the screen. */
export const useQuery = <T, K>(query: LiveQuery<T, K>): Loadable<T> => useStore(query.store, ({ data }) => data);

interface Known<T> {
  readonly value: T | null;
  readonly error: ErrorRecord | null;
}

/** Follows a shared query on `key` while this part of the screen is there; what is known of another key is not shown. */
export function useQueryOf<T, K extends string | number>(query: LiveQuery<T, K>, key: K): Known<T> {
  useEffect(() => query.open(key), [query, key]);
  const state = useStore(query.store);
  const data: Loadable<T> = state.key === key ? state.data : loading();
  return { value: data.value, error: data.status === 'error' ? data.error : null };
}

/** What is written in files may be another when somebody comes back to the window: then it is asked for again. */
export function useFreshOnFocus({ refresh }: Pick<LiveQuery<unknown, never>, 'refresh'>): void {
  useEffect(() => {
    const again = (): void => void refresh();
    window.addEventListener('focus', again);
    return () => window.removeEventListener('focus', again);
  }, [refresh]);
}

interface OwnQuery<T> {
  readonly data: Loadable<T>;
  readonly refresh: () => void;
}

/**
 * A query of this part of the screen alone, followed while it is there. `key` null: there is nothing to ask yet. Another `stamp`
 * asks again and keeps what is shown. `spec` is the one of the first drawing.
 */
export function useOwnQuery<T, K extends string | number>(
  spec: LiveQuerySpec<T, K>,
  key: K | null,
  stamp: unknown = null,
): OwnQuery<T> {
  const [query] = useState(() => createLiveQuery<T, K>(spec));
  const state = useStore(query.store);
  useEffect(() => (key === null ? undefined : query.open(key)), [query, key]);
  const asked = useRef({ key, stamp });
  useEffect(() => {
    const before = asked.current;
    asked.current = { key, stamp };
    if (before.key === key && !Object.is(before.stamp, stamp)) void query.refresh();
  }, [query, key, stamp]);
  const refresh = useCallback((): void => void query.refresh(), [query]);
  return { data: state.key === key ? state.data : loading(), refresh };
}
