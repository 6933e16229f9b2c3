import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from '../../ui/class-names.ts';
import { LogLineView } from './log-line.tsx';
import { type LogPages, lineAt, rowCountOf } from './log-pages.ts';
import {
  fractionOfRow,
  fractionOfScroll,
  keepPlace,
  LOG_ROW_PX,
  type LogExtent,
  moveBy,
  scrollHeightOf,
  scrollOfFraction,
  viewAt,
} from './log-scroll.ts';

export interface LogTarget {
  readonly row: number;
  /** Counts up, so that the same row can be asked for twice. */
  readonly ask: number;
}

interface LogViewProps {
  readonly pages: LogPages;
  readonly query: string;
  /** The line number of the current search hit. */
  readonly hitLine: number | null;
  readonly target: LogTarget | null;
  readonly isFollowing: boolean;
  readonly isWrapped: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly onShow: (first: number, last: number) => void;
}

/**
 * A window on the log. The scroll bar is the browser's; wheel and keys move by pixels of text, which matters where a million
 * lines share eight million pixels. Only a person moves the view away from the end: growth of the log never does.
 */
export function LogView({ pages, query, hitLine, target, isFollowing, isWrapped, onFollow, onShow }: LogViewProps) {
  const { t } = useTranslation('run');
  const boxRef = useRef<HTMLDivElement>(null);
  const sheetRef = useRef<HTMLDivElement>(null);
  const rows = rowCountOf(pages);
  const [viewportPx, setViewportPx] = useState(240);
  const [, setFraction] = useState(1);
  const [wrappedPx, setWrappedPx] = useState(LOG_ROW_PX);
  const extent: LogExtent = { rows, viewportPx, rowPx: isWrapped ? wrappedPx : LOG_ROW_PX };
  const place = useRef({ extent, fraction: 1, written: -1 });

  const moveTo = useCallback((next: number): void => {
    place.current.fraction = next;
    setFraction(next);
  }, []);

  useLayoutEffect(() => {
    const box = boxRef.current;
    if (box === null) return;
    const observer = new ResizeObserver(() => setViewportPx(box.clientHeight));
    observer.observe(box);
    setViewportPx(box.clientHeight);
    return () => observer.disconnect();
  }, []);

  // Growth: at the end while following, else the same lines stay where they are.
  const before = place.current.extent;
  if (before.rows !== rows || before.viewportPx !== viewportPx || before.rowPx !== extent.rowPx) {
    place.current = { ...place.current, extent, fraction: keepPlace(before, extent, place.current.fraction) };
  }
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
    const aboveHeight = sheet.firstElementChild instanceof HTMLElement ? sheet.firstElementChild.offsetHeight : 0;
    const mean = isWhole ? (sheet.offsetHeight + aboveHeight) / rows : LOG_ROW_PX;
    if (Math.abs(mean - wrappedPx) > 0.5) setWrappedPx(mean);
    const top = scrollOfFraction(place.current.extent, shown);
    if (Math.abs(box.scrollTop - top) >= 1) {
      box.scrollTop = top;
      place.current.written = box.scrollTop;
    }
  });

  useEffect(() => onShow(view.first, view.last), [onShow, view.first, view.last]);
  useEffect(() => {
    if (target === null) return;
    onFollow(false);
    moveTo(fractionOfRow(place.current.extent, target.row));
  }, [target, moveTo, onFollow]);

  /** A person moved the view. */
  const movedTo = useCallback(
    (next: number): void => {
      if (next < place.current.fraction) onFollow(false);
      moveTo(next);
    },
    [moveTo, onFollow],
  );
  useWheel(boxRef, (deltaPx) => movedTo(moveBy(place.current.extent, place.current.fraction, deltaPx)));

  const onScroll = (): void => {
    const box = boxRef.current;
    if (box === null || Math.abs(box.scrollTop - place.current.written) < 1) return;
    place.current.written = -1;
    // The browser moves the view by itself when it gets higher; who is at the end stays there.
    const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
    if (isFollowing && isAtEnd) return;
    const next = fractionOfScroll(place.current.extent, box.scrollTop);
    const own = scrollOfFraction(place.current.extent, place.current.fraction);
    if (Math.abs(own - box.scrollTop) >= 1) movedTo(next);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = viewportPx - LOG_ROW_PX;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: LOG_ROW_PX,
      ArrowUp: -LOG_ROW_PX,
      PageDown: page,
      PageUp: -page,
    };
    const delta = steps[event.key];
    if (delta !== undefined) movedTo(moveBy(place.current.extent, place.current.fraction, delta));
    else if (event.key === 'Home') movedTo(0);
    else if (event.key === 'End') {
      moveTo(1);
      onFollow(true);
    } else return;
    event.preventDefault();
  };

  const line = (row: number) => {
    const found = lineAt(pages, row);
    return (
      <LogLineView
        key={row}
        row={row}
        line={found}
        query={query}
        isHit={found !== null && found.line === hitLine}
        isWide={pages.total > 99_999}
      />
    );
  };
  const above = rangeOf(view.first, view.anchor - 1);
  const below = rangeOf(view.anchor, view.last);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own
    <div
      ref={boxRef}
      className={classNames('log', isWrapped && 'wrap')}
      role="region"
      aria-label={t('log.name')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: Math.max(scrollHeightOf(extent), 1) }}>
        <div className="window" style={{ height: Math.min(viewportPx, Math.max(scrollHeightOf(extent), 1)) }}>
          <div className="anchor" ref={sheetRef}>
            <div className="above">{above.map(line)}</div>
            {below.map(line)}
          </div>
        </div>
      </div>
    </div>
  );
}

const rangeOf = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);

/** Wheel movements in pixels; sideways ones stay with the browser. */
function useWheel(boxRef: React.RefObject<HTMLDivElement | null>, onMove: (deltaPx: number) => void): void {
  const latest = useRef(onMove);
  latest.current = onMove;
  useEffect(() => {
    const box = boxRef.current;
    if (box === null) return;
    const take = (event: WheelEvent): void => {
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      const unit = event.deltaMode === 1 ? LOG_ROW_PX : event.deltaMode === 2 ? box.clientHeight : 1;
      event.preventDefault();
      latest.current(event.deltaY * unit);
    };
    box.addEventListener('wheel', take, { passive: false });
    return () => box.removeEventListener('wheel', take);
  }, [boxRef]);
}
