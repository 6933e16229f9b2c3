import { useCallback, useEffect, useRef, useState } from 'react';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { StoredEvent } from '../../../shared/model/events.ts';
import { getClient } from '../../client/bridge.ts';

const PAGE = 200;
const MAX_PAGES = 40;

interface EventPages {
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly StoredEvent[]>;
}

/** Events of a run by their number, which counts from 1 without gaps, so any page is one fetch away. */
export function useEvents(runId: string, position: number) {
  const [state, setState] = useState<EventPages>({ total: -1, pages: new Map() });
  const [error, setError] = useState<ErrorRecord | null>(null);
  const live = useRef({ state, runId, busy: new Set<number>() });

  const load = useCallback(
    async (page: number): Promise<void> => {
      const { busy } = live.current;
      if (busy.has(page)) return;
      busy.add(page);
      try {
        const { events, total } = await getClient().call('runs.events', { runId, afterSeq: page * PAGE, limit: PAGE });
        const pages = new Map(live.current.state.pages).set(page, events);
        const oldest = pages.keys().next().value;
        if (pages.size > MAX_PAGES && oldest !== undefined) pages.delete(oldest);
        live.current.state = { total, pages };
        setState(live.current.state);
        setError(null);
      } catch (thrown) {
        setError(toErrorRecord(thrown));
      } finally {
        busy.delete(page);
      }
    },
    [runId],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: every commit of the run may add events at the end
  useEffect(() => {
    const { total } = live.current.state;
    void load(total < 0 ? 0 : Math.floor(total / PAGE));
  }, [load, position]);

  const show = useCallback(
    (first: number, last: number): void => {
      for (let page = Math.floor(first / PAGE); page * PAGE <= last; page += 1) {
        const due = Math.min(PAGE, live.current.state.total - page * PAGE);
        if ((live.current.state.pages.get(page)?.length ?? -1) < due) void load(page);
      }
    },
    [load],
  );
  const eventAt = (index: number): StoredEvent | null =>
    state.pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  return { total: state.total, error, show, eventAt, retry: () => void load(0) };
}
