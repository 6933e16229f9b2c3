import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from '../../ui/class-names.ts';
import { isShortcut } from '../../ui/shortcuts.ts';
import { LogLineView } from './log-line.tsx';
import { type LogPages, lineAt } from './log-pages.ts';
import { fractionOfScroll, LOG_ROW_PX, moveBy, scrollHeightOf, scrollOfFraction } from './log-scroll.ts';
import { type LogPlace, type LogTarget, useLogPlace } from './use-log-place.ts';

interface LogViewProps {
  readonly pages: LogPages;
  readonly query: string;
  readonly runId: string;
  /** The line that is pointed at. */
  readonly markedLine: number | null;
  readonly target: LogTarget | null;
  readonly isFollowing: boolean;
  readonly isWrapped: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly onShow: (first: number, last: number) => void;
  readonly onFirstError: () => void;
}

/**
 * A window on the log. The scroll bar is the browser's; wheel and keys move by pixels of text, which matters where a million
 * lines share eight million pixels. Only a person moves the view away from the end: growth of the log never does.
 */
export function LogView(props: LogViewProps) {
  const { pages, query, runId, markedLine, isWrapped, onShow } = props;
  const { t } = useTranslation('run');
  const boxRef = useRef<HTMLDivElement>(null);
  const sheetRef = useRef<HTMLDivElement>(null);
  const { place, view, movedTo, toEnd, extent } = useLogPlace({ ...props, boxRef, sheetRef });
  useWheel(boxRef, (deltaPx) => movedTo(moveBy(place.current.extent, place.current.fraction, deltaPx)));
  useEffect(() => onShow(view.first, view.last), [onShow, view.first, view.last]);
  const line = (row: number) => {
    const found = lineAt(pages, row);
    const isHit = found !== null && found.line === markedLine;
    const look = { runId, query, isHit, isWide: pages.total > 99_999 };
    return <LogLineView key={row} row={row} line={found} {...look} />;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own
    <div
      ref={boxRef}
      className={classNames('log', isWrapped && 'wrap')}
      role="region"
      aria-label={t('log.name')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
      tabIndex={0}
      onScroll={() => onBrowserScroll(boxRef.current, place.current, { isFollowing: props.isFollowing, movedTo })}
      onKeyDown={(event) => onKey(event, place.current, { movedTo, toEnd, toError: props.onFirstError })}
    >
      <div style={{ height: Math.max(scrollHeightOf(extent), 1) }}>
        <div className="window" style={{ height: Math.min(extent.viewportPx, Math.max(scrollHeightOf(extent), 1)) }}>
          <div className="anchor" ref={sheetRef}>
            <div className="above">{rangeOf(view.first, view.anchor - 1).map(line)}</div>
            {rangeOf(view.anchor, view.last).map(line)}
          </div>
        </div>
      </div>
    </div>
  );
}

interface Moves {
  /** A person moved the view. */
  readonly movedTo: (fraction: number) => void;
  readonly toEnd: () => void;
  readonly toError: () => void;
}

/** The browser scrolled: by a hand at its scroll bar, or by itself. */
function onBrowserScroll(
  box: HTMLDivElement | null,
  place: LogPlace,
  { isFollowing, movedTo }: Pick<Moves, 'movedTo'> & { readonly isFollowing: boolean },
): void {
  if (box === null || Math.abs(box.scrollTop - place.written) < 1) return;
  place.written = -1;
  // The browser moves the view by itself when it gets higher; who is at the end stays there.
  const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
  if (isFollowing && isAtEnd) return;
  const own = scrollOfFraction(place.extent, place.fraction);
  if (Math.abs(own - box.scrollTop) >= 1) movedTo(fractionOfScroll(place.extent, box.scrollTop));
}

function onKey(event: React.KeyboardEvent, { extent, fraction }: LogPlace, { movedTo, toEnd, toError }: Moves): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const page = extent.viewportPx - LOG_ROW_PX;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: LOG_ROW_PX,
    ArrowUp: -LOG_ROW_PX,
    PageDown: page,
    PageUp: -page,
  };
  const delta = steps[event.key];
  if (delta !== undefined) movedTo(moveBy(extent, fraction, delta));
  else if (event.key === 'Home') movedTo(0);
  else if (event.key === 'End') toEnd();
  else if (isShortcut('firstError', event)) toError();
  else return;
  event.preventDefault();
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
