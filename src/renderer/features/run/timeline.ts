import type { RunView } from '../../../shared/contract/index.ts';
import type { Rest } from '../../../shared/model/run.ts';
import { formatNumber } from '../../ui/format.ts';
import type { StepRow } from './step-rows.ts';
import { isLeaf, type StepNode } from './step-tree.ts';
import type { Span } from './work-time.ts';

/** The stretch of time that the lanes show. It grows in jumps, so that bars do not creep while a run goes on. */
export interface TimeScale {
  readonly fromAt: number;
  readonly lengthMs: number;
  readonly tickMs: number;
}

const NICE_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3_600_000),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * 86_400_000),
];
const MAX_TICKS = 8;

/** Fits all that happened, and the average when it is not beyond all measure. `nowAt` counts only while the run is open. */
export function timeScaleOf(view: Pick<RunView, 'run' | 'average'>, nowAt: number): TimeScale {
  const { run, average } = view;
  const fromAt = run.startedAt ?? run.createdAt;
  const elapsed = run.startedAt === null ? 0 : Math.max(0, (run.completedAt ?? nowAt) - fromAt);
  const usual = average === null || average.durationMs > elapsed * 20 + 60_000 ? 0 : average.durationMs;
  const isOpen = run.completedAt === null;
  const least = run.startedAt === null ? 60_000 : 20;
  const needed = Math.max(elapsed * (isOpen ? 1.15 : 1.04), usual * 1.18, least);
  const tickMs = NICE_MS.find((tick) => needed / tick <= MAX_TICKS) ?? 365 * 86_400_000;
  // While it is open the end moves by half ticks, afterwards it fits.
  const lengthMs = isOpen ? Math.ceil((needed * 2) / tickMs) * (tickMs / 2) : needed;
  return { fromAt, lengthMs, tickMs };
}

/** A part of the whole time that somebody looks at closer. */
export interface Zoom {
  readonly fromAt: number;
  readonly lengthMs: number;
}

const LEAST_ZOOM_MS = 10;

/** The scale of a part; it stays inside of the whole. */
export function zoomedScale(whole: TimeScale, zoom: Zoom | null): TimeScale {
  if (zoom === null) return whole;
  const lengthMs = Math.min(whole.lengthMs, Math.max(LEAST_ZOOM_MS, zoom.lengthMs));
  const fromAt = Math.min(Math.max(zoom.fromAt, whole.fromAt), whole.fromAt + whole.lengthMs - lengthMs);
  return { fromAt, lengthMs, tickMs: NICE_MS.find((tick) => lengthMs / tick <= MAX_TICKS) ?? whole.tickMs };
}

/** Closer (`factor` < 1) or further; what lies at `percent` stays where it is. Null = all of it is shown again. */
export function zoomBy(whole: TimeScale, shown: TimeScale, factor: number, percent: number): Zoom | null {
  const lengthMs = Math.max(LEAST_ZOOM_MS, shown.lengthMs * factor);
  if (lengthMs >= whole.lengthMs) return null;
  return { fromAt: shown.fromAt + (shown.lengthMs - lengthMs) * (percent / 100), lengthMs };
}

/** A span with a little room on both sides. */
export const zoomTo = ({ fromAt, untilAt }: Span): Zoom => {
  const room = Math.max(LEAST_ZOOM_MS, (untilAt - fromAt) * 0.1);
  return { fromAt: fromAt - room, lengthMs: untilAt - fromAt + 2 * room };
};

export const percentOf = (scale: TimeScale, at: number): number =>
  Math.min(100, Math.max(0, ((at - scale.fromAt) / scale.lengthMs) * 100));

export interface Tick {
  readonly percent: number;
  readonly label: string;
}

/** Ticks at whole steps from the begin of the run, without those that would run into the end. */
export function ticksOf(scale: TimeScale, beginAt = scale.fromAt): readonly Tick[] {
  const ticks: Tick[] = [];
  const offset = scale.fromAt - beginAt;
  for (
    let at = Math.ceil(offset / scale.tickMs) * scale.tickMs;
    at <= offset + scale.lengthMs * 0.96;
    at += scale.tickMs
  )
    ticks.push({ percent: ((at - offset) / scale.lengthMs) * 100, label: clockLabel(at, scale.tickMs) });
  return ticks;
}

