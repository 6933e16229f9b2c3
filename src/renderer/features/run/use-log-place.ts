import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type LogPages, rowCountOf } from './log-pages.ts';
import { fractionOfRow, keepPlace, LOG_ROW_PX, type LogExtent, scrollOfFraction, viewAt } from './log-scroll.ts';

export interface LogTarget {
  readonly row: number;
  /** Counts up, so that the same row can be asked for twice. */
  readonly ask: number;
}

/** Where the view of a log is; written while it is drawn, so that growth and moving never disagree. */
export interface LogPlace {
  extent: LogExtent;
  /** 0 = the first line, 1 = the end. */
  fraction: number;
  /** The scroll position that was set here, to tell it from one that the browser set; -1 = none. */
  written: number;
}

interface PlaceOptions {
  readonly pages: LogPages;
  readonly target: LogTarget | null;
  readonly isFollowing: boolean;
  readonly isWrapped: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly boxRef: RefObject<HTMLDivElement | null>;
  readonly sheetRef: RefObject<HTMLDivElement | null>;
}

/** The place in a log: at the end while following, else the same lines stay where they are, however it grows. */
export function useLogPlace({ pages, target, isFollowing, isWrapped, onFollow, boxRef, sheetRef }: PlaceOptions) {
  const rows = rowCountOf(pages);
  const viewportPx = useHeight(boxRef);
  const [, setFraction] = useState(1);
  const [wrappedPx, setWrappedPx] = useState(LOG_ROW_PX);
  const extent: LogExtent = { rows, viewportPx, rowPx: isWrapped ? wrappedPx : LOG_ROW_PX };
  const place = useRef<LogPlace>({ extent, fraction: 1, written: -1 });
  const moveTo = useCallback((next: number): void => {
    place.current.fraction = next;
    setFraction(next);
  }, []);

  const before = place.current.extent;
  if (before.rows !== rows || before.viewportPx !== viewportPx || before.rowPx !== extent.rowPx)
    place.current = { ...place.current, extent, fraction: keepPlace(before, extent, place.current.fraction) };
  if (isFollowing) place.current.fraction = 1;
  const shown = place.current.fraction;
  const view = viewAt(extent, shown);

  useLayoutEffect(() => {
    const box = boxRef.current;
    const sheet = sheetRef.current;
    if (box === null || sheet === null) return;
    const anchor = sheet.querySelector<HTMLElement>(`[data-row="${view.anchor}"]`);
    const height = isWrapped ? (anchor?.offsetHeight ?? LOG_ROW_PX) : LOG_ROW_PX;
    sheet.style.transform = `translateY(${Math.round(view.anchorPx - view.anchorPart * height)}px)`;
    // Few wrapped lines, all of them drawn: their true height is known, so the end can be reached.
    const isWhole = isWrapped && rows > 0 && view.first === 0 && view.last === rows - 1;
    const mean = isWhole ? heightOf(sheet) / rows : LOG_ROW_PX;
    if (Math.abs(mean - wrappedPx) > 0.5) setWrappedPx(mean);
    const top = scrollOfFraction(place.current.extent, shown);
    if (Math.abs(box.scrollTop - top) < 1) return;
    box.scrollTop = top;
    place.current.written = box.scrollTop;
  });
  useEffect(() => {
    if (target === null) return;
    onFollow(false);
    moveTo(fractionOfRow(place.current.extent, target.row));
  }, [target, moveTo, onFollow]);

  const movedTo = useCallback(
    (next: number): void => {
      if (next < place.current.fraction) onFollow(false);
      moveTo(next);
    },
    [moveTo, onFollow],
  );
  const toEnd = useCallback((): void => {
    moveTo(1);
    onFollow(true);
  }, [moveTo, onFollow]);
  return { place, view, extent, movedTo, toEnd };
}

/** The lines above the anchor hang outside the sheet. */
function heightOf(sheet: HTMLElement): number {
  const above = sheet.firstElementChild;
  return sheet.offsetHeight + (above instanceof HTMLElement ? above.offsetHeight : 0);
}

function useHeight(boxRef: RefObject<HTMLDivElement | null>): number {
  const [height, setHeight] = useState(240);
  useLayoutEffect(() => {
    const box = boxRef.current;
    if (box === null) return;
    const observer = new ResizeObserver(() => setHeight(box.clientHeight));
    observer.observe(box);
    setHeight(box.clientHeight);
    return () => observer.disconnect();
  }, [boxRef]);
  return height;
}
