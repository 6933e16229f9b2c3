import { type RefObject, useEffect, useRef } from 'react';
import { shortcutKeys } from './shortcuts.ts';

const BUSY =
  'input, textarea, select, button, a, [role="menu"], [role="dialog"], [role="listbox"], [role="checkbox"], [role="tab"], [contenteditable]';

/** How far a key moves in a list; `Infinity` = to its end. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The row that a key leads to, or null when the key moves nothing. `at` is -1 while no row is marked. */
export function rowAfterKey(key: string, at: number, count: number): number | null {
  const step = key === shortcutKeys('next') ? 1 : key === shortcutKeys('previous') ? -1 : STEPS[key];
  if (step === undefined || count === 0) return null;
  if (at < 0 && Number.isFinite(step)) return 0;
  return Math.max(0, Math.min(count - 1, Math.max(0, at) + step));
}

/** Keys of a list work wherever nothing else wants them: not in fields, menus, dialogs, on buttons and links. */
export function useListKeys(onKey: (event: KeyboardEvent) => boolean): void {
  const latest: RefObject<typeof onKey> = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const take = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(BUSY) != null || document.querySelector('[role="dialog"]') !== null) return;
      if (latest.current(event)) event.preventDefault();
    };
    document.addEventListener('keydown', take);
    return () => document.removeEventListener('keydown', take);
  }, []);
}