/** `0:30`, `1:02:00`; below a second per tick `0.5 s`, below a tenth `20 ms`. */
export function clockLabel(ms: number, tickMs = 1000): string {
  if (tickMs < 100 && ms >= 1) return `${Math.round(ms)} ms`;
  if (tickMs < 1000) return `${formatNumber(Number((ms / 1000).toFixed(3)))} s`;
  const total = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

export type BarKind =
  | 'success'
  | 'running'
  | 'failed'
  | 'in-doubt'
  | 'cancelled'
  | 'waiting'
  | 'queued'
  | 'asleep'
  | 'skipped'
  | 'retry'
  | 'group';

export interface Bar {
  readonly kind: BarKind;
  /** Percent of the lane. */
  readonly left: number;
  readonly width: number;
  /** 1-based attempt, 0 for what is not an attempt. */
  readonly attempt: number;
}

/** When a step was ready and had to wait for its turn, and when nobody drove the run. */
export interface IdleTimes {
  readonly queued: ReadonlyMap<string, Span>;
  readonly rests: readonly Rest[];
}

const NEVER_IDLE: IdleTimes = { queued: new Map(), rests: [] };

const ATTEMPT_KIND = {
  running: 'running',
  completed: 'success',
  failed: 'failed',
  cancelled: 'cancelled',
  in_doubt: 'in-doubt',
} as const;

/** A closed group stands for what is in it. */
const GROUP_KIND: Readonly<Record<StepNode['status'], BarKind>> = {
  pending: 'group',
  running: 'running',
  completed: 'success',
  failed: 'failed',
  skipped: 'group',
  waiting: 'waiting',
  cancelled: 'cancelled',
  in_doubt: 'in-doubt',
};

type MakeBar = (kind: BarKind, fromAt: number, untilAt: number, attempt?: number) => Bar;

/** What stands in a step's lane, drawn in this order. `nowAt` is the end of what still runs. */
export function barsOf(
  scale: TimeScale,
  { node, isOpen }: Pick<StepRow, 'node' | 'isOpen'>,
  nowAt: number,
  idle: IdleTimes = NEVER_IDLE,
): readonly Bar[] {
  const hidden = new Set<Bar>();
  const bar: MakeBar = (kind, fromAt, untilAt, attempt = 0) => {
    const left = percentOf(scale, fromAt);
    const made = { kind, left, width: Math.max(0, percentOf(scale, Math.max(fromAt, untilAt)) - left), attempt };
    if (Math.max(fromAt, untilAt) < scale.fromAt || fromAt > scale.fromAt + scale.lengthMs) hidden.add(made);
    return made;
  };
  const queue = idle.queued.get(node.path);
  const bars = [
    ...(queue === undefined ? [] : [bar('queued', queue.fromAt, queue.untilAt)]),
    ...(isLeaf(node) ? leafBars(node, nowAt, bar) : groupBars(node, isOpen === true, nowAt, bar)),
    ...idleBars(node, nowAt, idle.rests, bar),
  ];
  return bars.filter((one) => !hidden.has(one));
}

function groupBars(node: StepNode, isOpen: boolean, nowAt: number, bar: MakeBar): readonly Bar[] {
  if (node.startedAt === null) return [];
  return [bar(isOpen ? 'group' : GROUP_KIND[node.status], node.startedAt, node.completedAt ?? nowAt)];
}

function leafBars(node: StepNode, nowAt: number, bar: MakeBar): readonly Bar[] {
  const { state } = node;
  if (state === null || node.status === 'pending') return retryBar(node, bar);
  if (node.status === 'skipped') {
    const at = state.completedAt ?? state.startedAt;
    return at === null ? [] : [bar('skipped', at, at)];
  }
  // Taken over from another run: it was done, but not here.
  if (state.attempts.length === 0 && node.status === 'completed' && node.completedAt !== null) {
    return [bar('success', node.completedAt, node.completedAt)];
  }
  const attempts = state.attempts.map((each) =>
    bar(attemptKind(node, each.status), each.startedAt, each.completedAt ?? nowAt, each.attempt),
  );
  if (node.status === 'waiting' && state.retryAt === null) {
    const since = state.attempts.at(-1)?.completedAt ?? state.startedAt;
    return since === null
      ? attempts
      : [...attempts.filter((each) => each.kind !== 'running'), bar('waiting', since, nowAt)];
  }
  return [...attempts, ...retryBar(node, bar)];
}

/** A step that only waits did not work, however it ended. */
const attemptKind = ({ kind }: StepNode, status: keyof typeof ATTEMPT_KIND): BarKind =>
  (kind === 'wait' || kind === 'approval') && (status === 'running' || status === 'completed')
    ? 'waiting'
    : ATTEMPT_KIND[status];

/** Shorter gaps are the engine's own work. */
export const LEAST_IDLE_MS = 1000;

/** Nobody was at work because a person or a time had its turn. */
export const isWait = (why: Rest['why']): boolean => why === 'waiting' || why === 'in_doubt';

/** Over the bar of a step that had begun: when nobody drove the run. */
function idleBars(node: StepNode, nowAt: number, rests: readonly Rest[], bar: MakeBar): readonly Bar[] {
  const { startedAt, completedAt } = node;
  if (startedAt === null || node.status === 'skipped' || node.status === 'in_doubt') return [];
  return rests.flatMap((rest) => {
    const fromAt = Math.max(startedAt, rest.fromAt);
    const untilAt = Math.min(completedAt ?? nowAt, rest.untilAt ?? nowAt);
    const waits = isWait(rest.why);
    if (untilAt - fromAt < LEAST_IDLE_MS || (waits && isLeaf(node))) return [];
    return [bar(waits ? 'waiting' : 'asleep', fromAt, untilAt)];
  });
}

function retryBar(node: StepNode, bar: MakeBar): readonly Bar[] {
  const last = node.state?.attempts.at(-1);
  const retryAt = node.state?.retryAt ?? null;
  const attempts = (node.state?.attempts ?? []).filter(
    (each) => each.completedAt !== null && node.status === 'pending',
  );
  const past = attempts.map((each) =>
    bar(ATTEMPT_KIND[each.status], each.startedAt, each.completedAt ?? each.startedAt),
  );
  return retryAt === null || last?.completedAt == null ? past : [...past, bar('retry', last.completedAt, retryAt)];
}
