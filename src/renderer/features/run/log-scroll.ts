/**
 * The place in a log of up to a million lines. Browsers cap the height of an element (Firefox at about 17.9 M px), so the
 * scrolled element is at most `MAX_SCROLL_PX` high and its scroll position is a fraction of the way, 0 to 1.
 *
 * One rule draws everything: at fraction f the row f * rows stands at f * viewport. For rows of one height this is plain
 * scrolling to the pixel; for wrapped rows it is right at both ends without knowing the height of a single row.
 */
export const LOG_ROW_PX = 20;
export const MAX_SCROLL_PX = 8_000_000;

export interface LogExtent {
  readonly rows: number;
  readonly viewportPx: number;
  /** Mean height of a row: the plain one, or what was measured where few wrapped lines are all drawn. */
  readonly rowPx?: number;
}
const rowPxOf = ({ rowPx = LOG_ROW_PX }: LogExtent): number => rowPx;

/** The height of the scrolled element. */
export const scrollHeightOf = (extent: LogExtent): number => Math.min(extent.rows * rowPxOf(extent), MAX_SCROLL_PX);

/** How far the content can move when every row has that height. */
const travelOf = (extent: LogExtent): number => Math.max(0, extent.rows * rowPxOf(extent) - extent.viewportPx);

const clamp = (value: number): number => (value > 0 ? Math.min(1, value) : 0);

export function fractionOfScroll(extent: LogExtent, scrollTop: number): number {
  const way = scrollHeightOf(extent) - extent.viewportPx;
  return way <= 0 ? 0 : clamp(scrollTop / way);
}

export const scrollOfFraction = (extent: LogExtent, fraction: number): number =>
  Math.max(0, scrollHeightOf(extent) - extent.viewportPx) * fraction;

/** The fraction after moving by so many pixels of text. */
export function moveBy(extent: LogExtent, fraction: number, deltaPx: number): number {
  const travel = travelOf(extent);
  return travel === 0 ? 0 : clamp(fraction + deltaPx / travel);
}

/** The fraction that keeps the same lines in view when the log has grown from `before` to `after`. */
export function keepPlace(before: LogExtent, after: LogExtent, fraction: number): number {
  const travel = travelOf(after);
  return travel === 0 ? 0 : clamp((fraction * travelOf(before)) / travel);
}

/** The fraction at which the row stands in the middle of the viewport. */
export function fractionOfRow(extent: LogExtent, row: number): number {
  const travel = travelOf(extent);
  return travel === 0 ? 0 : clamp(((row + 0.5) * rowPxOf(extent) - extent.viewportPx / 2) / travel);
}

export interface LogView {
  /** The row that is held in place, how much of it stands above the line, and where that line is. */
  readonly anchor: number;
  readonly anchorPart: number;
  readonly anchorPx: number;
  /** Rows to draw, `last` included; empty log: last < first. */
  readonly first: number;
  readonly last: number;
}

/** Which rows to draw at a fraction: those in view and a few around. */
export function viewAt(extent: LogExtent, fraction: number, around = 4): LogView {
  const { rows, viewportPx } = extent;
  const fits = travelOf(extent) === 0;
  const place = fits ? 0 : fraction * rows;
  const anchor = Math.max(0, Math.min(rows - 1, Math.floor(place)));
  const anchorPx = fits ? 0 : fraction * viewportPx;
  return {
    anchor,
    anchorPart: rows === 0 ? 0 : place - anchor,
    anchorPx,
    first: Math.max(0, anchor - Math.ceil(anchorPx / LOG_ROW_PX) - around),
    last: Math.min(rows - 1, anchor + Math.ceil((viewportPx - anchorPx) / LOG_ROW_PX) + around),
  };
}
