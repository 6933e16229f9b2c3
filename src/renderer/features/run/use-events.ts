import { useCallback, useEffect, useRef, useState } from 'react';
import type { StoredEvent } from '../../../shared/model/events.ts';
import { call } from '../../client/bridge.ts';
import { useReading } from '../../client/use-reading.ts';

const PAGE = 200;
const MAX_PAGES = 40;

interface EventPages {
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly StoredEvent[]>;
}

/** Events of a run by their number, which counts from 1 without gaps, so any page is one fetch away. */
export function useEvents(runId: string, position: number) {
  const [state, setState] = useState<EventPages>({ total: -1, pages: new Map() });
  const live = useRef({ state, wanted: new Set<number>() });
  const { error, read } = useReading(async () => {
    const { wanted } = live.current;
    for (const page of wanted) {
      const { events, total } = await call('runs.events', { runId, afterSeq: page * PAGE, limit: PAGE });
      wanted.delete(page);
      const pages = new Map(live.current.state.pages).set(page, events);
      const oldest = pages.keys().next().value;
      if (pages.size > MAX_PAGES && oldest !== undefined) pages.delete(oldest);
      live.current.state = { total, pages };
      setState(live.current.state);
    }
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: every commit of the run may add events at the end
  useEffect(() => {
    const { total } = live.current.state;
    live.current.wanted.add(total < 0 ? 0 : Math.floor(total / PAGE));
    read();
  }, [read, position]);

  const show = useCallback(
    (first: number, last: number): void => {
      const { state: known, wanted } = live.current;
      for (let page = Math.floor(first / PAGE); page * PAGE <= last; page += 1) {
        const due = Math.min(PAGE, known.total - page * PAGE);
        if ((known.pages.get(page)?.length ?? -1) < due) wanted.add(page);
      }
      if (wanted.size > 0) read();
    },
    [read],
  );
  const eventAt = (index: number): StoredEvent | null =>
    state.pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  return { total: state.total, error, show, eventAt, retry: read };
}
