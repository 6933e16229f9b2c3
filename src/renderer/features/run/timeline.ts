import type { RunView } from '../../../shared/contract/index.ts';
import type { StepRow } from './step-rows.ts';
import { isLeaf, type StepNode } from './step-tree.ts';

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

export const percentOf = (scale: TimeScale, at: number): number =>
  Math.min(100, Math.max(0, ((at - scale.fromAt) / scale.lengthMs) * 100));

export interface Tick {
  readonly percent: number;
  readonly label: string;
}

/** Ticks from 0, without those that would run into the end. */
export function ticksOf(scale: TimeScale): readonly Tick[] {
  const ticks: Tick[] = [];
  for (let at = 0; at <= scale.lengthMs * 0.96; at += scale.tickMs) {
    ticks.push({ percent: (at / scale.lengthMs) * 100, label: clockLabel(at, scale.tickMs) });
  }
  return ticks;
}

/** `0:30`, `1:02:00`; below a second per tick `0.5`. */
export function clockLabel(ms: number, tickMs = 1000): string {
  if (tickMs < 1000) return `${Number((ms / 1000).toFixed(3))} s`;
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

/** What stands in a step's lane, drawn in this order. `nowAt` is the end of what still runs. */
export function barsOf(
  scale: TimeScale,
  { node, isOpen }: Pick<StepRow, 'node' | 'isOpen'>,
  nowAt: number,
): readonly Bar[] {
  const bar = (kind: BarKind, fromAt: number, untilAt: number, attempt = 0): Bar => {
    const left = percentOf(scale, fromAt);
    return { kind, left, width: Math.max(0, percentOf(scale, Math.max(fromAt, untilAt)) - left), attempt };
  };
  if (!isLeaf(node)) {
    const kind = isOpen === true ? 'group' : GROUP_KIND[node.status];
    return node.startedAt === null ? [] : [bar(kind, node.startedAt, node.completedAt ?? nowAt)];
  }
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
    bar(ATTEMPT_KIND[each.status], each.startedAt, each.completedAt ?? nowAt, each.attempt),
  );
  if (node.status === 'waiting' && state.retryAt === null) {
    const since = state.attempts.at(-1)?.completedAt ?? state.startedAt;
    return since === null
      ? attempts
      : [...attempts.filter((each) => each.kind !== 'running'), bar('waiting', since, nowAt)];
  }
  return [...attempts, ...retryBar(node, bar)];
}

function retryBar(node: StepNode, bar: (kind: BarKind, from: number, until: number) => Bar): readonly Bar[] {
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

/** How often growing bars are drawn anew: as often as they would move by a pixel or so, at most ten times a second. */
export const redrawMsOf = (scale: TimeScale): number => Math.min(1000, Math.max(100, scale.lengthMs / 500));
