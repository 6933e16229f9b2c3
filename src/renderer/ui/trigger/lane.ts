import type { StartLook } from './trigger-marks.tsx';

/** Starts on a line of time that look alike, the first and the last of them in UTC ms. */
export interface LaneSpan {
  readonly look: StartLook;
  readonly from: number;
  readonly until: number;
  readonly count: number;
}

export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** Part of a lane. `left` and `width` are shares of its width, 0 to 1. */
export interface LaneItem {
  readonly kind: 'bar' | 'mark';
  /** Of a mark that stands for several, the one that matters most. */
  readonly look: StartLook;
  readonly left: number;
  readonly width: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Side of a mark, least width of a bar, and below how many pixels two starts grow together. */
const MARK_PX = 14;
const BAR_PX = 4;
const GAP_PX = 3;
/** So many failures after each other are a bar with its number. */
const MANY = 3;

/** What matters most first; the rest is drawn as bars. */
const WEIGHTS: readonly StartLook[] = [
  'in_doubt',
  'failed',
  'waiting',
  'running',
  'refused',
  'open',
  'missed',
  'skipped',
  'paused',
  'late',
  'cancelled',
];
const isBar = (look: StartLook): boolean => look === 'ran' || look === 'planned';

/** Spans that grow together. */
interface Group {
  readonly spans: LaneSpan[];
  readonly look: StartLook;
}

const countOf = ({ spans }: Group): number => spans.reduce((sum, { count }) => sum + count, 0);
const firstOf = ({ spans }: Group): number => spans[0]?.from ?? 0;
const lastOf = ({ spans }: Group): number => spans.reduce((last, { until }) => Math.max(last, until), 0);

/**
 * Starts as bars and marks on a line of `widthPx` pixels: those that went as they should, and those that are planned, grow together
 * where there is no room between them; what went otherwise is a mark of its own on top, and one for several where they would lie on
 * each other. However many starts there are, there are never more parts than the line has room for.
 */
export function layLane(spans: readonly LaneSpan[], range: TimeRange, widthPx: number): readonly LaneItem[] {
  const inside = within(spans, range).toSorted((a, b) => a.from - b.from);
  const msPerPx = (range.until - range.from) / Math.max(1, widthPx);
  const isWide = (group: Group): boolean =>
    countOf(group) >= MANY && lastOf(group) - firstOf(group) >= MARK_PX * msPerPx;
  const streaks = groupBy(inside, (group, { look }) => group.look === look, MARK_PX * msPerPx).filter(
    (group) => group.look === 'failed' && isWide(group),
  );
  const inStreak = new Set(streaks.flatMap((group) => group.spans));
  // Each look for itself: what lies between them is drawn on top.
  const calm = (['ran', 'planned'] as const).flatMap((look) =>
    groupBy(
      inside.filter((span) => span.look === look),
      () => true,
      (BAR_PX + GAP_PX) * msPerPx,
    ),
  );
  const loud = inside.filter((span) => !isBar(span.look) && !inStreak.has(span));
  const marks = groupBy(loud, () => true, MARK_PX * msPerPx);
  const place = (group: Group, kind: LaneItem['kind']): LaneItem => {
    const firstAt = firstOf(group);
    const lastAt = lastOf(group);
    const share = (at: number): number => (at - range.from) / (range.until - range.from);
    const width = kind === 'mark' ? 0 : share(lastAt + BAR_PX * msPerPx) - share(firstAt);
    const left = kind === 'mark' ? share((firstAt + lastAt) / 2) : share(firstAt);
    return { kind, look: group.look, left, width, count: countOf(group), firstAt, lastAt };
  };
  return [
    ...[...calm, ...streaks].map((group) => place(group, 'bar')),
    ...marks.map((group) => place({ ...group, look: heaviest(group.spans) }, 'mark')),
  ];
}

const within = (spans: readonly LaneSpan[], { from, until }: TimeRange): readonly LaneSpan[] =>
  spans.filter((span) => span.until >= from && span.from < until);

function groupBy(
  spans: readonly LaneSpan[],
  belongs: (group: Group, span: LaneSpan) => boolean,
  withinMs: number,
): readonly Group[] {
  const groups: Group[] = [];
  for (const span of spans) {
    const last = groups.at(-1);
    if (
      last !== undefined &&
      span.from - lastOf({ ...last, spans: last.spans.slice(-1) }) < withinMs &&
      belongs(last, span)
    )
      last.spans.push(span);
    else groups.push({ spans: [span], look: span.look });
  }
  return groups;
}

const heaviest = (spans: readonly LaneSpan[]): StartLook =>
  WEIGHTS.find((look) => spans.some((span) => span.look === look)) ?? 'ran';

/** How many starts of a range look how, the calm ones first: the lane in words. */
export function countLooks(spans: readonly LaneSpan[], range: TimeRange): ReadonlyMap<StartLook, number> {
  const counts = new Map<StartLook, number>();
  const inside = within(spans, range);
  for (const look of ['ran', ...WEIGHTS, 'planned'] as const) {
    const count = inside.filter((span) => span.look === look).reduce((sum, span) => sum + span.count, 0);
    if (count > 0) counts.set(look, count);
  }
  return counts;
}
