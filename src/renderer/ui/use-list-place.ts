import { useLayoutEffect, useRef, useState } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/** Where somebody was in a list. */
interface ListPlace {
  readonly top: number;
  /** The row that keys act on. */
  readonly marked: string | null;
}

const MOST_KEPT = 100;
const places = new Map<string, ListPlace>();

function keep(entry: string, place: ListPlace): void {
  places.delete(entry);
  places.set(entry, place);
  const [oldest] = places.keys();
  if (places.size > MOST_KEPT && oldest !== undefined) places.delete(oldest);
}

/**
 * The place in a list that its entry in the history was left at, where Back or Forward came to it again; else null. `now` gives the
 * place at any time; the newest one is kept when the list goes away.
 */
export function useListPlace(name: string, now: () => ListPlace): ListPlace | null {
  const { key } = useLocation();
  const isBack = useNavigationType() === 'POP';
  const entry = `${key} ${name}`;
  const [before] = useState(() => (isBack ? (places.get(entry) ?? null) : null));
  const latest = useRef({ entry, now });
  latest.current = { entry, now };
  // A layout effect ends while the list still stands in the page.
  useLayoutEffect(() => () => keep(latest.current.entry, latest.current.now()), []);
  return before;
}
